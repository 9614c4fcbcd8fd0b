package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobCommand.SetPageBlob;
import io.lazuli.storage.partition.blob.BlobCommand.SettlePages;
import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.PageSettling;
import io.lazuli.storage.store.Row;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Makes a page blob longer or shorter. If it was made shorter so often that no further cut is kept, some are made needless first
 * ({@link PageSettling}), window by window; who is interrupted begins where the windows are not settled yet. Others may resize meanwhile:
 * {@value #MAX_TRIES} tries at most.
 */
final class PageResizing {

    private static final int MAX_TRIES = 8;
    private static final int PAGE_ROWS = 64;

    private final BlobStates states;
    private final BlobReads reads;
    private final BlobChanges changes;
    private final ContainerRanges container;
    private final SetPageBlob command;

    PageResizing(BlobStates states, BlobReads reads, BlobChanges changes, ContainerRanges container, SetPageBlob command) {
        this.states = states;
        this.reads = reads;
        this.changes = changes;
        this.container = container;
        this.command = command;
    }

    CompletionStage<BlobReply.Done> run() {
        return attempt(1);
    }

    private CompletionStage<BlobReply.Done> attempt(int tries) {
        return changes.send(container, command).thenCompose(done -> {
            if (done.isPresent()) {
                return CompletableFuture.completedStage(done.get());
            }
            if (tries == MAX_TRIES) {
                return CompletableFuture.failedStage(new StorageException(StorageErrorCode.SERVER_BUSY));
            }
            return makeRoom().thenCompose(made -> attempt(tries + 1));
        });
    }

    private CompletionStage<Void> makeRoom() {
        return states.find(container, new BlobTarget(command.blob())).thenCompose(found -> found.map(BlobState::content)
                .filter(BlobContent.Pages.class::isInstance)
                .flatMap(content -> PageSettling.of(command.blob(), (BlobContent.Pages) content))
                .map(settling -> settle(settling, settling.fromKey()))
                .orElse(CompletableFuture.completedStage(null)));
    }

    private CompletionStage<Void> settle(PageSettling settling, byte[] from) {
        return reads.page(container, from, settling.toKey(), PAGE_ROWS, List.of()).thenCompose(page -> {
            Deque<SettlePages> due = new ArrayDeque<>();
            for (Row row : page.rows()) {
                settling.row(row.key(), row.value()).ifPresent(due::add);
            }
            if (page.next() == null) {
                due.add(settling.end());
            }
            return sendAll(due).thenCompose(sent -> !sent || page.next() == null
                    ? CompletableFuture.<Void>completedStage(null)
                    : settle(settling, page.next()));
        });
    }

    /** False if the blob has another content meanwhile. */
    private CompletionStage<Boolean> sendAll(Deque<SettlePages> due) {
        if (due.isEmpty()) {
            return CompletableFuture.completedStage(true);
        }
        return changes.send(container, due.remove()).thenCompose((Optional<BlobReply.Done> done) ->
                done.isPresent() ? sendAll(due) : CompletableFuture.completedStage(false));
    }
}
