package io.lazuli.storage.partition.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.partition.blob.BlobCommand.SettlePages;
import io.lazuli.storage.partition.blob.BlobCommand.SettlePages.Settled;
import io.lazuli.storage.partition.blob.BlobContent.Pages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A page blob may be made longer and shorter as often as one likes, and every page of it and of its snapshots stays what was written last. The
 * model keeps, for each page, which page of which write it is.
 */
class PageResizingPropertyTest {

    private static final String BLOB = "p";
    private static final int PAGE = BlobLimits.PAGE_BYTES;
    private static final int MAX_PAGES = 6 * PageWindow.WINDOW_BYTES / PAGE;
    private static final int WRITTEN_PAGES = 48;
    private static final int STEPS = 2_000;
    /** Chance may begin anew so often that fewer steps make few cuts needless. */
    private static final int MAX_STEPS = 10 * STEPS;
    private static final int MIN_SETTLED = 10;
    private static final int MAX_SNAPSHOTS = 4;
    private static final int ROWS_AT_A_TIME = 2;

    private final BlobDriver driver = new BlobDriver();
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final TreeMap<Long, long[]> snapshots = new TreeMap<>();
    private long[] model = new long[MAX_PAGES];
    private long nonce;
    private int settled;
    private int mostCuts;

    @Test
    void pagesAreAsWrittenHoweverOftenTheBlobIsResized() {
        int step = 0;
        try {
            driver.done(new BlobCommand.PutPageBlob(BLOB, BlobDriver.DRAFT, (long) MAX_PAGES * PAGE, 0, BlobConditions.NONE, AccountRules.NONE));
            int floor = 0;
            for (; step < STEPS || settled < MIN_SETTLED && step < MAX_STEPS; step++) {
                driver.nowMillis += random.nextInt(100);
                // Ever larger sizes, between which the blob is as long as can be: so each of them is a cut of its own.
                boolean anew = floor + 50 > MAX_PAGES || random.nextInt(1_000) == 0;
                floor = anew ? random.nextInt(MAX_PAGES / 4) : floor + 1 + random.nextInt(40);
                resize(MAX_PAGES);
                if (anew || step == 0) {
                    fill();
                } else {
                    other();
                }
                resize(floor);
                if (step % 4 == 0) {
                    check(model, driver.current(BLOB));
                }
                if (step % 50 == 0) {
                    snapshots.forEach((ticks, pages) -> check(pages, driver.state(BlobRows.snapshotKey(BLOB, ticks))));
                }
            }
            assertTrue(settled >= MIN_SETTLED, settled + " times cuts were made needless");
            assertEquals(PageMap.MAX_CUTS, mostCuts);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", step " + step, e);
        }
    }

    /** What is written now and cut off at once must never come back, however long its windows stay as they are. */
    private void fill() {
        for (int from = 0; from < MAX_PAGES; from += WRITTEN_PAGES) {
            write(++nonce, from, WRITTEN_PAGES);
        }
    }

    private void other() {
        switch (random.nextInt(100)) {
            case 0, 1 -> write(++nonce);
            case 2 -> write(0);
            case 3 -> snapshot();
            case 4 -> driver.tidy(BLOB).ifPresent(driver::done);
            default -> { }
        }
    }

    /** @param number of the write, 0 to clear */
    private void write(long number) {
        if (model.length == 0) {
            return;
        }
        int from = random.nextInt(model.length);
        write(number, from, 1 + random.nextInt(Math.min(model.length - from, 20)));
    }

    private void write(long number, int from, int pages) {
        ChunkRun run = number == 0 ? null : new ChunkRun(1, driver.nowMillis, number, (long) pages * PAGE);
        driver.done(new BlobCommand.WritePages(BLOB, (long) from * PAGE, (long) pages * PAGE, run, null, BlobConditions.NONE));
        for (int i = 0; i < pages; i++) {
            model[from + i] = number == 0 ? 0 : number << 16 | i;
        }
    }

    private void snapshot() {
        long ticks = driver.done(new BlobCommand.Snapshot(BLOB, null, BlobConditions.NONE, AccountRules.NONE)).snapshotTicks();
        snapshots.put(ticks, model.clone());
        if (snapshots.size() > MAX_SNAPSHOTS) {
            long oldest = snapshots.pollFirstEntry().getKey();
            driver.done(driver.delete(new BlobTarget(BLOB, oldest, 0), false, AccountRules.NONE));
        }
    }

    /** As who resizes does it: with everything else between any two steps. */
    private void resize(int pages) {
        BlobCommand.SetPageBlob command = new BlobCommand.SetPageBlob(BLOB, (long) pages * PAGE, null, null, BlobConditions.NONE);
        while (driver.send(command) instanceof BlobReply.Changed) {
            PageSettling settling = PageSettling.of(BLOB, (Pages) driver.current(BLOB).content()).orElseThrow();
            Settled wanted = PageSettling.of(BLOB, (Pages) driver.current(BLOB).content()).orElseThrow().end().settled();
            byte[] from = settling.fromKey();
            while (from != null) {
                List<Map.Entry<byte[], byte[]>> rows = List.copyOf(driver.rows.subMap(from, settling.toKey()).entrySet());
                List<Map.Entry<byte[], byte[]>> some = new ArrayList<>(rows.subList(0, Math.min(rows.size(), ROWS_AT_A_TIME)));
                from = some.size() == rows.size() ? null : Arrays.copyOf(some.getLast().getKey(), some.getLast().getKey().length + 1);
                some.replaceAll(row -> Map.entry(row.getKey(), row.getValue()));
                between(wanted);
                some.forEach(row -> settling.row(row.getKey(), row.getValue()).ifPresent(this::settle));
            }
            between(wanted);
            settle(settling.end());
            settled++;
        }
        model = Arrays.copyOf(model, pages);
        mostCuts = Math.max(mostCuts, ((Pages) driver.current(BLOB).content()).cuts().size());
    }

    private void between(Settled wanted) {
        if (random.nextInt(3) == 0) {
            other();
        } else if (random.nextInt(6) == 0) {
            squeeze(wanted);
        }
    }

    /** Makes new cuts just where others are about to become needless. */
    private void squeeze(Settled wanted) {
        int from = (int) (wanted.from() / PAGE);
        int shorter = from + random.nextInt((int) (wanted.end() / PAGE) - from);
        if (shorter < model.length) {
            resizeAtOnce(shorter);
            resizeAtOnce(MAX_PAGES);
            resizeAtOnce(shorter + random.nextInt(20));
        }
    }

    private void resizeAtOnce(int pages) {
        BlobCommand.SetPageBlob command = new BlobCommand.SetPageBlob(BLOB, (long) pages * PAGE, null, null, BlobConditions.NONE);
        if (driver.send(command) instanceof BlobReply.Done) {
            model = Arrays.copyOf(model, pages);
        }
    }

    private void settle(SettlePages command) {
        String etag = driver.current(BLOB).etag();
        assertInstanceOf(BlobReply.Done.class, driver.send(command));
        assertEquals(etag, driver.current(BLOB).etag(), "nobody notices");
    }

    private void check(long[] expected, BlobState state) {
        Pages content = (Pages) state.content();
        assertEquals((long) expected.length * PAGE, content.lengthBytes());
        long[] found = new long[expected.length];
        for (PageMap.Extent extent : driver.extents(BLOB, content)) {
            for (int i = 0; i < extent.lengthBytes() / PAGE; i++) {
                found[(int) (extent.offset() / PAGE) + i] = extent.run().nonce() << 16 | extent.runOffset() / PAGE + i;
            }
        }
        assertArrayEquals(expected, found);
    }
}
