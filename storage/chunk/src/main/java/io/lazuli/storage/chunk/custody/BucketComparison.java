package io.lazuli.storage.chunk.custody;

import io.lazuli.storage.chunk.local.BucketDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the digests of several nodes say about one of them. Pure. */
final class BucketComparison {

    private BucketComparison() {}

    /** Buckets of {@code theirs} that may hold chunks that {@code mine} lack, by their first millisecond, oldest first. */
    static List<Long> differing(List<BucketDigest> mine, List<BucketDigest> theirs) {
        Map<Long, BucketDigest> own = byTime(mine);
        List<Long> differing = new ArrayList<>();
        for (BucketDigest digest : theirs) {
            if (!digest.equals(own.get(digest.fromMillis()))) {
                differing.add(digest.fromMillis());
            }
        }
        differing.sort(null);
        return differing;
    }

    /** How many chunks are missing here at the least: by bucket, what the fullest of the others has more. */
    static long missingAtLeast(List<BucketDigest> mine, Collection<List<BucketDigest>> others) {
        Map<Long, Long> most = new HashMap<>();
        for (List<BucketDigest> theirs : others) {
            theirs.forEach(digest -> most.merge(digest.fromMillis(), digest.chunks(), Math::max));
        }
        Map<Long, BucketDigest> own = byTime(mine);
        long missing = 0;
        for (Map.Entry<Long, Long> bucket : most.entrySet()) {
            BucketDigest held = own.get(bucket.getKey());
            missing += Math.max(0, bucket.getValue() - (held == null ? 0 : held.chunks()));
        }
        return missing;
    }

    static long chunks(List<BucketDigest> digests) {
        return digests.stream().mapToLong(BucketDigest::chunks).sum();
    }

    private static Map<Long, BucketDigest> byTime(List<BucketDigest> digests) {
        Map<Long, BucketDigest> byTime = new HashMap<>();
        digests.forEach(digest -> byTime.put(digest.fromMillis(), digest));
        return byTime;
    }
}
