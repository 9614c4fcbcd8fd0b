package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobService.Upload;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.CopyAttempt;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The destination of a pending copy as one attempt at it writes it; refused as soon as there is a later attempt. Not for several threads at once. */
final class CopyTarget {

    private final PartitionedBlobService service;
    private final BlobCopies.Destination destination;
    private final CopyAttempt attempt;
    private final long reportMillis;
    private final Clock clock;
    private long reportedMillis;

    CopyTarget(PartitionedBlobService service, BlobCopies.Destination destination, CopyAttempt attempt, long reportMillis, Clock clock) {
        this.service = service;
        this.destination = destination;
        this.attempt = attempt;
        this.reportMillis = reportMillis;
        this.clock = clock;
        this.reportedMillis = clock.epochMillis();
    }

    CompletionStage<Upload> upload(long lengthBytes) {
        return service.upload(destination.account(), destination.container(), destination.blob(), lengthBytes, false, false);
    }

    boolean isReportDue() {
        return clock.epochMillis() - reportedMillis >= reportMillis;
    }

    /** Says how far the copy is, and that somebody is at it. */
    CompletionStage<Void> report(long copiedBytes) {
        reportedMillis = clock.epochMillis();
        return change(new BlobCommand.ReportCopy(destination.blob(), attempt, copiedBytes));
    }

    CompletionStage<Void> writePages(long offset, long lengthBytes, ChunkRun run) {
        return change(new BlobCommand.WritePages(destination.blob(), offset, lengthBytes, run,
                new BlobCommand.SequenceCondition(null, null, null), attempt, BlobConditions.NONE));
    }

    /** @param blocks empty of a page blob */
    CompletionStage<Void> end(List<BlockRef> blocks) {
        return change(new BlobCommand.EndCopy(destination.blob(), attempt, List.copyOf(blocks), null));
    }

    CompletionStage<Void> fail(String failure) {
        return change(new BlobCommand.EndCopy(destination.blob(), attempt, List.of(), failure));
    }

    private CompletionStage<Void> change(BlobCommand command) {
        return service.change(destination.account(), destination.container(), command).thenAccept(done -> { });
    }
}
