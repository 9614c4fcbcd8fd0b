package io.lazuli.storage.protocol.blob;

import io.lazuli.security.SignableRequest;
import io.lazuli.storage.model.StorageCrc64;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobService.Received;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceVersion;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/**
 * The digests of its body that a request says, against those of what came. Null where it says none. Source: "Put Blob", "Put Block" and
 * their like ({@code Content-MD5}, {@code x-ms-content-crc64}).
 */
record BodyDigests(byte[] md5, byte[] crc64) {

    static final String CRC64_VERSION = "2019-02-02";

    /** @throws StorageException InvalidMd5, InvalidHeaderValue; InvalidInput if both are said */
    static BodyDigests of(SignableRequest head) {
        return of(head, "Content-MD5", "x-ms-content-crc64");
    }

    /** Those of a source's bytes. */
    static BodyDigests ofSource(SignableRequest head) {
        return of(head, "x-ms-source-content-md5", "x-ms-source-content-crc64");
    }

    private static BodyDigests of(SignableRequest head, String md5Name, String crc64Name) {
        if (head.header("x-ms-structured-body") != null) {
            throw new StorageException(StorageErrorCode.UNSUPPORTED_HEADER, Map.of("HeaderName", "x-ms-structured-body"));
        }
        byte[] md5 = Heads.base64(head, md5Name, DraftHeaders.MD5_BYTES, StorageErrorCode.INVALID_MD5);
        byte[] crc64 = Heads.base64(head, crc64Name, StorageCrc64.BYTES, StorageErrorCode.INVALID_HEADER_VALUE);
        if (md5 != null && crc64 != null) {
            throw new StorageException(StorageErrorCode.INVALID_INPUT, Map.of("Reason", "Only one of " + md5Name + " and " + crc64Name + " may be given."));
        }
        return new BodyDigests(md5, crc64);
    }

    /** @throws StorageException Md5Mismatch, Crc64Mismatch */
    void check(Received received) {
        check(received.md5(), StorageCrc64.bytes(received.crc64()));
    }

    private void check(byte[] actualMd5, byte[] actualCrc64) {
        if (md5 != null && !Arrays.equals(md5, actualMd5)) {
            throw new StorageException(StorageErrorCode.MD5_MISMATCH, Map.of(
                    "UserSpecifiedMd5", base64(md5), "ServerCalculatedMd5", base64(actualMd5)));
        }
        if (crc64 != null && !Arrays.equals(crc64, actualCrc64)) {
            throw new StorageException(StorageErrorCode.CRC64_MISMATCH, Map.of(
                    "UserSpecifiedCrc", base64(crc64), "ServerCalculatedCrc", base64(actualCrc64)));
        }
    }

    /** The digests of a body that was held whole. @throws StorageException Md5Mismatch, Crc64Mismatch */
    Received checked(byte[] body) {
        Received received = new Received(null, body.length, newMd5().digest(body), StorageCrc64.of(body));
        check(received);
        return received;
    }

    /** Whether checking or answering takes the MD5 of what comes, which is not computed for nothing. */
    boolean needMd5(ServiceVersion version) {
        return md5 != null || !version.isSince(CRC64_VERSION);
    }

    /** What the answer says of the bytes that came: the checksum that was asked for, and the service's own. */
    Reply write(Received received, ServiceVersion version, Reply reply) {
        if (needMd5(version)) {
            reply.header("Content-MD5", base64(received.md5()));
        }
        return version.isSince(CRC64_VERSION) ? reply.header("x-ms-content-crc64", base64(StorageCrc64.bytes(received.crc64()))) : reply;
    }

    static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
