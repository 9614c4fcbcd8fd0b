package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.StorageCrc64;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The checksums that the blob service answers, of bytes as they come. Not for several threads at once. */
final class ContentDigest {

    /** Null if it is not wanted. */
    private final MessageDigest md5;
    private final StorageCrc64 crc64 = new StorageCrc64();

    ContentDigest(boolean md5Wanted) {
        md5 = md5Wanted ? md5() : null;
    }

    void update(ByteBuffer bytes) {
        if (md5 != null) {
            md5.update(bytes.duplicate());
        }
        crc64.update(bytes);
    }

    /** 16 bytes, null if it is not wanted; to be asked once, at the end. */
    byte[] md5Digest() {
        return md5 == null ? null : md5.digest();
    }

    long crc64Value() {
        return crc64.value();
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
