package io.lazuli.storage.chunk;

import io.lazuli.storage.model.ChunkRun;
import java.nio.ByteBuffer;

/**
 * The runs that rows name, as a Bloom filter: a run that was added is always found, one that was not is found nevertheless at about the
 * rate that the filter was made for, and then its garbage stays until a later pass with another salt. Not safe for several threads while
 * runs are added; any threads may read it after that.
 *
 * <p>Bits are chosen by double hashing (Kirsch and Mitzenmacher, "Less hashing, same performance", 2006) of a salted 64-bit mix.
 */
public final class NamedRuns {

    /** What a filter takes in memory and encoded at most; with more runs than fit, more garbage stays. */
    public static final int MAX_BYTES = 64 << 20;

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 1 + 1 + 8 + 8;
    private static final int MAX_HASHES = 16;

    private final long salt;
    private final int hashes;
    private final long[] words;
    private long added;

    private NamedRuns(long salt, int hashes, long[] words, long added) {
        this.salt = salt;
        this.hashes = hashes;
        this.words = words;
        this.added = added;
    }

    /**
     * @param expectedRuns how many will be added, about
     * @param falsePositives share of runs that were not added and are found nevertheless, above 0 and below 1
     * @param salt random, another one for each pass
     */
    public static NamedRuns sized(long expectedRuns, double falsePositives, long salt) {
        if (expectedRuns < 0 || !(falsePositives > 0 && falsePositives < 1)) {
            throw new IllegalArgumentException("no filter for " + expectedRuns + " runs at " + falsePositives);
        }
        double bitsPerRun = -Math.log(falsePositives) / (Math.log(2) * Math.log(2));
        double bits = Math.max(64, bitsPerRun * Math.max(1, expectedRuns));
        int wordCount = (int) Math.min((MAX_BYTES - HEADER_BYTES) / Long.BYTES, (long) Math.ceil(bits / Long.SIZE));
        int hashes = (int) Math.round(Math.min(MAX_HASHES, Math.max(1, bitsPerRun * Math.log(2))));
        return new NamedRuns(salt, hashes, new long[wordCount], 0);
    }

    /** Of no run at all. */
    public static NamedRuns none() {
        return sized(0, 0.5, 0);
    }

    public void add(ChunkRun run) {
        long hash = hash(run.group(), run.createdMillis(), run.nonce());
        long step = step(hash);
        for (int i = 0; i < hashes; i++) {
            long bit = bit(hash + i * step);
            words[(int) (bit >>> 6)] |= 1L << bit;
        }
        added++;
    }

    /** Adds what another filter of the same salt and size holds. */
    public void addAll(NamedRuns other) {
        if (other.salt != salt || other.hashes != hashes || other.words.length != words.length) {
            throw new IllegalArgumentException("filters of another kind");
        }
        for (int i = 0; i < words.length; i++) {
            words[i] |= other.words[i];
        }
        added += other.added;
    }

    /** Whether the run that this chunk belongs to may have been added. */
    public boolean mayContain(ChunkId id) {
        return mayContain(id.group(), id.createdMillis(), id.nonce());
    }

    public boolean mayContain(int group, long createdMillis, long nonce) {
        long hash = hash(group, createdMillis, nonce);
        long step = step(hash);
        for (int i = 0; i < hashes; i++) {
            long bit = bit(hash + i * step);
            if ((words[(int) (bit >>> 6)] & 1L << bit) == 0) {
                return false;
            }
        }
        return true;
    }

    /** How many were added, repetitions included. */
    public long added() {
        return added;
    }

    public byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + words.length * Long.BYTES);
        bytes.put(VERSION).put((byte) hashes).putLong(salt).putLong(added);
        bytes.asLongBuffer().put(words);
        return bytes.array();
    }

    /** @throws IllegalArgumentException if these bytes are no filter */
    public static NamedRuns decode(byte[] encoded) {
        int words = (encoded.length - HEADER_BYTES) / Long.BYTES;
        if (encoded.length > MAX_BYTES || words < 1 || encoded.length != HEADER_BYTES + words * Long.BYTES || encoded[0] != VERSION
                || encoded[1] < 1 || encoded[1] > MAX_HASHES) {
            throw new IllegalArgumentException("not a filter of runs: " + encoded.length + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(encoded, 2, encoded.length - 2);
        long salt = bytes.getLong();
        long added = bytes.getLong();
        long[] bits = new long[words];
        bytes.asLongBuffer().get(bits);
        return new NamedRuns(salt, encoded[1], bits, added);
    }

    /** Without the bias of a remainder: the upper half of a product is uniform over the filter. */
    private long bit(long hash) {
        return Math.unsignedMultiplyHigh(hash, (long) words.length << 6);
    }

    private long hash(int group, long createdMillis, long nonce) {
        return mix(mix(mix(salt ^ group) ^ createdMillis) ^ nonce);
    }

    /** Odd, so that no two of a run's bits coincide for the step's sake. */
    private static long step(long hash) {
        return mix(hash ^ 0x9E3779B97F4A7C15L) | 1;
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
