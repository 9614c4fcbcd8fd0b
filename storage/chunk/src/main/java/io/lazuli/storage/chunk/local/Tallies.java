package io.lazuli.storage.chunk.local;

import io.lazuli.storage.chunk.ChunkId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums over the index that are kept in memory: what lies in each extent, and what is held of each group by age. Made anew at every start,
 * exact in between. Takes some 100 bytes per extent and per group and hour in which chunks were written. Any thread.
 */
final class Tallies {

    private final Map<Integer, Extent> extents = new HashMap<>();
    private final Map<Integer, Group> groups = new HashMap<>();
    private long chunkBytes;

    private static final class Extent {

        private long liveBytes;
        private int damaged;
    }

    private static final class Group {

        private long chunks;
        private final TreeMap<Long, Bucket> buckets = new TreeMap<>();
    }

    private static final class Bucket {

        private long chunks;
        private long hash;
    }

    synchronized void add(ChunkId id, IndexEntry entry) {
        count(id, entry, 1);
    }

    synchronized void remove(ChunkId id, IndexEntry entry) {
        count(id, entry, -1);
    }

    /** What the index names of an extent, records as a whole. */
    synchronized long liveBytes(int extent) {
        Extent tally = extents.get(extent);
        return tally == null ? 0 : tally.liveBytes;
    }

    synchronized boolean hasDamaged(int extent) {
        Extent tally = extents.get(extent);
        return tally != null && tally.damaged > 0;
    }

    synchronized long chunkBytes() {
        return chunkBytes;
    }

    synchronized Map<Integer, Long> chunksByGroup() {
        Map<Integer, Long> chunks = new TreeMap<>();
        groups.forEach((group, tally) -> chunks.put(group, tally.chunks));
        return chunks;
    }

    synchronized List<BucketDigest> digests(int group) {
        List<BucketDigest> digests = new ArrayList<>();
        Group tally = groups.get(group);
        if (tally != null) {
            tally.buckets.forEach((from, bucket) -> {
                if (bucket.chunks > 0) {
                    digests.add(new BucketDigest(from, bucket.chunks, bucket.hash));
                }
            });
        }
        return digests;
    }

    private void count(ChunkId id, IndexEntry entry, int sign) {
        Extent extent = extents.computeIfAbsent(entry.extent(), number -> new Extent());
        extent.liveBytes += (long) sign * entry.recordBytes();
        extent.damaged += entry.damaged() ? sign : 0;
        if (extent.liveBytes == 0) {
            extents.remove(entry.extent());
        }
        chunkBytes += (long) sign * entry.lengthBytes();
        Group group = groups.computeIfAbsent(id.group(), number -> new Group());
        group.chunks += sign;
        if (!entry.damaged()) {
            long from = id.createdMillis() - id.createdMillis() % BucketDigest.BUCKET_MILLIS;
            Bucket bucket = group.buckets.computeIfAbsent(from, time -> new Bucket());
            bucket.chunks += sign;
            bucket.hash ^= hash(id);
            if (bucket.chunks == 0) {
                group.buckets.remove(from);
            }
        }
        if (group.chunks == 0) {
            groups.remove(id.group());
        }
    }

    /** Compared between nodes of different versions: never change it. The finalizer of SplitMix64 over the parts of the id. */
    private static long hash(ChunkId id) {
        return mix(mix(mix(id.createdMillis()) ^ id.nonce()) ^ id.index());
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
