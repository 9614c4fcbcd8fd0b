package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.AccessTier;
import io.lazuli.storage.partition.blob.AccountRules;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobService.OpenBlob;
import io.lazuli.storage.partition.blob.BlobSource;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.CopyAttempt;
import io.lazuli.storage.partition.blob.CopyOrigin;
import io.lazuli.storage.partition.blob.OutsideSources;
import java.util.ArrayDeque;
import java.util.HashSet;
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
 * told; so when this node dies, whoever looks after blobs ({@link CopyWatch}) finds a copy that does not get on, and its node takes it up. Bytes are
 * always copied: no two blobs share any.
 *
 * <pre>
 * begun here, or taken up ({@link BlobCommand.TakeUpCopy}: nobody else can change it any more)
 *   WAITING --place free--> COPYING --all bytes--> success
 *                            | ^  |
 *               failed, tries | |  +--source lost, or {@value #MAX_TRIES} tries without progress--> failed
 *               left         v |
 *                           PAUSED          aborted, taken up by another, destination gone: dropped without a word
 * </pre>
 *
 * <p>Bounded: {@link BlobServiceSettings#maxCopies} at a time and {@value #MAX_WAITING} that wait; further ones are left to the
 * watch, which comes again. Any thread.
 */
final class BlobCopies {

    private static final Logger LOG = LoggerFactory.getLogger(BlobCopies.class);
    private static final int MAX_WAITING = 1_000;
    private static final int MAX_TRIES = 8;
    /** Pauses double up to so many of the first. */
    private static final int MAX_PAUSE_FACTOR = 16;
    private static final String FAILED = "500 InternalServerError \"Copy failed.\"";

    /** Where a copy goes. */
    record Destination(String account, String container, String blob, String copyId) {}

    /** @param takeUp what takes it up when its turn comes, null if it was begun here */
    private record Waiting(Destination destination, CopyOrigin origin, CopyAttempt attempt, BlobCommand.TakeUpCopy takeUp) {}

    private final PartitionedBlobService service;
    private final OutsideSources outside;
    private final BlobServiceSettings settings;
    private final Executor working;
    private final Clock clock;
    private final Set<String> known = new HashSet<>();
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int underWay;

    BlobCopies(PartitionedBlobService service, OutsideSources outside, BlobServiceSettings settings, Executor working, Clock clock) {
        this.service = service;
        this.outside = outside;
        this.settings = settings;
        this.working = working;
        this.clock = clock;
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
            CopyOrigin origin = new CopyOrigin.Here(source.account(), source.container(), source.target(), from.etag());
            BlobCommand.CopySource copied = new BlobCommand.CopySource(sourceUrl, from.lengthBytes(), origin);
            return begin(account, container, new BlobCommand.BeginCopy(blob, draft, from.kind(), copied, conditions, rules));
        });
    }

    /** From outside of this cloud. */
    CompletionStage<BlobReply.Done> begin(String account, String container, String blob, BlobDraft draft, CopyOrigin.Elsewhere source,
            String sourceUrl, BlobConditions conditions, AccountRules rules) {
        BlobCommand.CopySource copied = new BlobCommand.CopySource(sourceUrl, source.lengthBytes(), source);
        return begin(account, container, new BlobCommand.BeginCopy(blob, draft, BlobKind.BLOCK, copied, conditions, rules));
    }

    private CompletionStage<BlobReply.Done> begin(String account, String container, BlobCommand.BeginCopy begin) {
        return service.change(account, container, begin).thenApply(done -> {
            BlobState.CopyState copy = done.state().copy();
            Destination destination = new Destination(account, container, begin.blob(), copy.id());
            enqueue(new Waiting(destination, copy.origin(), new CopyAttempt(copy.id(), copy.attempt()), null));
            return done;
        });
    }

    /**
     * Takes up a copy that is pending, unless it is being made here, or gets on before its turn comes.
     *
     * @param lost the attempt that does not get on
     * @param seenChange of the blob when that was seen
     */
    void takeUp(Destination destination, CopyOrigin origin, CopyAttempt lost, long seenChange) {
        enqueue(new Waiting(destination, origin, lost, new BlobCommand.TakeUpCopy(destination.blob(), lost, seenChange)));
    }

    private void enqueue(Waiting copy) {
        synchronized (this) {
            if (waiting.size() >= MAX_WAITING || !known.add(copy.destination.copyId())) {
                return;
            }
            waiting.add(copy);
        }
        beginNext();
    }

    private void beginNext() {
        Waiting next;
        synchronized (this) {
            if (underWay >= settings.maxCopies() || waiting.isEmpty()) {
                return;
            }
            next = waiting.remove();
            underWay++;
        }
        mine(next).thenCompose(attempt -> make(next, attempt)).whenComplete((ended, failure) -> {
            if (failure != null && !hasEnded(failure)) {
                LOG.warn("the copy {} to {}/{} could not be ended", next.destination.copyId(), next.destination.container(),
                        next.destination.blob(), failure);
            }
            synchronized (this) {
                underWay--;
                known.remove(next.destination.copyId());
            }
            working.execute(this::beginNext);
        });
    }

    private CompletionStage<CopyAttempt> mine(Waiting copy) {
        return copy.takeUp == null
                ? CompletableFuture.completedStage(copy.attempt)
                : service.change(copy.destination.account(), copy.destination.container(), copy.takeUp)
                        .thenApply(done -> new CopyAttempt(copy.attempt.copyId(), done.state().copy().attempt()));
    }

    private CompletionStage<Void> make(Waiting copy, CopyAttempt attempt) {
        CopyTarget target = new CopyTarget(service, copy.destination, attempt, settings.copyReportMillis(), clock);
        CopyWork work = switch (copy.origin) {
            case CopyOrigin.Here here -> new BlobCopy(service, here, target, working);
            case CopyOrigin.Elsewhere elsewhere -> new OutsideCopy(outside, elsewhere, target);
        };
        return attempt(copy.destination, work, target, 1);
    }

    private CompletionStage<Void> attempt(Destination destination, CopyWork work, CopyTarget target, int tries) {
        long doneBefore = work.doneBytes();
        return work.make().exceptionallyCompose(failure -> {
            Throwable cause = Failures.cause(failure);
            if (cause instanceof CopyWork.SourceLostException lost) {
                return target.fail(lost.getMessage());
            }
            if (cause instanceof StorageException refused && refused.error() == StorageErrorCode.BLOB_MODIFIED_WHILE_READING) {
                return target.fail(BlobCopy.SOURCE_CHANGED);
            }
            if (hasEnded(cause)) {
                return CompletableFuture.completedStage(null);
            }
            int used = work.doneBytes() > doneBefore ? 1 : tries;
            if (used == MAX_TRIES) {
                LOG.warn("the copy {} to {}/{} has failed", destination.copyId(), destination.container(), destination.blob(), cause);
                return target.fail(FAILED);
            }
            long pauseMillis = settings.copyRetryPauseMillis() * Math.min(1 << (used - 1), MAX_PAUSE_FACTOR);
            // Who waits for its source is not to be taken for dead.
            return target.report(work.doneBytes()).exceptionallyCompose(unsaid -> hasEnded(unsaid)
                            ? CompletableFuture.failedStage(unsaid)
                            : CompletableFuture.completedStage(null))
                    .thenRunAsync(() -> { }, CompletableFuture.delayedExecutor(pauseMillis, TimeUnit.MILLISECONDS, working))
                    .thenCompose(pause -> attempt(destination, work, target, used + 1));
        });
    }

    /** The copy was aborted or taken up by another node, or its destination deleted or overwritten. */
    private static boolean hasEnded(Throwable failure) {
        return Failures.cause(failure) instanceof StorageException refused && switch (refused.error()) {
            case NO_PENDING_COPY_OPERATION, COPY_ID_MISMATCH, BLOB_NOT_FOUND, CONTAINER_NOT_FOUND -> true;
            default -> false;
        };
    }
}
