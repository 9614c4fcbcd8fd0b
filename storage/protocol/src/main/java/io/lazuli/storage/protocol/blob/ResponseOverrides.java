package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.partition.blob.BlobHeaders;

/**
 * Headers of the answer that a shared access signature sets in the place of the blob's; null where it does not. Source: "Create a service SAS",
 * "Override response headers".
 */
record ResponseOverrides(String contentType, String contentEncoding, String contentLanguage, String contentDisposition, String cacheControl) {

    private static final ResponseOverrides NONE = new ResponseOverrides(null, null, null, null, null);

    /** They are part of what is signed, so they count only where the signature does. */
    static ResponseOverrides of(BlobCall call) {
        if (call.parameter("sig") == null || call.header("Authorization") != null) {
            return NONE;
        }
        return new ResponseOverrides(
                text(call, "rsct"), text(call, "rsce"), text(call, "rscl"), text(call, "rscd"), text(call, "rscc"));
    }

    /** What no header can hold is left out. */
    private static String text(BlobCall call, String parameter) {
        String value = call.parameter(parameter);
        return value == null || value.isEmpty() || !value.chars().allMatch(c -> c >= ' ' && c < 0x7F) ? null : value;
    }

    BlobHeaders applyTo(BlobHeaders own) {
        return new BlobHeaders(
                first(contentType, own.contentType()), first(contentEncoding, own.contentEncoding()),
                first(contentLanguage, own.contentLanguage()), first(contentDisposition, own.contentDisposition()),
                first(cacheControl, own.cacheControl()), own.contentMd5());
    }

    private static String first(String override, String own) {
        return override != null ? override : own;
    }
}
