package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.partition.blob.BlobRowKey;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.table.directory.TableDirectory.ImmutabilitySearch;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowStore;
import io.lazuli.storage.store.StoreLimits;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/**
 * Looks for a blob that is immutable now, be it a current state, a snapshot or a version, in a container that may be closed. Reads its index rows
 * page by page until it has found one. Keeps nothing. Any thread.
 */
public final class ImmutableBlobs implements ImmutabilitySearch {

    private static final int PAGE_ROWS = StoreLimits.MAX_PAGE_ROWS;

    private final BiFunction<String, Long, ContainerRanges> ranges;
    private final BlobReads reads;
    private final Executor working;
    private final Clock clock;

    /**
     * @param ranges of containers, by account and number
     * @param working where pages of rows are looked at
     */
    public ImmutableBlobs(BiFunction<String, Long, ContainerRanges> ranges, RowStore store, Executor working, Clock clock) {
        this.ranges = ranges;
        this.reads = BlobReads.ofEverything(store, working);
        this.working = working;
        this.clock = clock;
    }

    /** Fails with ServerBusy if a range is not there for long. */
    @Override
    public CompletionStage<Boolean> apply(String account, Long number) {
        return from(ranges.apply(account, number), BlobRows.from(""));
    }

    private CompletionStage<Boolean> from(ContainerRanges ranges, byte[] from) {
        return reads.page(ranges, from, BlobRows.indexEnd(), PAGE_ROWS, List.of()).thenComposeAsync(page -> {
            if (page.rows().stream().anyMatch(row -> isImmutable(row, clock.epochMillis()))) {
                return CompletableFuture.completedStage(true);
            }
            return page.next() == null ? CompletableFuture.completedStage(false) : from(ranges, page.next());
        }, working);
    }

    private static boolean isImmutable(Row row, long nowMillis) {
        return switch (BlobRows.parse(row.key())) {
            case BlobRowKey.Current current -> BlobRows.state(row.key(), row.value()).isImmutable(nowMillis);
            case BlobRowKey.Snapshot snapshot -> BlobRows.state(row.key(), row.value()).isImmutable(nowMillis);
            case BlobRowKey.Version version -> BlobRows.state(row.key(), row.value()).isImmutable(nowMillis);
            case BlobRowKey.Segment other -> false;
            case BlobRowKey.Pages other -> false;
            case BlobRowKey.Uncommitted other -> false;
            case BlobRowKey.UncommittedBlock other -> false;
            case BlobRowKey.InlineBytes other -> false;
        };
    }
}
