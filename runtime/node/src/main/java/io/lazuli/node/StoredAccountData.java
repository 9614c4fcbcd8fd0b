package io.lazuli.node;

import io.lazuli.fabric.account.AccountData;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.partition.table.TableService;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Deletes what storage keeps of an account: queues and tables, page by page, and what was set for its services. Keeps
 * nothing: an attempt that was cut off is followed by another that finds less.
 */
final class StoredAccountData implements AccountData {

    /** Queues or tables that are deleted at one time. */
    private static final int PAGE = 16;
    private static final int NOT_FOUND = 404;

    /** @param next where the next page starts, null behind the last */
    private record Page(List<String> names, String next) {}

    private final QueueService queues;
    private final TableService tables;

    StoredAccountData(QueueService queues, TableService tables) {
        this.queues = queues;
        this.tables = tables;
    }

    @Override
    public CompletionStage<Void> purge(String account) {
        return deleteFrom("", marker -> queuePage(account, marker), queue -> queues.deleteQueue(account, queue))
                .thenCompose(done -> deleteFrom("", from -> tablePage(account, from), table -> tables.deleteTable(account, table)))
                .thenCompose(done -> queues.setServiceProperties(account, ServiceProperties.initial()))
                .thenCompose(done -> tables.setServiceProperties(account, ServiceProperties.initial()));
    }

    private CompletionStage<Page> queuePage(String account, String marker) {
        return queues.listQueues(account, "", marker, PAGE, false).thenApply(listing -> new Page(
                listing.queues().stream().map(QueueService.QueueEntry::name).toList(), listing.nextMarker().isEmpty() ? null : listing.nextMarker()));
    }

    private CompletionStage<Page> tablePage(String account, String from) {
        return tables.listTables(account, from, null, PAGE).thenApply(listing -> new Page(listing.names(), listing.next()));
    }

    private static CompletionStage<Void> deleteFrom(
            String from, Function<String, CompletionStage<Page>> pages, Function<String, CompletionStage<Void>> delete) {
        return pages.apply(from).thenCompose(page -> CompletableFuture
                .allOf(page.names().stream().map(name -> ifThere(delete.apply(name))).toArray(CompletableFuture[]::new))
                .thenCompose(done -> page.next() == null ? CompletableFuture.completedStage(null) : deleteFrom(page.next(), pages, delete)));
    }

    /** What somebody else has deleted meanwhile is deleted. */
    private static CompletableFuture<Void> ifThere(CompletionStage<Void> deletion) {
        return deletion.toCompletableFuture().exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            return cause instanceof StorageException storage && storage.error().status() == NOT_FOUND
                    ? CompletableFuture.completedFuture(null) : CompletableFuture.failedFuture(cause);
        });
    }
}
