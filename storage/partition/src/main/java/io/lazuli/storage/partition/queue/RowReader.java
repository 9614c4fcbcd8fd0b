package io.lazuli.storage.partition.queue;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Does the reads that {@link QueueState} wants. */
record RowReader(RowStore store, PartitionId partition) {

    CompletionStage<RowRead.Rows> read(RowRead read, ReadPoint at) {
        return switch (read) {
            case RowRead.Scan scan -> store.scan(partition, scan.range(), at).thenApply(RowRead.Rows.Page::new);
            case RowRead.Texts texts -> texts(texts, at);
            case RowRead.LookUp lookUp -> lookUp(lookUp, at);
        };
    }

    private CompletionStage<RowRead.Rows> texts(RowRead.Texts texts, ReadPoint at) {
        List<CompletableFuture<Optional<byte[]>>> rows = texts.leases().stream()
                .map(lease -> store.get(partition, QueueRows.messageKey(lease.sequence()), at).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(rows.toArray(CompletableFuture[]::new))
                .thenApply(done -> new RowRead.Rows.Messages(rows.stream().map(CompletableFuture::join).toList()));
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
