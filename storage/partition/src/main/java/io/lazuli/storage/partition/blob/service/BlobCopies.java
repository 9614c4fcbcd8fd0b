package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.AccessTier;
import io.lazuli.storage.partition.blob.AccountRules;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobService.OpenBlob;
import io.lazuli.storage.partition.blob.BlobSource;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.CopyOrigin;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background copies that this node makes. The destination says durably that it is being copied to, and from where, before anybody is
 * told; so when this node dies the background job finds a copy that does not get on, and has it begun anew on its own node. Bytes are always
 * copied: no two blobs share any.
 *
 * <p>Bounded: {@link BlobServiceSettings#maxCopies} at a time and {@value #MAX_WAITING} that wait; further ones are left to the
 * background job. Any thread.
 */
final class BlobCopies {

    private static final Logger LOG = LoggerFactory.getLogger(BlobCopies.class);
    private static final int MAX_WAITING = 1_000;
    private static final int MAX_TRIES = 4;
    private static final long PAUSE_MILLIS = 1_000;

    /** Where a copy goes. */
    record Destination(String account, String container, String blob, String copyId) {}

    private record Waiting(Destination destination, CopyOrigin origin) {}

    private final PartitionedBlobService service;
    private final BlobCopy.Needs copying;
    private final int maxCopies;
    private final Executor working;
    private final Set<String> known = new HashSet<>();
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int underWay;

    BlobCopies(PartitionedBlobService service, BlobServiceSettings settings, Executor working, Clock clock) {
        this.service = service;
        this.copying = new BlobCopy.Needs(service, settings.copyReportMillis(), working, clock);
        this.maxCopies = settings.maxCopies();
        this.working = working;
    }

    /** A blob that is copied onto itself has its bytes already, and would lose them if it became an empty destination: its metadata is replaced. */
    CompletionStage<BlobReply.Done> begin(String account, String container, String blob, BlobDraft draft, BlobSource source,
            String sourceUrl, BlobConditions conditions, AccountRules rules) {
        return service.open(source.account(), source.container(), source.target()).thenCompose(found -> {
            OpenBlob opened = found.orElseThrow(() -> new StorageException(StorageErrorCode.COPY_SOURCE_NOT_FOUND));
            BlobState from = opened.state();
            if (from.tier() == AccessTier.ARCHIVE) {
                throw new StorageException(StorageErrorCode.BLOB_ARCHIVED);
            }
            if (source.equals(new BlobSource(account, container, new BlobTarget(blob)))) {
                return service.change(account, container, new BlobCommand.SetMetadata(blob, draft.metadata(), conditions, rules));
            }
            CopyOrigin origin = new CopyOrigin(source.account(), source.container(), source.target(), from.etag());
            BlobCommand.CopySource copied = new BlobCommand.CopySource(sourceUrl, from.lengthBytes(), origin);
            return service.change(account, container, new BlobCommand.BeginCopy(blob, draft, from.kind(), copied, conditions, rules));
        }).thenApply(done -> {
            BlobState.CopyState copy = done.state().copy();
            if (BlobState.CopyStatus.PENDING == (copy == null ? null : copy.status())) {
                goOn(new Destination(account, container, blob, copy.id()), copy.origin());
            }
            return done;
        });
    }

    /** Makes a copy that is pending, unless it is being made here. */
    void goOn(Destination destination, CopyOrigin origin) {
        synchronized (this) {
            if (waiting.size() >= MAX_WAITING || !known.add(destination.copyId())) {
                return;
            }
            waiting.add(new Waiting(destination, origin));
        }
        beginNext();
    }

    private void beginNext() {
        Waiting next;
        synchronized (this) {
            if (underWay >= maxCopies || waiting.isEmpty()) {
                return;
            }
            next = waiting.remove();
            underWay++;
        }
        attempt(next, 1).whenComplete((ended, error) -> {
            if (error != null) {
                LOG.warn("the copy {} to {}/{} could not be ended", next.destination.copyId(), next.destination.container(),
                        next.destination.blob(), error);
            }
            synchronized (this) {
                underWay--;
                known.remove(next.destination.copyId());
            }
            working.execute(this::beginNext);
        });
    }

    private CompletionStage<Void> attempt(Waiting copy, int tries) {
        return new BlobCopy(copying, copy.destination, copy.origin).make().exceptionallyCompose(error -> {
            Throwable cause = error.getCause() == null ? error : error.getCause();
            if (cause instanceof BlobCopy.SourceLostException lost) {
                return end(copy.destination, lost.getMessage());
            }
            if (cause instanceof StorageException refused && refused.error() == StorageErrorCode.BLOB_MODIFIED_WHILE_READING) {
                return end(copy.destination, BlobCopy.SOURCE_CHANGED);
            }
            if (cause instanceof StorageException refused && hasEnded(refused.error())) {
                return CompletableFuture.completedStage(null);
            }
            if (tries == MAX_TRIES) {
                LOG.warn("the copy {} to {}/{} has failed", copy.destination.copyId(), copy.destination.container(), copy.destination.blob(), cause);
                return end(copy.destination, "500 InternalError");
            }
            Executor later = CompletableFuture.delayedExecutor(PAUSE_MILLIS << tries, TimeUnit.MILLISECONDS, working);
            return CompletableFuture.runAsync(() -> { }, later).thenCompose(pause -> attempt(copy, tries + 1));
        });
    }

    /** The copy was aborted, or its destination deleted or overwritten. */
    private static boolean hasEnded(StorageErrorCode error) {
        return switch (error) {
            case NO_PENDING_COPY_OPERATION, COPY_ID_MISMATCH, BLOB_NOT_FOUND, CONTAINER_NOT_FOUND -> true;
            default -> false;
        };
    }

    private CompletionStage<Void> end(Destination destination, String failure) {
        return service.change(destination.account(), destination.container(),
                        new BlobCommand.EndCopy(destination.blob(), destination.copyId(), List.of(), failure))
                .thenAccept(done -> { });
    }
}
