package io.lazuli.storage.partition.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.partition.blob.BlobCommand.Delete.DeleteSnapshots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random histories of one blob against a naive model that copies all bytes of every state: what is read of the current state, of each snapshot and
 * each version stays the same, whatever shares rows; what is deleted for good leaves no rows behind.
 */
class BlobHistoryPropertyTest {

    private static final String BLOB = "b";
    private static final int HISTORIES = 16;
    private static final int STEPS = 150;

    /** A state as the model knows it. */
    private static final class Copy {

        private BlobKind kind;
        private byte[] bytes;
        private long version;
        private boolean isVersion;
        private long deletedMillis;
        private int retentionDays;

        private Copy with(byte[] newBytes) {
            Copy copy = new Copy();
            copy.kind = kind;
            copy.bytes = newBytes;
            copy.version = version;
            copy.isVersion = isVersion;
            copy.deletedMillis = deletedMillis;
            copy.retentionDays = retentionDays;
            return copy;
        }

        private boolean deleted() {
            return deletedMillis != 0;
        }

        private boolean over(long nowMillis) {
            return deleted() && deletedMillis + retentionDays * BlobDriver.DAY_MILLIS <= nowMillis;
        }
    }

    private final BlobDriver driver = new BlobDriver();
    private Copy current;
    private final TreeMap<Long, Copy> snapshots = new TreeMap<>();
    private final TreeMap<Long, Copy> versions = new TreeMap<>();
    private List<BlockRef> uncommitted = new ArrayList<>();
    private AccountRules rules = AccountRules.NONE;
    private Random random;

    @Test
    void everyStateIsReadAsItWasWritten() {
        long seed = new Random().nextLong();
        for (int i = 0; i < HISTORIES; i++) {
            new BlobHistoryPropertyTest().history(seed + i);
        }
    }

