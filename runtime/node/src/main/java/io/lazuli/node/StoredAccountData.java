package io.lazuli.node;

import io.lazuli.fabric.account.AccountData;
import io.lazuli.fabric.account.DataRetainedException;
import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.Partitions;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.partition.table.TableService;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Deletes what storage keeps of an account: queues, tables and containers, those deleted softly too, page by page, and what was set for its
 * services; nothing at all while a blob of it is immutable. Keeps nothing: an attempt that was cut off, or failed, is followed by another that finds less.
 */
final class StoredAccountData implements AccountData {

    /** Queues, tables or containers that are deleted at one time. */
    private static final int PAGE = 16;
    private static final int NOT_FOUND = 404;

    private static final ContainerCommand BREAK_LEASE =
            new ContainerCommand.Lease(BlobCommand.LeaseAction.BREAK, null, null, 0, BlobConditions.NONE);

    /** @param next where the next page starts, null behind the last */
    private record Page(List<String> names, String next) {}

    private final QueueService queues;
    private final TableService tables;
    private final BlobService blobs;

    StoredAccountData(Partitions.Services services) {
        this.queues = services.queues();
        this.tables = services.tables();
        this.blobs = services.blobs();
    }

    @Override
    public CompletionStage<Void> purge(String account) {
        return demandNothingImmutable(account)
                .thenCompose(done -> deleteFrom("", marker -> queuePage(account, marker), queue -> queues.deleteQueue(account, queue)))
                .thenCompose(done -> deleteFrom("", from -> tablePage(account, from), table -> tables.deleteTable(account, table)))
                .thenCompose(done -> deleteFrom(null, from -> containerPage(account, from), container -> deleteContainer(account, container)))
                .thenCompose(done -> purgeDeletedContainers(account))
                .thenCompose(done -> queues.changeServiceProperties(account, present -> ServiceProperties.initial()))
                .thenCompose(done -> tables.changeServiceProperties(account, present -> ServiceProperties.initial()))
                .thenCompose(done -> blobs.changeServiceProperties(account, present -> ServiceProperties.initial()))
                .thenAccept(done -> {});
    }

    /** Nobody can make anything immutable any more, because nobody has access: either all is deleted or nothing. */
    private CompletionStage<Void> demandNothingImmutable(String account) {
        return blobs.findImmutable(account).thenAccept(found -> found.ifPresent(container -> {
            throw new DataRetainedException("container '" + container + "' of account '" + account + "' holds blobs that are immutable");
        }));
    }

    private CompletionStage<Page> queuePage(String account, String marker) {
        return queues.listQueues(account, "", marker, PAGE, false).thenApply(listing -> new Page(
                listing.queues().stream().map(QueueService.QueueEntry::name).toList(), listing.nextMarker().isEmpty() ? null : listing.nextMarker()));
    }

    private CompletionStage<Page> tablePage(String account, String from) {
        return tables.listTables(account, from, null, PAGE).thenApply(listing -> new Page(listing.names(), listing.next()));
    }

    private CompletionStage<Page> containerPage(String account, String from) {
        return blobs.listContainers(account, "", from, PAGE, false).thenApply(listing -> new Page(
                listing.containers().stream().map(ContainerState::name).toList(), listing.next()));
    }

    /** For good, whoever leases it. */
    private CompletionStage<Void> deleteContainer(String account, String container) {
        ContainerCommand.Delete delete = new ContainerCommand.Delete(BlobConditions.NONE, 0);
        return blobs.changeContainer(account, container, delete).exceptionallyCompose(failure -> {
            boolean leased = Failures.cause(failure) instanceof StorageException storage && storage.error() == StorageErrorCode.LEASE_ID_MISSING;
            return leased
                    ? blobs.changeContainer(account, container, BREAK_LEASE).thenCompose(broken -> blobs.changeContainer(account, container, delete))
                    : CompletableFuture.failedStage(Failures.cause(failure));
        }).thenAccept(deleted -> {});
    }

    /** Those too that could still be had back. Their end is only begun here: the attempt fails as long as one is left. */
    private CompletionStage<Void> purgeDeletedContainers(String account) {
        return hasContainers(account).thenCompose(any -> !any
                ? CompletableFuture.completedStage(null)
                : blobs.purgeDeletedContainers(account, Long.MAX_VALUE).thenCompose(begun -> hasContainers(account)).thenAccept(left -> {
                    if (left) {
                        throw new IllegalStateException("deleted containers of " + account + " are still being purged");
                    }
                }));
    }

    private CompletionStage<Boolean> hasContainers(String account) {
        return blobs.listContainers(account, "", null, 1, true).thenApply(listing -> !listing.containers().isEmpty());
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
            Throwable cause = Failures.cause(failure);
            return cause instanceof StorageException storage && storage.error().status() == NOT_FOUND
                    ? CompletableFuture.completedFuture(null) : CompletableFuture.failedFuture(cause);
        });
    }
}
