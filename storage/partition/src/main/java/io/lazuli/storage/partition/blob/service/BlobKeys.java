package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobRows;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Keys of rows as places: of ranges, of scans, and of scans to be continued. */
final class BlobKeys {

    private static final int MAX_MARKER_CHARS = 8 << 10;

    private BlobKeys() {}

    /** What ranges know a row by: its key without the tag. */
    static byte[] ofRow(byte[] rowKey) {
        return Arrays.copyOfRange(rowKey, 1, rowKey.length);
    }

    static byte[] ofBlob(String blob) {
        return ofRow(BlobRows.currentKey(blob));
    }

    /** The first key of index rows behind all blobs whose names begin so; the end of all if the prefix is empty. */
    static byte[] behindPrefix(String prefix) {
        if (prefix.isEmpty()) {
            return BlobRows.indexEnd();
        }
        // No byte of UTF-8 is 0xFF, so the next one exists.
        byte[] key = BlobRows.from(prefix);
        key[key.length - 1]++;
        return key;
    }

    static byte[] later(byte[] one, byte[] other) {
        return Arrays.compareUnsigned(one, other) >= 0 ? one : other;
    }

    /** The place of an index row as the text that a client sends back to go on there. */
    static String marker(byte[] rowKey) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(ofRow(rowKey));
    }

    /** @throws StorageException InvalidMarker if that is none */
    static byte[] ofMarker(String marker) {
        try {
            if (marker.length() > MAX_MARKER_CHARS) {
                throw new StorageException(StorageErrorCode.INVALID_MARKER);
            }
            byte[] key = Base64.getUrlDecoder().decode(marker.getBytes(StandardCharsets.UTF_8));
            byte[] begin = BlobRows.from("");
            byte[] rowKey = Arrays.copyOf(begin, begin.length + key.length);
            System.arraycopy(key, 0, rowKey, begin.length, key.length);
            return rowKey;
        } catch (IllegalArgumentException e) {
            throw new StorageException(StorageErrorCode.INVALID_MARKER);
        }
    }
}
