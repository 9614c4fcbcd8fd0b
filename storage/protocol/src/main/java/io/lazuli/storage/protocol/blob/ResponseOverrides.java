package io.lazuli.storage.protocol.blob;

import io.lazuli.security.BlobSas;
import io.lazuli.storage.partition.blob.BlobHeaders;

/** Headers of the answer that a shared access signature sets in the place of the blob's. Source: "Create a service SAS", "Override response headers". */
final class ResponseOverrides {

    private ResponseOverrides() {}

    static BlobHeaders apply(BlobCall call, BlobHeaders own) {
        BlobSas.ResponseHeaders signed = call.access().responseHeaders();
        return new BlobHeaders(
                first(signed.contentType(), own.contentType()), first(signed.contentEncoding(), own.contentEncoding()),
                first(signed.contentLanguage(), own.contentLanguage()), first(signed.contentDisposition(), own.contentDisposition()),
                first(signed.cacheControl(), own.cacheControl()), own.contentMd5());
    }

    /** What no header can hold is left out. */
    private static String first(String signed, String own) {
        boolean good = signed != null && !signed.isEmpty() && signed.chars().allMatch(c -> c >= ' ' && c < 0x7F);
        return good ? signed : own;
    }
}
