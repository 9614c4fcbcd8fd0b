package io.lazuli.storage.chunk.custody;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.local.BucketDigest;
import io.lazuli.storage.chunk.local.LocalChunks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a node finds out to be missing, without nodes. */
class ComparisonTest {

    @Test
    void onlyHoursThatDifferAndThatTheOtherHasSomethingFromAreLookedInto() {
        List<BucketDigest> mine = List.of(new BucketDigest(0, 5, 1), new BucketDigest(100, 5, 2), new BucketDigest(200, 1, 9));
        List<BucketDigest> theirs = List.of(new BucketDigest(300, 2, 4), new BucketDigest(100, 5, 3), new BucketDigest(0, 5, 1));
        assertEquals(List.of(100L, 300L), BucketComparison.differing(mine, theirs));
        assertEquals(List.of(), BucketComparison.differing(mine, List.of()));
    }

    @Test
    void whatIsMissingIsEstimatedByTheFullestOfTheOthers() {
        List<BucketDigest> mine = List.of(new BucketDigest(0, 5, 1), new BucketDigest(100, 5, 2));
        List<BucketDigest> second = List.of(new BucketDigest(0, 7, 1), new BucketDigest(100, 2, 2));
        List<BucketDigest> third = List.of(new BucketDigest(0, 6, 1), new BucketDigest(200, 4, 2));
        assertEquals(2 + 4, BucketComparison.missingAtLeast(mine, List.of(second, third)));
        assertEquals(0, BucketComparison.missingAtLeast(mine, List.of()));
        assertEquals(10, BucketComparison.chunks(mine));
    }

    @Test
    void theDifferenceOfOrderedPagesIsThatOfSets() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            TreeSet<ChunkId> all = ids(random, random.nextInt(40));
            TreeSet<ChunkId> without = ids(random, random.nextInt(40));
            TreeSet<ChunkId> expected = new TreeSet<>(all);
            expected.removeAll(without);
            List<ChunkId> found = new ArrayList<>();
            new OrderedDifference(all.iterator(), without.iterator()).forEachRemaining(found::add);
            assertEquals(List.copyOf(expected), found);
        }
    }

    private static TreeSet<ChunkId> ids(Random random, int count) {
        TreeSet<ChunkId> ids = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            ids.add(new ChunkId(0, random.nextInt(3), random.nextInt(5) - 2, random.nextInt(3)));
        }
        return ids;
    }

    @Test
    void pagesFollowEachOtherUntilOneIsNotFull() {
        for (int count : new int[] {0, 1, LocalChunks.MAX_PAGE_IDS, LocalChunks.MAX_PAGE_IDS + 1, 3 * LocalChunks.MAX_PAGE_IDS}) {
            PagedIds pages = new PagedIds(last -> {
                List<ChunkId> page = new ArrayList<>();
                for (int i = last == null ? 0 : last.index() + 1; i < count && page.size() < LocalChunks.MAX_PAGE_IDS; i++) {
                    page.add(new ChunkId(0, 0, 0, i));
                }
                return page;
            });
            int next = 0;
            while (pages.hasNext()) {
                assertEquals(next++, pages.next().index());
            }
            assertEquals(count, next);
        }
    }

    @Test
    void fetchingKeepsToItsRateWhateverComesAtOnce() {
        FetchRate rate = new FetchRate(1_000, 0);
        assertEquals(0, rate.waitNanos(0));
        rate.fetched(3_000);
        assertEquals(TimeUnit.SECONDS.toNanos(2), rate.waitNanos(0));
        assertEquals(TimeUnit.SECONDS.toNanos(1), rate.waitNanos(TimeUnit.SECONDS.toNanos(1)));
        assertEquals(0, rate.waitNanos(TimeUnit.SECONDS.toNanos(2)));
        // What was not used for long is not saved up.
        assertEquals(0, rate.waitNanos(TimeUnit.HOURS.toNanos(1)));
        rate.fetched(2_000);
        assertEquals(TimeUnit.SECONDS.toNanos(1), rate.waitNanos(TimeUnit.HOURS.toNanos(1)));
    }
}
