package io.lazuli.storage.partition.queue;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowRange;
import io.lazuli.storage.store.RowStore;
import io.lazuli.storage.store.StoreLimits;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Does the reads that {@link QueueState} wants. */
record RowReader(RowStore store, PartitionId partition) {

    /** How thinly messages may be sown for a scan over all of them to be cheaper than reading each. */
    private static final int MAX_SPAN_PER_TEXT = 2;

    CompletionStage<RowRead.Rows> read(RowRead read, ReadPoint at) {
        return switch (read) {
            case RowRead.Scan scan -> store.scan(partition, scan.range(), at).thenApply(RowRead.Rows.Page::new);
            case RowRead.Texts texts -> texts(texts, at);
            case RowRead.LookUp lookUp -> lookUp(lookUp, at);
        };
    }

    /** Messages that were received together mostly become visible together and stand side by side: then one scan reads them. */
    private CompletionStage<RowRead.Rows> texts(RowRead.Texts texts, ReadPoint at) {
        List<Long> sequences = texts.leases().stream().map(Lease::sequence).toList();
        long first = Collections.min(sequences);
        long span = Collections.max(sequences) - first + 1;
        CompletionStage<Map<Long, byte[]>> sideBySide = span > MAX_SPAN_PER_TEXT * sequences.size()
                ? CompletableFuture.completedStage(Map.of())
                : store.scan(partition, new RowRange(QueueRows.messageKey(first), QueueRows.messageKey(first + span),
                        (int) span, StoreLimits.MAX_PAGE_BYTES, false), at).thenApply(RowReader::bySequence);
        return sideBySide.thenCompose(found -> {
            List<CompletableFuture<Optional<byte[]>>> rows = sequences.stream().map(sequence -> found.containsKey(sequence)
                    ? CompletableFuture.completedFuture(Optional.of(found.get(sequence)))
                    : store.get(partition, QueueRows.messageKey(sequence), at).toCompletableFuture()).toList();
            return CompletableFuture.allOf(rows.toArray(CompletableFuture[]::new))
                    .thenApply(done -> new RowRead.Rows.Messages(rows.stream().map(CompletableFuture::join).toList()));
        });
    }

    private static Map<Long, byte[]> bySequence(RowPage page) {
        return page.rows().stream().collect(Collectors.toMap(row -> QueueRows.sequenceOfMessageKey(row.key()), Row::value));
    }

    private CompletionStage<RowRead.Rows> lookUp(RowRead.LookUp lookUp, ReadPoint at) {
        CompletionStage<Optional<byte[]>> lease = lookUp.leaseKey() == null
                ? CompletableFuture.completedStage(Optional.empty())
                : store.get(partition, lookUp.leaseKey(), at);
        return lease.thenCompose(found -> found.isPresent()
                ? CompletableFuture.completedStage(new RowRead.Rows.Found(found, Optional.empty()))
                : store.get(partition, lookUp.messageKey(), at).thenApply(message -> new RowRead.Rows.Found(found, message)));
    }
}
