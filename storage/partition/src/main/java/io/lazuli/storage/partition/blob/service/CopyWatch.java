package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobState.CopyState;
import io.lazuli.storage.partition.blob.BlobState.CopyStatus;
import io.lazuli.storage.partition.blob.CopyAttempt;
import io.lazuli.storage.store.Row;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at all pending copies of the cloud, which have rows of their own: containers without any cost one read per range. A copy whose blob
 * has not changed for long is made by nobody any more, since whoever makes one reports; it is taken up here.
 */
final class CopyWatch {

    private static final Logger LOG = LoggerFactory.getLogger(CopyWatch.class);
    private static final int PAGE_ROWS = 1_000;

    /** @param stale how many copies were to be taken up; @param complete whether all could be read */
    record Look(int stale, boolean complete) {}

    private final UpkeepPass.Needs needs;
    private final PendingCopies pendingCopies;
    private final BooleanSupplier stopped;
    private final ContainerNames names;
    private int stale;
    private boolean complete = true;

    CopyWatch(UpkeepPass.Needs needs, PendingCopies pendingCopies, BooleanSupplier stopped) {
        this.needs = needs;
        this.pendingCopies = pendingCopies;
        this.stopped = stopped;
        this.names = new ContainerNames(needs.directory());
    }

    /** Never fails: what could not be read now will be by the next look. */
    CompletionStage<Look> look() {
        return new AccountWalk(needs.numbers(), needs.working(), account -> containers(account, 0)).make()
                .handle((all, failure) -> {
                    if (failure != null) {
                        LOG.debug("not all pending copies could be looked at", failure);
                        complete = false;
                    }
                    pendingCopies.endLook(complete);
                    return new Look(stale, complete);
                });
    }

    private CompletionStage<Void> containers(String account, long above) {
        if (stopped.getAsBoolean()) {
            return CompletableFuture.completedStage(null);
        }
        return needs.numbers().above(account, above).thenComposeAsync(number -> number.isEmpty()
                ? CompletableFuture.<Void>completedStage(null)
                : copies(account, number.get(), needs.numbers().ranges(account, number.get()), BlobRows.copiesBegin())
                        .exceptionally(failure -> {
                            LOG.debug("pending copies to container {} of {} could not be looked at", number.get(), account, failure);
                            complete = false;
                            return null;
                        })
                        .thenCompose(all -> containers(account, number.get())), needs.working());
    }

    private CompletionStage<Void> copies(String account, long container, ContainerRanges ranges, byte[] from) {
        return needs.reads().page(ranges, from, BlobRows.copiesEnd(), PAGE_ROWS, List.of()).thenCompose(page -> {
            Deque<Row> rows = page.served() ? new ArrayDeque<>(page.rows()) : new ArrayDeque<>();
            return each(account, container, ranges, rows).thenCompose(all -> page.next() == null
                    ? CompletableFuture.completedStage(null)
                    : copies(account, container, ranges, page.next()));
        });
    }

    private CompletionStage<Void> each(String account, long container, ContainerRanges ranges, Deque<Row> rows) {
        if (rows.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        String blob = BlobRows.nameOf(rows.remove().key());
        byte[] key = BlobRows.currentKey(blob);
        return needs.reads().rows(ranges, blob, List.of(key)).thenCompose(found -> found.getFirst().isEmpty()
                ? CompletableFuture.<Void>completedStage(null)
                : copy(account, container, BlobRows.state(key, found.getFirst().get())))
                .thenComposeAsync(seen -> each(account, container, ranges, rows), needs.working());
    }

    private CompletionStage<Void> copy(String account, long container, BlobState state) {
        CopyState copy = state.copy();
        if (copy == null || copy.status() != CopyStatus.PENDING
                || !pendingCopies.isStale(copy.id(), state.change(), needs.clock().epochMillis())) {
            return CompletableFuture.completedStage(null);
        }
        stale++;
        return names.of(account, container).thenAccept(name -> {
            if (name != null) {
                LOG.info("the copy {} to {}/{}/{} does not get on and is taken up", copy.id(), account, name, state.name());
                needs.copies().takeUp(new BlobCopies.Destination(account, name, state.name(), copy.id()), copy.origin(),
                        new CopyAttempt(copy.id(), copy.attempt()), state.change());
            }
        });
    }
}
