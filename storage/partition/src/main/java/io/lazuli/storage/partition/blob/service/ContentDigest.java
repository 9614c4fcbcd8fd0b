package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.StorageCrc64;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Both checksums that the blob service answers, of bytes as they come. Not for several threads at once. */
final class ContentDigest {

    private final MessageDigest md5 = md5();
    private final StorageCrc64 crc64 = new StorageCrc64();

    void update(ByteBuffer bytes) {
        md5.update(bytes.duplicate());
        crc64.update(bytes);
    }

    /** 16 bytes; to be asked once, at the end. */
    byte[] md5Digest() {
        return md5.digest();
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
