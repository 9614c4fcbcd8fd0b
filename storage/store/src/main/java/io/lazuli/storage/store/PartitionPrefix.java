package io.lazuli.storage.store;

import io.lazuli.storage.model.PartitionId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes that all row keys of one partition begin with: the kind's code, the name in UTF-8, NUL. No name holds a NUL, so
 * no prefix begins another one, and byte order of row keys is (kind, name, relative key). The group is not part of it: a
 * database holds one group. Usable as a map key.
 */
final class PartitionPrefix {

    /** What follows a prefix's last byte in order: ends the range of a partition's keys. */
    private static final byte AFTER_NUL = 1;

    private final byte[] bytes;
    private final int hash;

    private PartitionPrefix(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    static PartitionPrefix of(PartitionId partition) {
        byte[] name = partition.name().getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[name.length + 2];
        bytes[0] = (byte) partition.kind().code();
        System.arraycopy(name, 0, bytes, 1, name.length);
        return new PartitionPrefix(bytes);
    }

    /** @throws MalformedEntryException if these are not the bytes of a prefix */
    static PartitionPrefix ofBytes(byte[] bytes) {
        boolean wellFormed = bytes.length >= 3 && bytes.length <= PartitionId.MAX_NAME_BYTES + 2
                && bytes[0] >= 'a' && bytes[0] <= 'z' && bytes[bytes.length - 1] == 0;
        for (int i = 1; wellFormed && i < bytes.length - 1; i++) {
            wellFormed = bytes[i] != 0;
        }
        if (!wellFormed) {
            throw new MalformedEntryException("a partition prefix of " + bytes.length + " bytes is not one");
        }
        return new PartitionPrefix(bytes);
    }

    /** Not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    byte[] rowKey(byte[] relativeKey) {
        byte[] key = Arrays.copyOf(bytes, bytes.length + relativeKey.length);
        System.arraycopy(relativeKey, 0, key, bytes.length, relativeKey.length);
        return key;
    }

    byte[] relativeKey(byte[] rowKey) {
        return Arrays.copyOfRange(rowKey, bytes.length, rowKey.length);
    }

    /** The first key behind all keys of the partition. */
    byte[] end() {
        byte[] end = bytes.clone();
        end[end.length - 1] = AFTER_NUL;
        return end;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PartitionPrefix that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
