package io.lazuli.storage.protocol.http;

import io.lazuli.security.HttpDates;
import io.lazuli.security.SignableRequest;
import java.util.List;
import java.util.OptionalLong;

/**
 * The conditions that a request sets, read in one place for all services; null where a header is absent. Source: "Specifying
 * conditional headers", RFC 9110, 13.1.
 */
public record ConditionHeaders(EntityTags ifMatch, EntityTags ifNoneMatch, Long ifModifiedSinceMillis, Long ifUnmodifiedSinceMillis) {

    private static final String IF_MATCH = "If-Match";
    private static final String IF_NONE_MATCH = "If-None-Match";
    private static final String IF_MODIFIED_SINCE = "If-Modified-Since";
    private static final String IF_UNMODIFIED_SINCE = "If-Unmodified-Since";
    private static final List<String> NAMES = List.of(IF_MATCH, IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE);

    /** Whether the request sets any, right or wrong. */
    public static boolean arePresent(SignableRequest request) {
        for (String name : NAMES) {
            if (request.header(name) != null) {
                return true;
            }
        }
        return false;
    }

    /**
     * @param nowMillis by which years of two digits are understood
     * @throws io.lazuli.storage.model.StorageException InvalidHeaderValue if one of them is not in its form
     */
    public static ConditionHeaders of(SignableRequest request, long nowMillis) {
        return of(request, "", nowMillis);
    }

    /** The conditions on a copy's source: {@code x-ms-source-if-match} and so on. */
    public static ConditionHeaders ofSource(SignableRequest request, long nowMillis) {
        return of(request, "x-ms-source-", nowMillis);
    }

    private static ConditionHeaders of(SignableRequest request, String prefix, long nowMillis) {
        return new ConditionHeaders(
                tags(IF_MATCH, request.header(prefix + IF_MATCH)),
                tags(IF_NONE_MATCH, request.header(prefix + IF_NONE_MATCH)),
                date(IF_MODIFIED_SINCE, request.header(prefix + IF_MODIFIED_SINCE), nowMillis),
                date(IF_UNMODIFIED_SINCE, request.header(prefix + IF_UNMODIFIED_SINCE), nowMillis));
    }

    private static EntityTags tags(String name, String text) {
        try {
            return text == null ? null : EntityTags.parse(text);
        } catch (IllegalArgumentException e) {
            throw BadRequests.invalidHeader(name, text);
        }
    }

    private static Long date(String name, String text, long nowMillis) {
        if (text == null) {
            return null;
        }
        OptionalLong millis = HttpDates.parseAnyForm(text, nowMillis);
        if (millis.isEmpty()) {
            throw BadRequests.invalidHeader(name, text);
        }
        return millis.getAsLong();
    }
}
