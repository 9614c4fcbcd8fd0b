package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;

/**
 * The headers that a blob keeps for those who read it; null where absent. {@code x-ms-blob-content-type} and so on.
 *
 * @param contentMd5 16 bytes
 */
public record BlobHeaders(
        String contentType, String contentEncoding, String contentLanguage, String contentDisposition, String cacheControl,
        byte[] contentMd5) implements WireMessage {

    public static final BlobHeaders NONE = new BlobHeaders(null, null, null, null, null, null);
}