    private void history(long seed) {
        random = new Random(seed);
        int step = 0;
        try {
            for (; step < STEPS; step++) {
                if (random.nextInt(8) == 0) {
                    rules = new AccountRules(random.nextInt(3) == 0, random.nextBoolean() ? random.nextInt(4) : 0);
                }
                driver.nowMillis += random.nextInt(1_000) + (random.nextInt(12) == 0 ? BlobDriver.DAY_MILLIS : 0);
                step();
                check();
            }
            rules = AccountRules.NONE;
            end();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", step " + step, e);
        }
    }

    private void step() {
        switch (random.nextInt(14)) {
            case 0 -> overwrite(BlobKind.values()[random.nextInt(3)]);
            case 1 -> resize();
            case 2 -> putBlock();
            case 3 -> commit();
            case 4, 5, 6, 7 -> writePart();
            case 8 -> snapshot();
            case 9 -> delete();
            case 10 -> deleteAside();
            case 11 -> undelete();
            case 12 -> metadata();
            case 13 -> tidy();
            default -> throw new IllegalStateException();
        }
    }

    private void overwrite(BlobKind kind) {
        byte[] bytes = kind == BlobKind.BLOCK ? random(random.nextInt(50)) : kind == BlobKind.PAGE ? new byte[pageSize()] : new byte[0];
        BlobReply.Done done = driver.done(switch (kind) {
            case BLOCK -> new BlobCommand.PutBlockBlob(BLOB, BlobDriver.DRAFT,
                    bytes.length > 0 && random.nextBoolean() ? new NewContent.Stored(driver.run(bytes)) : new NewContent.Inline(bytes),
                    BlobConditions.NONE, rules);
            case APPEND -> new BlobCommand.PutAppendBlob(BLOB, BlobDriver.DRAFT, BlobConditions.NONE, rules);
            case PAGE -> new BlobCommand.PutPageBlob(BLOB, BlobDriver.DRAFT, bytes.length, 0, BlobConditions.NONE, rules);
        });
        replaced(kind, bytes, done);
    }

    /** Keeps the former state as the account's rules say. */
    private void replaced(BlobKind kind, byte[] bytes, BlobReply.Done done) {
        if (exists() && (rules.versioning() || current.isVersion)) {
            keepVersion();
        } else if (current != null && (current.deleted() || rules.deleteRetentionDays() > 0)) {
            Copy kept = current.with(current.bytes);
            markDeleted(kept);
            snapshots.put(driver.snapshots(BLOB).getLast(), kept);
        }
        current = new Copy();
        current.kind = kind;
        current.bytes = bytes;
        numbered(done);
        uncommitted = new ArrayList<>();
    }

    private void keepVersion() {
        versions.put(current.version, current.with(current.bytes));
    }

    private void numbered(BlobReply.Done done) {
        current.isVersion = rules.versioning();
        current.version = rules.versioning() ? done.state().versionTicks() : done.state().modifiedTicks();
    }

    private void markDeleted(Copy copy) {
        if (!copy.deleted()) {
            copy.deletedMillis = driver.nowMillis;
            copy.retentionDays = rules.deleteRetentionDays();
        }
    }

    private void putBlock() {
        if (exists() && current.kind != BlobKind.BLOCK) {
            return;
        }
        BlockRef block = driver.block("" + random.nextInt(10), "block " + random.nextInt());
        driver.done(new BlobCommand.PutBlock(BLOB, block, BlobConditions.NONE));
        uncommitted.removeIf(other -> Arrays.equals(other.id(), block.id()));
        uncommitted.add(block);
    }

    private void commit() {
        if (exists() && current.kind != BlobKind.BLOCK) {
            return;
        }
        List<BlockRef> chosen = new ArrayList<>(uncommitted);
        if (exists() && driver.current(BLOB).content() instanceof BlobContent.Blocks blocks) {
            chosen.addAll(driver.blocks(BLOB, blocks));
        }
        chosen = chosen.subList(0, Math.min(chosen.size(), 60));
        BlobReply.Done done = driver.done(
                new BlobCommand.CommitBlocks(BLOB, BlobDriver.DRAFT, chosen, driver.changeOf(BLOB), BlobConditions.NONE, rules));
        byte[] bytes = new byte[0];
        for (BlockRef block : chosen) {
            bytes = concat(bytes, driver.runs.get(block.run()));
        }
        replaced(BlobKind.BLOCK, bytes, done);
    }

    private void writePart() {
        if (!exists()) {
            return;
        }
        switch (current.kind) {
            case BLOCK -> { }
            case APPEND -> {
                for (int i = random.nextInt(40); i >= 0; i--) {
                    byte[] more = random(1 + random.nextInt(9));
                    BlobReply.Done done =
                            driver.done(new BlobCommand.AppendBlock(BLOB, driver.run(more), (long) current.bytes.length, null, BlobConditions.NONE));
                    assertEquals(current.bytes.length, done.appendOffset());
                    current.bytes = concat(current.bytes, more);
                    modified(done);
                }
            }
            case PAGE -> {
                if (current.bytes.length > 0) {
                    writePages();
                }
            }
        }
    }

    private void resize() {
        for (int i = random.nextInt(3); i >= 0 && exists() && current.kind == BlobKind.PAGE; i--) {
            int size = pageSize();
            modified(driver.done(new BlobCommand.SetPageBlob(BLOB, (long) size, null, null, BlobConditions.NONE)));
            current.bytes = Arrays.copyOf(current.bytes, size);
        }
    }

    private void writePages() {
        int pages = current.bytes.length / BlobLimits.PAGE_BYTES;
        int from = random.nextInt(pages) * BlobLimits.PAGE_BYTES;
        int most = Math.min(BlobLimits.MAX_PAGES_BYTES, current.bytes.length - from) / BlobLimits.PAGE_BYTES;
        int length = (random.nextInt(6) == 0 ? most : 1 + random.nextInt(Math.min(most, 8))) * BlobLimits.PAGE_BYTES;
        byte[] written = random.nextInt(3) == 0 ? null : random(length);
        modified(driver.done(new BlobCommand.WritePages(
                BLOB, from, length, written == null ? null : driver.run(written), null, BlobConditions.NONE)));
        current.bytes = current.bytes.clone();
        System.arraycopy(written == null ? new byte[length] : written, 0, current.bytes, from, length);
    }

    /** A state that is no version will be known by when it was last written. */
    private void modified(BlobReply.Done done) {
        if (!current.isVersion) {
            current.version = done.state().modifiedTicks();
        }
    }

    private void snapshot() {
        if (!exists()) {
            return;
        }
        BlobReply.Done done = driver.done(new BlobCommand.Snapshot(BLOB, null, BlobConditions.NONE, rules));
        snapshots.put(done.snapshotTicks(), current.with(current.bytes));
        if (rules.versioning()) {
            keepVersion();
            current.isVersion = true;
            current.version = done.versionTicks();
        }
    }

    private void delete() {
        DeleteSnapshots which = DeleteSnapshots.values()[random.nextInt(3)];
        boolean present = snapshots.values().stream().anyMatch(copy -> !copy.deleted());
        if (!exists() || which == DeleteSnapshots.NONE && present) {
            return;
        }
        driver.done(driver.delete(BLOB, which, rules));
        if (which != DeleteSnapshots.NONE) {
            removeAll(snapshots);
        }
        if (which == DeleteSnapshots.ONLY) {
            return;
        }
        uncommitted = new ArrayList<>();
        if (rules.versioning() || current.isVersion) {
            keepVersion();
            current = null;
        } else if (rules.deleteRetentionDays() > 0) {
            markDeleted(current);
        } else {
            current = null;
        }
    }

    private void removeAll(TreeMap<Long, Copy> states) {
        if (rules.deleteRetentionDays() > 0) {
            states.values().forEach(this::markDeleted);
        } else {
            states.values().removeIf(copy -> !copy.deleted());
        }
    }

    private void deleteAside() {
        boolean ofSnapshots = random.nextBoolean();
        TreeMap<Long, Copy> states = ofSnapshots ? snapshots : versions;
        if (states.isEmpty()) {
            return;
        }
        long ticks = states.keySet().stream().skip(random.nextInt(states.size())).findFirst().orElseThrow();
        Copy copy = states.get(ticks);
        BlobTarget target = new BlobTarget(BLOB, ofSnapshots ? ticks : 0, ofSnapshots ? 0 : ticks);
        driver.done(driver.delete(target, copy.deleted(), rules));
        if (copy.deleted() || rules.deleteRetentionDays() == 0) {
            states.remove(ticks);
        } else {
            markDeleted(copy);
        }
    }

    private void undelete() {
        driver.send(driver.undelete(BLOB));
        List<Copy> all = new ArrayList<>(snapshots.values());
        all.addAll(versions.values());
        if (current != null) {
            all.add(current);
        }
        all.stream().filter(copy -> !copy.over(driver.nowMillis)).forEach(copy -> copy.deletedMillis = 0);
    }

    private void metadata() {
        if (!exists()) {
            return;
        }
        BlobReply.Done done = driver.done(
                new BlobCommand.SetMetadata(BLOB, Map.of("n", "" + random.nextInt()), BlobConditions.NONE, rules));
        if (rules.versioning() || current.isVersion) {
            keepVersion();
        }
        numbered(done);
    }

    private void tidy() {
        driver.tidy(BLOB).ifPresent(driver::done);
        long now = driver.nowMillis;
        snapshots.values().removeIf(copy -> copy.over(now));
        versions.values().removeIf(copy -> copy.over(now));
        if (current != null && current.over(now)) {
            current = null;
        }
        assertTrue(driver.tidy(BLOB).isEmpty(), "one pass does it");
        checkNoOrphans();
    }

    private void end() {
        driver.nowMillis += 10 * BlobDriver.DAY_MILLIS;
        tidy();
        for (boolean ofSnapshots : List.of(true, false)) {
            for (long ticks : List.copyOf((ofSnapshots ? snapshots : versions).keySet())) {
                driver.done(driver.delete(new BlobTarget(BLOB, ofSnapshots ? ticks : 0, ofSnapshots ? 0 : ticks), false, rules));
            }
        }
        snapshots.clear();
        versions.clear();
        if (exists()) {
            driver.done(driver.delete(BLOB, DeleteSnapshots.NONE, rules));
            versions.keySet().removeIf(ticks -> true);
            for (long ticks : driver.versions(BLOB)) {
                driver.done(driver.delete(new BlobTarget(BLOB, 0, ticks), false, rules));
            }
        }
        current = null;
        driver.tidy(BLOB).ifPresent(driver::done);
        assertTrue(driver.rows.isEmpty(), () -> "left behind: " + driver.rows.keySet().stream().map(BlobRows::parse).toList());
    }

    private boolean exists() {
        return current != null && !current.deleted();
    }

    private void check() {
        BlobState state = driver.current(BLOB);
        if (current == null) {
            assertTrue(state == null || !state.hasContent(), "there is none");
        } else {
            checkState(current, state);
            assertEquals(exists(), state.exists());
            long present = snapshots.values().stream().filter(copy -> !copy.deleted()).count();
            assertEquals(current.deleted() ? 0 : present, current.deleted() ? 0 : state.snapshotCount());
        }
        assertEquals(List.copyOf(snapshots.keySet()), driver.snapshots(BLOB));
        assertEquals(List.copyOf(versions.keySet()), driver.versions(BLOB));
        snapshots.forEach((ticks, copy) -> checkState(copy, driver.state(BlobRows.snapshotKey(BLOB, ticks))));
        versions.forEach((ticks, copy) -> checkState(copy, driver.state(BlobRows.versionKey(BLOB, ticks))));
    }

    private void checkState(Copy expected, BlobState state) {
        assertEquals(expected.kind, state.kind());
        assertEquals(expected.deleted(), state.deleted() != null);
        assertEquals(expected.bytes.length, state.lengthBytes());
        assertArrayEquals(expected.bytes, driver.bytes(state));
    }

    private void checkNoOrphans() {
        Set<Long> named = new HashSet<>();
        driver.rows.forEach((key, value) -> {
            if (BlobRows.isState(key)) {
                named.add(BlobRows.state(key, value).content().contentId());
            }
        });
        driver.rows.keySet().forEach(key -> {
            Long content = switch (BlobRows.parse(key)) {
                case BlobRowKey.Segment row -> row.contentId();
                case BlobRowKey.Pages row -> row.contentId();
                case BlobRowKey.InlineBytes row -> row.contentId();
                default -> null;
            };
            assertTrue(content == null || named.contains(content), () -> "nobody names " + BlobRows.parse(key));
        });
    }

    private int pageSize() {
        return random.nextInt(5) == 0 ? 0 : (1 + random.nextInt(3_000)) * BlobLimits.PAGE_BYTES;
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
