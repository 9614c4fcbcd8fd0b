package io.lazuli.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Fencing, order, exact replay and replacement of one replica's state. */
class RowStateMachineTest {

    private static final PartitionPrefix P = PartitionPrefix.of(new PartitionId(0, PartitionKind.QUEUE, "p"));
    private static final PartitionPrefix Q = PartitionPrefix.of(new PartitionId(0, PartitionKind.QUEUE, "q"));

    private static final byte[] KEY = {'k'};

    @TempDir
    Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private RocksResources resources;
    private RowStateMachine machine;

    @BeforeEach
    void open() throws IOException {
        resources = new RocksResources(TestSettings.of("lazuli.store.write-buffers = 8 MiB"));
        machine = open(directory.resolve("rows"));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable machine : opened) {
            machine.close();
        }
        resources.close();
    }

    @Test
    void anEpochClaimedInTheSameRunFencesWhatFollowsIt() {
        machine.apply(1, entry(EntryFormat.claim(P)));
        List<ItemResult> results = apply(2, batch(P, 1, 1, "a", "1"), EntryFormat.claim(P), batch(P, 1, 2, "a", "2"), batch(P, 2, 1, "b", "3"));
        machine.flushApplied();
        assertEquals(List.of("APPLIED 0", "CLAIMED 2", "FENCED 2", "APPLIED 0"), texts(results));
        assertEquals("1", get(P, "a"));
        assertEquals("3", get(P, "b"));
    }

    @Test
    void aPageAndSingleRowsAreReadAsOfOneMoment() throws Exception {
        RowDatabase database = RowDatabase.open(directory.resolve("moment"), resources);
        opened.add(database);
        put(database, "before");
        byte[] end = {'z'};
        List<String> seen = database.atOneMoment(rows -> {
            String page = text(rows.scan(KEY, end, 10, 1000, false).rows().getFirst().value());
            put(database, "between");
            return List.of(page, text(rows.get(KEY)), text(rows.scan(KEY, end, 10, 1000, true).rows().getFirst().value()));
        });
        assertEquals(List.of("before", "before", "before"), seen);
        assertEquals("between", text(database.get(KEY)));
    }

    private static void put(RowDatabase database, String value) {
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(KEY, value.getBytes(StandardCharsets.UTF_8));
            database.write(batch);
        } catch (RocksDBException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRepeatedBatchIsAppliedOnceAndAGapIsRefused() {
        apply(1, EntryFormat.claim(P));
        List<ItemResult> results = apply(2, batch(P, 1, 2, "a", "early"), batch(P, 1, 1, "a", "1"), batch(P, 1, 1, "a", "again"), batch(P, 1, 2, "b", "2"));
        machine.flushApplied();
        assertEquals(List.of("OUT_OF_ORDER 0", "APPLIED 0", "APPLIED 0", "APPLIED 0"), texts(results));
        assertEquals("1", get(P, "a"));
        assertEquals("2", get(P, "b"));
    }

    @Test
    void fencingAndSequencesSurviveReopening() throws Exception {
        apply(1, EntryFormat.claim(P));
        apply(2, EntryFormat.claim(P), batch(P, 2, 1, "a", "1"));
        machine.flushApplied();
        machine.close();
        machine = open(directory.resolve("rows"));
        assertEquals(2, machine.appliedIndex());
        assertEquals(2, machine.epoch(P));
        assertEquals(0, machine.epoch(Q));
        assertEquals(
                List.of("FENCED 2", "APPLIED 0", "APPLIED 0"),
                texts(apply(3, batch(P, 1, 1, "a", "stale"), batch(P, 2, 1, "a", "again"), batch(P, 2, 2, "c", "3"))));
        machine.flushApplied();
        assertEquals("1", get(P, "a"));
        assertEquals("3", get(P, "c"));
    }

    @Test
    void whatIsGatheredIsReadOnlyAfterItIsFlushed() {
        apply(1, EntryFormat.claim(P), batch(P, 1, 1, "a", "1"));
        assertEquals(0, machine.appliedIndex());
        assertNull(machine.get(P, bytes("a")));
        machine.flushApplied();
        assertEquals(1, machine.appliedIndex());
        assertEquals("1", get(P, "a"));
    }

    @Test
    void aMalformedEntryStopsTheReplicaAndChangesNothing() throws Exception {
        apply(1, EntryFormat.claim(P), batch(P, 1, 1, "a", "1"));
        machine.flushApplied();
        byte[] item = batch(P, 1, 2, "a", "2");
        assertThrows(MalformedEntryException.class, () -> machine.apply(2, ByteBuffer.wrap(EntryFormat.entry(List.of(Arrays.copyOf(item, item.length - 1)), item.length - 1))));
        assertEquals(1, machine.appliedIndex());
        assertEquals("1", get(P, "a"));
    }

    @Test
    void aCrashAtAnyMomentLeavesAPrefixOfTheLogAndReplayMakesItWhole() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<ByteBuffer> log = new ArrayList<>();
        log.add(entry(EntryFormat.claim(P), EntryFormat.claim(Q)));
        long sequence = 0;
        for (int i = 0; i < 3_000; i++) {
            sequence++;
            // The value tells the entry: a row that is newer than the applied index would show.
            log.add(entry(batch(P, 1, sequence, "counter", "" + (log.size() + 1)), batch(Q, 1, sequence, "row" + i, "x".repeat(1_000 + random.nextInt(10_000)))));
        }
        for (int i = 0; i < log.size(); i++) {
            machine.apply(i + 1, log.get(i).duplicate());
            if (random.nextInt(5) == 0) {
                machine.flushApplied();
            }
            if (random.nextInt(700) == 0) {
                checkCrashed(log, i);
            }
        }
        machine.flushApplied();
        // RocksDB flushes when it comes to it.
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        for (int crash = log.size(); checkCrashed(log, crash) <= 1; crash++) {
            assertTrue(System.nanoTime() - deadlineNanos < 0, "RocksDB has flushed nothing by itself");
        }
    }

    /** Returns the index that the crash has left. */
    private long checkCrashed(List<ByteBuffer> log, int crash) throws Exception {
        Path copy = directory.resolve("crashed-" + crash);
        copyTree(directory.resolve("rows"), copy);
        try (RowStateMachine recovered = open(copy)) {
            long applied = recovered.appliedIndex();
            byte[] counter = recovered.get(P, bytes("counter"));
            assertEquals(applied <= 1 ? null : "" + applied, counter == null ? null : text(counter));
            for (long index = applied + 1; index <= log.size(); index++) {
                recovered.apply(index, log.get((int) index - 1).duplicate());
                if (index % 100 == 0) {
                    recovered.flushApplied();
                }
            }
            recovered.flushApplied();
            assertEquals("" + log.size(), text(recovered.get(P, bytes("counter"))));
            assertEquals(log.size() - 1, count(recovered, Q));
            return applied;
        }
    }

    @Test
    void aSnapshotReplacesWhatAnotherReplicaHas() throws Exception {
        apply(1, EntryFormat.claim(P), batch(P, 1, 1, "a", "1"));
        machine.flushApplied();
        Path snapshot = Files.createDirectories(directory.resolve("snapshot"));
        machine.saveSnapshot(snapshot);
        apply(2, batch(P, 1, 2, "a", "2"));
        machine.flushApplied();

        RowStateMachine other = open(directory.resolve("other"));
        other.apply(1, entry(EntryFormat.claim(Q), batch(Q, 1, 1, "z", "9")));
        other.flushApplied();
        other.loadSnapshot(snapshot);
        assertEquals(1, other.appliedIndex());
        assertEquals(1, other.epoch(P));
        assertEquals(0, other.epoch(Q));
        assertNull(other.get(Q, bytes("z")));
        assertEquals("1", text(other.get(P, bytes("a"))));
        other.apply(2, entry(batch(P, 1, 2, "a", "2")));
        other.flushApplied();
        other.close();
        RowStateMachine again = open(directory.resolve("other"));
        assertEquals(2, again.appliedIndex());
        assertEquals("2", text(again.get(P, bytes("a"))));

        RowStateMachine third = open(directory.resolve("third"));
        third.loadSnapshot(snapshot);
        assertEquals("1", text(third.get(P, bytes("a"))));
    }

    @Test
    void aCrashWhileASnapshotIsInstalledLeavesTheOldState() throws Exception {
        apply(1, EntryFormat.claim(P), batch(P, 1, 1, "a", "1"));
        machine.flushApplied();
        machine.close();
        Path leftover = Files.createDirectories(directory.resolve("rows").resolve("rows-2"));
        Files.writeString(leftover.resolve("CURRENT"), "half a snapsh");
        machine = open(directory.resolve("rows"));
        assertEquals("1", get(P, "a"));
        assertTrue(Files.notExists(leftover));
    }

    @Test
    void readsDuringReplacementAndAfterClosingAreAnsweredOrRefused() throws Exception {
        apply(1, EntryFormat.claim(P), batch(P, 1, 1, "a", "1"));
        machine.flushApplied();
        Path snapshot = Files.createDirectories(directory.resolve("snapshot"));
        machine.saveSnapshot(snapshot);
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> {
            int reads = 0;
            while (!stop.get()) {
                assertEquals("1", get(P, "a"));
                assertEquals(1, machine.scan(P, RowRange.ascending(new byte[0], null, 10)).rows().size());
                reads++;
            }
            return reads;
        });
        for (int i = 0; i < 10; i++) {
            machine.loadSnapshot(snapshot);
        }
        stop.set(true);
        reader.get();
        machine.close();
        assertThrows(StoreUnavailableException.class, () -> get(P, "a"));
        assertThrows(StoreUnavailableException.class, () -> machine.scan(P, RowRange.ascending(new byte[0], null, 10)));
    }

    private RowStateMachine open(Path path) throws IOException {
        RowStateMachine started = new RowStateMachine(RowDatabase.open(path, resources), (leading, term) -> {});
        opened.add(started);
        return started;
    }

    private List<ItemResult> apply(long index, byte[]... items) {
        byte[] answer = machine.apply(index, entry(items));
        assertEquals(items.length * ItemResult.BYTES, answer.length);
        ByteBuffer results = ByteBuffer.wrap(answer);
        return Stream.of(items).map(item -> ItemResult.read(results, index)).toList();
    }

    private String get(PartitionPrefix partition, String key) {
        return text(machine.get(partition, bytes(key)));
    }

    private static int count(RowStateMachine machine, PartitionPrefix partition) {
        int count = 0;
        byte[] from = new byte[0];
        while (true) {
            RowPage page = machine.scan(partition, RowRange.ascending(from, null, 1_000));
            count += page.rows().size();
            if (!page.more()) {
                return count;
            }
            byte[] last = page.rows().getLast().key();
            from = Arrays.copyOf(last, last.length + 1);
        }
    }

    private static List<String> texts(List<ItemResult> results) {
        return results.stream().map(result -> result.kind() + " " + result.number()).toList();
    }

    private static byte[] batch(PartitionPrefix partition, long epoch, long sequence, String key, String value) {
        return EntryFormat.batch(partition, epoch, sequence, List.of(new RowOp.Put(bytes(key), bytes(value))));
    }

    private static ByteBuffer entry(byte[]... items) {
        return ByteBuffer.wrap(EntryFormat.entry(List.of(items), Stream.of(items).mapToInt(item -> item.length).sum()));
    }

    /** Once more from the beginning if RocksDB, which flushes on a thread of its own, deletes what it has replaced in the middle of it. */
    private static void copyTree(Path source, Path target) throws IOException {
        while (true) {
            try {
                copyOnce(source, target);
                return;
            } catch (NoSuchFileException vanished) {
                System.out.println("copied again: " + vanished.getMessage() + " has gone");
            }
        }
    }

    /** Table files last: what the manifest names when it is copied exists by then. */
    private static void copyOnce(Path source, Path target) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(source)) {
            files = walk.sorted(Comparator.comparing(file -> file.toString().endsWith(".sst"))).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path file : files) {
            Path copy = target.resolve(source.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectories(copy);
            } else {
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
