package io.lazuli.storage.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link RowStore} promises, whatever is behind it. Each test uses partitions of its own. */
abstract class RowStoreContract {

    private static final long TIMEOUT_SECONDS = 120;
    private static final AtomicInteger PARTITIONS = new AtomicInteger();

    private final PartitionId partition = freshPartition();

    abstract RowStore store();

    static PartitionId freshPartition() {
        return new PartitionId(0, PartitionKind.QUEUE, "q" + PARTITIONS.incrementAndGet());
    }

    @Test
    void epochsGrowWithEachClaim() throws Exception {
        // By how much, nobody promises: a claim whose answer is late is repeated.
        long first = await(store().claim(partition)).epoch();
        assertTrue(first >= 1);
        assertTrue(await(store().claim(partition)).epoch() > first);
    }

    @Test
    void committedRowsAreReadBackAtTheirIndexAndLatest() throws Exception {
        Claim claim = await(store().claim(partition));
        ReadPoint at = await(commit(claim, put("a", "1"), put("b", "2")));
        assertEquals("1", get("a", at));
        assertEquals("2", get("b", ReadPoint.latest()));
        assertEquals("", get("c", ReadPoint.latest()));
    }

    @Test
    void operationsOfABatchHappenInTheirOrder() throws Exception {
        Claim claim = await(store().claim(partition));
        ReadPoint at = await(commit(claim, put("a", "1"), delete("a"), put("a", "2"), put("b", "1"), delete("b")));
        assertEquals("2", get("a", at));
        assertEquals("", get("b", at));
    }

