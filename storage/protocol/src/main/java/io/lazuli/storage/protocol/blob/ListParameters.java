package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.ServiceVersion;
import io.lazuli.storage.protocol.service.Parameters;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What every list of containers or blobs is asked with. Source: "List Containers", "List Blobs".
 *
 * @param rawMarker, rawMaxResults as they were sent, null if they were not
 * @param delimiter null if none
 * @param maxResults 1 to {@value #MAX_RESULTS}
 */
record ListParameters(ServiceVersion version, String prefix, String delimiter, String rawMarker, String rawMaxResults, int maxResults) {

    static final int MAX_RESULTS = 5_000;

    /** Longer than any that we gave. */
    static final int MAX_MARKER_CHARS = 8 * 1024;

    private static final int MAX_PREFIX_CHARS = 1_024;

    static ListParameters read(ServiceRequest request) {
        String delimiter = Parameters.optional(request, "delimiter", MAX_PREFIX_CHARS);
        return new ListParameters(
                request.version(),
                Parameters.optional(request, "prefix", MAX_PREFIX_CHARS),
                delimiter.isEmpty() ? null : delimiter,
                request.query().first("marker"),
                request.query().first("maxresults"),
                Math.min(MAX_RESULTS, Parameters.numberWithin(request, "maxresults", 1, Integer.MAX_VALUE, MAX_RESULTS)));
    }

    /** The parts of {@code include}, in lower case. @throws io.lazuli.storage.model.StorageException InvalidQueryParameterValue unless all are known */
    static Set<String> include(ServiceRequest request, Set<String> known) {
        String text = request.query().first("include");
        Set<String> parts = new HashSet<>();
        for (String part : text == null || text.isEmpty() ? new String[0] : text.split(",", -1)) {
            String name = part.trim().toLowerCase(Locale.ROOT);
            if (!known.contains(name)) {
                throw BadRequests.invalidParameter("include", text, "must be of " + String.join(", ", known.stream().sorted().toList()));
            }
            parts.add(name);
        }
        return parts;
    }

    /** The marker in clear, null if there is none. @throws io.lazuli.storage.model.StorageException InvalidQueryParameterValue unless we gave it */
    String marker() {
        if (rawMarker == null || rawMarker.isEmpty()) {
            return null;
        }
        try {
            if (rawMarker.length() <= MAX_MARKER_CHARS) {
                return new String(Base64.getUrlDecoder().decode(rawMarker), StandardCharsets.UTF_8);
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw BadRequests.invalidParameter("marker", rawMarker.substring(0, Math.min(100, rawMarker.length())), "is none that an answer had");
    }

    /** A marker as clients see it: names may hold what XML cannot. @param next null at the end */
    static String opaque(String next) {
        return next == null ? "" : Base64.getUrlEncoder().withoutPadding().encodeToString(next.getBytes(StandardCharsets.UTF_8));
    }

    /** Repeats what was asked. */
    void echo(XmlWriter xml) {
        if (!prefix.isEmpty()) {
            xml.element("Prefix", prefix);
        }
        if (rawMarker != null) {
            xml.element("Marker", rawMarker);
        }
        if (rawMaxResults != null) {
            xml.element("MaxResults", maxResults);
        }
        if (delimiter != null) {
            xml.element("Delimiter", delimiter);
        }
    }
}
