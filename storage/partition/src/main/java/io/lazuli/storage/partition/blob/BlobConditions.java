package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;
import java.util.List;

/**
 * What must hold for an operation to be done; null where a condition is absent. Source: "Specifying conditional headers for Blob service
 * operations".
 *
 * @param ifMatch entity tags with their quotation marks; one of them {@code *} stands for any
 * @param ifTags a tag expression ({@link TagExpression}), already found well-formed
 * @param leaseId in lower case, null if none was given
 */
public record BlobConditions(
        List<String> ifMatch, List<String> ifNoneMatch, Long ifModifiedSinceMillis, Long ifUnmodifiedSinceMillis, String ifTags,
        String leaseId) implements WireMessage {

    public static final BlobConditions NONE = new BlobConditions(null, null, null, null, null, null);
}