    @Test
    void batchesOfOneWriterAreAppliedInTheOrderOfSubmission() throws Exception {
        Claim claim = await(store().claim(partition));
        List<CompletionStage<ReadPoint>> commits = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            commits.add(commit(claim, put("last", "" + i), put("row" + i, "" + i)));
        }
        long previous = 0;
        for (CompletionStage<ReadPoint> commit : commits) {
            long index = await(commit).index();
            assertTrue(index >= previous);
            previous = index;
        }
        assertEquals("499", get("last", ReadPoint.at(previous)));
        assertEquals(501, await(store().scan(partition, RowRange.ascending(bytes(""), null, 1000), ReadPoint.latest())).rows().size());
    }

    @Test
    void aWriterWithAnOlderEpochIsRefusedAndChangesNothing() throws Exception {
        Claim old = await(store().claim(partition));
        await(commit(old, put("a", "old")));
        Claim claim = await(store().claim(partition));
        FencedException fenced = failure(FencedException.class, commit(old, put("a", "stale"), put("b", "stale")));
        assertEquals(claim.epoch(), fenced.newestEpoch());
        assertEquals("old", get("a", ReadPoint.latest()));
        assertEquals("", get("b", ReadPoint.latest()));
        await(commit(claim, put("a", "new")));
        assertEquals("new", get("a", ReadPoint.latest()));
    }

    @Test
    void confirmSucceedsForTheNewestEpochOnly() throws Exception {
        Claim old = await(store().claim(partition));
        ReadPoint at = await(store().confirm(partition, old.epoch()));
        assertTrue(at.index() >= old.at().index());
        Claim claim = await(store().claim(partition));
        assertEquals(claim.epoch(), failure(FencedException.class, store().confirm(partition, old.epoch())).newestEpoch());
        await(store().confirm(partition, claim.epoch()));
    }

    @Test
    void pagesFollowKeyOrderInBothDirectionsAndTellWhetherThereIsMore() throws Exception {
        Claim claim = await(store().claim(partition));
        List<RowOp> ops = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ops.add(put("k" + i, "v" + i));
        }
        ReadPoint at = await(store().commit(new RowBatch(partition, claim.epoch(), ops)));
        RowPage first = scan("k2", "k8", 4, false, at);
        assertEquals(List.of("k2", "k3", "k4", "k5"), keys(first));
        assertTrue(first.more());
        RowPage second = scan("k6", "k8", 4, false, at);
        assertEquals(List.of("k6", "k7"), keys(second));
        assertFalse(second.more());
        RowPage backwards = scan("k2", "k8", 4, true, at);
        assertEquals(List.of("k7", "k6", "k5", "k4"), keys(backwards));
        assertTrue(backwards.more());
        assertEquals(List.of("k9", "k8"), keys(scan("", null, 2, true, at)));
        assertEquals(10, scan("", null, 10, false, at).rows().size());
        assertFalse(scan("", null, 10, false, at).more());
        assertEquals(List.of(), keys(scan("k5", "k5", 10, false, at)));
        assertEquals(List.of(), keys(scan("k6", "k5", 10, false, at)));
    }

    @Test
    void aPageStopsAtItsBytesButHoldsAtLeastOneRow() throws Exception {
        Claim claim = await(store().claim(partition));
        ReadPoint at = await(commit(claim, put("a", "x".repeat(1000)), put("b", "x".repeat(1000)), put("c", "x".repeat(1000))));
        RowPage page = await(store().scan(partition, new RowRange(bytes(""), null, 100, 2500, false), at));
        assertEquals(List.of("a", "b"), keys(page));
        assertTrue(page.more());
        assertEquals(List.of("c"), keys(await(store().scan(partition, new RowRange(bytes(""), null, 100, 10, true), at))));
    }

    @Test
    void partitionsOfAKindAreListedWhileTheyHaveRows() throws Exception {
        List<String> names = List.of("a", "aa", "a\u0001", "b", "emptied", "\u00fc");
        for (String name : names) {
            PartitionId directory = new PartitionId(0, PartitionKind.CONTAINER_DIRECTORY, name);
            Claim claim = await(store().claim(directory));
            await(store().commit(new RowBatch(directory, claim.epoch(), List.of(put("", "1"), put("x", "2")))));
            if (name.equals("emptied")) {
                await(store().commit(new RowBatch(directory, claim.epoch(), List.of(delete(""), delete("x")))));
            }
        }
        await(store().claim(new PartitionId(0, PartitionKind.CONTAINER_DIRECTORY, "claimed")));
        assertEquals(List.of("a", "a\u0001", "aa", "b", "\u00fc"), directories("", 100));
        assertEquals(List.of("a", "a\u0001"), directories("", 2));
        assertEquals(List.of("aa", "b"), directories("a\u0001", 2));
        assertEquals(List.of("\u00fc"), directories("c", 2));
        assertEquals(List.of(), directories("\u00fc", 2));
        assertThrows(IllegalArgumentException.class, () -> store().partitions(0, PartitionKind.BLOB_RANGE, "", 2));
    }

    private List<String> directories(String after, int max) throws Exception {
        return await(store().partitions(0, PartitionKind.CONTAINER_DIRECTORY, after, max)).stream().map(PartitionId::name).toList();
    }

    @Test
    void keysAreOrderedByUnsignedBytesAndPartitionsDoNotMix() throws Exception {
        PartitionId longer = new PartitionId(0, PartitionKind.QUEUE, partition.name() + "x");
        Claim other = await(store().claim(longer));
        await(store().commit(new RowBatch(longer, other.epoch(), List.of(put("z", "other")))));
        Claim claim = await(store().claim(partition));
        byte[] high = {(byte) 0xFF, (byte) 0xFF};
        byte[] low = {0};
        ReadPoint at = await(store().commit(new RowBatch(partition, claim.epoch(), List.of(
                new RowOp.Put(high, bytes("high")), new RowOp.Put(low, bytes("low")), new RowOp.Put(new byte[0], bytes("empty"))))));
        RowPage page = scan("", null, 10, false, at);
        assertEquals(List.of("empty", "low", "high"), page.rows().stream().map(row -> text(row.value())).toList());
        assertArrayEquals(high, page.rows().get(2).key());
    }

    @Test
    void aRangeIsDeletedUpToItsExclusiveEndAndWithinItsPartition() throws Exception {
        PartitionId longer = new PartitionId(0, PartitionKind.QUEUE, partition.name() + "x");
        Claim other = await(store().claim(longer));
        await(store().commit(new RowBatch(longer, other.epoch(), List.of(put("a", "other")))));
        Claim claim = await(store().claim(partition));
        await(commit(claim, put("a", "1"), put("b", "1"), put("c", "1"), put("d", "1")));
        ReadPoint at = await(commit(claim, new RowOp.DeleteRange(bytes("b"), bytes("d")), put("c", "again")));
        assertEquals(List.of("a", "c", "d"), keys(scan("", null, 10, false, at)));
        at = await(commit(claim, new RowOp.DeleteRange(bytes("d"), bytes("b"))));
        assertEquals(3, scan("", null, 10, false, at).rows().size());
        at = await(commit(claim, new RowOp.DeleteRange(bytes(""), null)));
        assertEquals(0, scan("", null, 10, false, at).rows().size());
        assertEquals(1, await(store().scan(longer, RowRange.ascending(bytes(""), null, 10), ReadPoint.latest())).rows().size());
    }

    @Test
    void aBatchThatIsTooLargeIsRefusedAndTheNextOneIsNot() throws Exception {
        Claim claim = await(store().claim(partition));
        byte[] large = new byte[StoreLimits.MAX_VALUE_BYTES];
        RowOp[] tooLarge = Stream.of("a", "b", "c", "d").map(key -> new RowOp.Put(bytes(key), large)).toArray(RowOp[]::new);
        failure(IllegalArgumentException.class, commit(claim, tooLarge));
        failure(IllegalArgumentException.class, commit(claim, new RowOp.Put(bytes("a"), new byte[StoreLimits.MAX_VALUE_BYTES + 1])));
        failure(IllegalArgumentException.class, commit(claim, new RowOp.Put(new byte[StoreLimits.MAX_KEY_BYTES + 1], bytes("a"))));
        tooLarge[0] = new RowOp.Put(bytes("a"), new byte[StoreLimits.MAX_VALUE_BYTES - 200]);
        ReadPoint at = await(commit(claim, tooLarge));
        assertEquals(StoreLimits.MAX_VALUE_BYTES - 200, await(store().get(partition, bytes("a"), at)).orElseThrow().length);
        assertEquals(StoreLimits.MAX_VALUE_BYTES, await(store().get(partition, bytes("d"), ReadPoint.latest())).orElseThrow().length);
    }

    @Test
    void aPageAndRowsAreReadTogether() throws Exception {
        Claim claim = await(store().claim(partition));
        ReadPoint at = await(commit(claim, put("a", "1"), put("b", "2"), put("c", "3"), put("h", "head")));
        RowRange firstTwo = RowRange.ascending(bytes("a"), bytes("h"), 2);
        for (ReadPoint point : List.of(at, ReadPoint.latest())) {
            RowsRead read = await(store().read(partition, new RowsWanted(Optional.of(firstTwo), List.of(bytes("h"), bytes("x"), bytes("a"))), point));
            assertEquals(List.of("a", "b"), keys(read.page()));
            assertTrue(read.page().more());
            assertEquals(List.of("head", "", "1"), texts(read));
            RowsRead rowsOnly = await(store().read(partition, new RowsWanted(Optional.empty(), List.of(bytes("b"))), point));
            assertEquals(List.of(), rowsOnly.page().rows());
            assertFalse(rowsOnly.page().more());
            assertEquals(List.of("2"), texts(rowsOnly));
        }
        assertThrows(IllegalArgumentException.class,
                () -> new RowsWanted(Optional.empty(), Collections.nCopies(StoreLimits.MAX_READ_KEYS + 1, bytes("a"))));
    }

    @Test
    void largeRowsAreReadInSeveralCalls() throws Exception {
        Claim claim = await(store().claim(partition));
        ReadPoint at = await(commit(claim, put("a", "x".repeat(StoreLimits.MAX_READ_BYTES - 1)), put("b", "y".repeat(1000)), put("c", "3")));
        RowsRead read = await(store().read(partition, new RowsWanted(Optional.empty(), List.of(bytes("a"), bytes("b"), bytes("c"))), at));
        assertEquals(List.of(StoreLimits.MAX_READ_BYTES - 1, 1000), read.values().stream().map(value -> value.orElseThrow().length).toList());
        assertEquals(3, await(store().read(partition, new RowsWanted(Optional.empty(), List.of(bytes("b"), bytes("c"), bytes("a"))), at)).values().size());
    }

    @Test
    void rangesOfOneTableSeeEachOthersRowsAndAreFencedApart() throws Exception {
        String table = "table-" + partition.name();
        PartitionId lower = new PartitionId(0, PartitionKind.TABLE_RANGE, table + "/1");
        PartitionId upper = new PartitionId(0, PartitionKind.TABLE_RANGE, table + "/2");
        PartitionId otherTable = new PartitionId(0, PartitionKind.TABLE_RANGE, table + "0/1");
        Claim first = await(store().claim(lower));
        Claim second = await(store().claim(upper));
        Claim other = await(store().claim(otherTable));
        await(store().commit(new RowBatch(otherTable, other.epoch(), List.of(put("a", "other")))));
        await(store().commit(new RowBatch(lower, first.epoch(), List.of(put("a", "lower"), put("u", "given up")))));
        await(store().commit(new RowBatch(upper, second.epoch(), List.of(put("u", "upper")))));
        for (PartitionId range : List.of(lower, upper)) {
            RowPage page = await(store().scan(range, RowRange.ascending(bytes(""), null, 10), ReadPoint.latest()));
            assertEquals(List.of("lower", "upper"), page.rows().stream().map(row -> text(row.value())).toList());
            assertEquals("upper", text(await(store().get(range, bytes("u"), ReadPoint.latest())).orElseThrow()));
        }
        Claim again = await(store().claim(lower));
        failure(FencedException.class, store().commit(new RowBatch(lower, first.epoch(), List.of(put("a", "stale")))));
        failure(FencedException.class, store().confirm(lower, first.epoch()));
        await(store().confirm(upper, second.epoch()));
        await(store().commit(new RowBatch(upper, second.epoch(), List.of(put("v", "upper")))));
        await(store().commit(new RowBatch(lower, again.epoch(), List.of(new RowOp.DeleteRange(bytes("a"), bytes("v"))))));
        RowPage left = await(store().scan(upper, RowRange.ascending(bytes(""), null, 10), ReadPoint.latest()));
        assertEquals(List.of("v"), keys(left));
    }

    @Test
    void aCommitWithoutAClaimIsRefusedAsNotApplied() {
        assertTrue(failure(StoreUnavailableException.class, store().commit(new RowBatch(partition, 7, List.of(put("a", "1")))))
                .definitelyNotApplied());
    }

    CompletionStage<ReadPoint> commit(Claim claim, RowOp... ops) {
        return store().commit(new RowBatch(partition, claim.epoch(), List.of(ops)));
    }

    private RowPage scan(String from, String to, int maxRows, boolean reverse, ReadPoint at) throws Exception {
        RowRange range = new RowRange(bytes(from), to == null ? null : bytes(to), maxRows, StoreLimits.MAX_PAGE_BYTES, reverse);
        return await(store().scan(partition, range, at));
    }

    private String get(String key, ReadPoint at) throws Exception {
        Optional<byte[]> value = await(store().get(partition, bytes(key), at));
        return value.map(RowStoreContract::text).orElse("");
    }

    static List<String> keys(RowPage page) {
        return page.rows().stream().map(row -> text(row.key())).toList();
    }

    private static List<String> texts(RowsRead read) {
        return read.values().stream().map(value -> value.map(RowStoreContract::text).orElse("")).toList();
    }

    static RowOp put(String key, String value) {
        return new RowOp.Put(bytes(key), bytes(value));
    }

    static RowOp delete(String key) {
        return new RowOp.Delete(bytes(key));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    static <E extends Throwable> E failure(Class<E> type, CompletionStage<?> stage) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> await(stage));
        return assertInstanceOf(type, Failures.cause(failed));
    }
}
