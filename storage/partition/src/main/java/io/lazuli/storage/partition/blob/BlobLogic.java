package io.lazuli.storage.partition.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.table.RangeLogic;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.partition.table.RangeRows;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What changes of rows mean to ranges of containers: one {@link BlobCommand}, decided by {@link Decisions}. */
public final class BlobLogic implements RangeLogic<BlobCommand> {

    /** Pure and without state. */
    public interface Decisions {

        /** What must be seen in any case. */
        List<Wanted> rows(BlobCommand command);

        Outcome decide(BlobCommand command, Rows rows, Stamp stamp);
    }

    private static final List<Byte> TAGS = List.of(RangeRows.DATA, RangeRows.INDEX);
    /** A command without its lists, texts and bytes. */
    private static final int COMMAND_BYTES = 512;
    private static final int BLOCK_BYTES = 128;
    private static final int NUMBER_BYTES = 24;

    private final Decisions decisions;

    public BlobLogic(Decisions decisions) {
        this.decisions = decisions;
    }

    @Override
    public List<Byte> tags() {
        return TAGS;
    }

    @Override
    public BlobCommand changeOf(RangeRequest request) {
        return request instanceof RangeRequest.Change change ? change.command() : null;
    }

    @Override
    public long bytesOf(BlobCommand command) {
        return COMMAND_BYTES + 2L * command.blob().length() + switch (command) {
            case BlobCommand.PutBlockBlob put -> bytesOf(put.draft()) + (put.content() instanceof NewContent.Inline bytes ? bytes.lengthBytes() : 0);
            case BlobCommand.PutAppendBlob put -> bytesOf(put.draft());
            case BlobCommand.PutPageBlob put -> bytesOf(put.draft());
            case BlobCommand.CommitBlocks commit -> bytesOf(commit.draft()) + (long) commit.blocks().size() * BLOCK_BYTES;
            case BlobCommand.SetMetadata set -> bytesOf(set.metadata());
            case BlobCommand.SetTags set -> bytesOf(set.tags());
            case BlobCommand.Snapshot snapshot -> bytesOf(snapshot.metadata());
            case BlobCommand.Delete delete -> (long) delete.snapshotTicks().size() * NUMBER_BYTES;
            case BlobCommand.Undelete undelete -> (long) (undelete.snapshotTicks().size() + undelete.versionTicks().size()) * NUMBER_BYTES;
            case BlobCommand.BeginCopy begin -> bytesOf(begin.draft()) + 2L * begin.source().url().length();
            case BlobCommand.EndCopy end -> (long) end.blocks().size() * BLOCK_BYTES;
            case BlobCommand.Tidy tidy ->
                    (long) (tidy.snapshotTicks().size() + tidy.versionTicks().size() + tidy.contents().size()) * NUMBER_BYTES;
            case BlobCommand.PutBlock put -> 0;
            case BlobCommand.AppendBlock append -> 0;
            case BlobCommand.SealAppendBlob seal -> 0;
            case BlobCommand.WritePages write -> 0;
            case BlobCommand.SetPageBlob set -> 0;
            case BlobCommand.SetHeaders set -> 0;
            case BlobCommand.SetTier set -> 0;
            case BlobCommand.SetImmutability set -> 0;
            case BlobCommand.SetLegalHold set -> 0;
            case BlobCommand.Lease lease -> 0;
            case BlobCommand.ReportCopy report -> 0;
            case BlobCommand.AbortCopy abort -> 0;
        };
    }

    @Override
    public List<byte[]> keys(BlobCommand command) {
        return List.of(command.blob().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public List<Wanted> rows(BlobCommand command) {
        return decisions.rows(command);
    }

    @Override
    public RangeReply refusal(StorageErrorCode error) {
        return new RangeReply.Refused(error);
    }

    @Override
    public Outcome decide(BlobCommand command, Rows rows, Stamp stamp) {
        return decisions.decide(command, rows, stamp);
    }

    private static long bytesOf(BlobDraft draft) {
        return bytesOf(draft.metadata()) + bytesOf(draft.tags());
    }

    private static long bytesOf(Map<String, String> texts) {
        long bytes = 0;
        for (Map.Entry<String, String> text : texts == null ? Map.<String, String>of().entrySet() : texts.entrySet()) {
            bytes += 2L * (text.getKey().length() + text.getValue().length());
        }
        return bytes;
    }
}
