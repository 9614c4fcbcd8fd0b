package io.lazuli.storage.protocol.blob;

import io.lazuli.security.SignableRequest;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.TagExpressions;
import io.lazuli.storage.protocol.http.ConditionHeaders;
import io.lazuli.storage.protocol.http.EntityTags;
import java.util.List;

/** The conditions that a request for a blob or container sets. Source: "Specifying conditional headers for Blob service operations". */
final class Conditions {

    private static final List<String> ANY = List.of("*");

    private Conditions() {}

    /** @throws io.lazuli.storage.model.StorageException InvalidHeaderValue if one is not in its form */
    static BlobConditions of(SignableRequest head, long nowMillis) {
        ConditionHeaders standard = ConditionHeaders.of(head, nowMillis);
        return new BlobConditions(
                tags(standard.ifMatch()), tags(standard.ifNoneMatch()), standard.ifModifiedSinceMillis(), standard.ifUnmodifiedSinceMillis(),
                ifTags(head, "x-ms-if-tags"), Heads.guid(head, "x-ms-lease-id"));
    }

    /** Of the lease alone. */
    static BlobConditions ofLease(SignableRequest head) {
        return new BlobConditions(null, null, null, null, null, Heads.guid(head, "x-ms-lease-id"));
    }

    /** Those of a copy's source, {@code x-ms-source-if-match} and so on, and {@code x-ms-source-lease-id}. */
    static BlobConditions ofSource(SignableRequest head, long nowMillis) {
        ConditionHeaders source = ConditionHeaders.ofSource(head, nowMillis);
        return new BlobConditions(
                tags(source.ifMatch()), tags(source.ifNoneMatch()), source.ifModifiedSinceMillis(), source.ifUnmodifiedSinceMillis(),
                ifTags(head, "x-ms-source-if-tags"), Heads.guid(head, "x-ms-source-lease-id"));
    }

    /** The same conditions, and that nothing is there yet. */
    static BlobConditions ifAbsent(BlobConditions conditions) {
        return new BlobConditions(
                conditions.ifMatch(), ANY, conditions.ifModifiedSinceMillis(), conditions.ifUnmodifiedSinceMillis(), conditions.ifTags(),
                conditions.leaseId());
    }

    private static String ifTags(SignableRequest head, String name) {
        String text = head.header(name);
        if (text == null || text.isBlank()) {
            return null;
        }
        TagExpressions.ofCondition(text);
        return text;
    }

    private static List<String> tags(EntityTags tags) {
        return tags == null ? null : tags.any() ? ANY : tags.tags();
    }
}
