package io.lazuli.storage.partition.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.table.RangeLogic;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What each {@link BlobCommand} means: which rows of the blob it looks at, what it refuses, what it changes, what it answers. Pure. The rules
 * are in the classes that it asks: {@link WholeBlobDecisions} (a blob is written anew), {@link ContentDecisions} (parts of its
 * bytes), {@link PropertyDecisions} (what it says of itself, leases), {@link StateDecisions} (snapshots, versions, deletion), {@link CopyDecisions}.
 *
 * <p>Every change of any row of a blob, uncommitted blocks that come apart, also writes the current state's row with a new {@link BlobState#change}; that row
 * is there as long as there may be any other of the blob.
 */
public final class BlobDecisions implements RangeLogic<BlobCommand> {

    private static final byte INDEX = 'e';
    private static final byte DATA = 'd';
    private static final byte COPIES = 'c';
    private static final int BYTES_PER_COMMAND = 500;
    private static final int BYTES_PER_BLOCK = 120;

    private final Supplier<UUID> randomIds;

    /** @param randomIds of leases and copies */
    public BlobDecisions(Supplier<UUID> randomIds) {
        this.randomIds = randomIds;
    }

    @Override
    public List<Byte> tags() {
        return List.of(COPIES, DATA, INDEX);
    }

    @Override
    public BlobCommand changeOf(RangeRequest request) {
        return request instanceof RangeRequest.Change change ? change.command() : null;
    }

    @Override
    public long bytesOf(BlobCommand command) {
        return BYTES_PER_COMMAND + 2L * command.blob().length() + switch (command) {
            case BlobCommand.PutBlockBlob put -> put.content().lengthBytes() <= NewContent.MAX_INLINE_BYTES ? put.content().lengthBytes() : 0;
            case BlobCommand.CommitBlocks commit -> (long) commit.blocks().size() * BYTES_PER_BLOCK;
            case BlobCommand.EndCopy end -> (long) end.blocks().size() * BYTES_PER_BLOCK;
            default -> 0;
        };
    }

    @Override
    public List<byte[]> keys(BlobCommand command) {
        byte[] name = command.blob().getBytes(StandardCharsets.UTF_8);
        return List.of(Arrays.copyOf(name, name.length + 1));
    }

    @Override
    public List<Wanted> rows(BlobCommand command) {
        String blob = command.blob();
        List<Wanted> rows = new ArrayList<>();
        rows.add(new Wanted(BlobRows.currentKey(blob)));
        switch (command) {
            case BlobCommand.PutBlockBlob put -> rows.add(uncommitted(blob));
            case BlobCommand.PutAppendBlob put -> rows.add(uncommitted(blob));
            case BlobCommand.PutPageBlob put -> rows.add(uncommitted(blob));
            case BlobCommand.PutBlock put -> rows.add(uncommitted(blob));
            case BlobCommand.CommitBlocks commit -> rows.add(uncommitted(blob));
            case BlobCommand.BeginCopy begin -> {
                rows.add(uncommitted(blob));
                rows.add(copy(blob));
            }
            case BlobCommand.EndCopy end -> rows.add(copy(blob));
            case BlobCommand.AbortCopy abort -> rows.add(copy(blob));
            case BlobCommand.SetTags set -> add(rows, set.target());
            case BlobCommand.SetTier set -> add(rows, set.target());
            case BlobCommand.SetImmutability set -> add(rows, set.target());
            case BlobCommand.SetLegalHold set -> add(rows, set.target());
            case BlobCommand.Delete delete -> {
                rows.add(uncommitted(blob));
                add(rows, delete.target());
                delete.snapshotTicks().forEach(ticks -> rows.add(new Wanted(BlobRows.snapshotKey(blob, ticks))));
            }
            case BlobCommand.Undelete undelete -> add(rows, blob, undelete.snapshotTicks(), undelete.versionTicks());
            case BlobCommand.Tidy tidy -> {
                rows.add(uncommitted(blob));
                add(rows, blob, tidy.snapshotTicks(), tidy.versionTicks());
            }
            default -> { }
        }
        return rows;
    }

    @Override
    public RangeReply refusal(StorageErrorCode error) {
        return new RangeReply.Changed(new BlobReply.Refused(error));
    }

    @Override
    public Outcome decide(BlobCommand command, Rows rows, Stamp stamp) {
        try {
            BlobEdit edit = new BlobEdit(command.blob(), rows, stamp);
            return switch (command) {
                case BlobCommand.PutBlockBlob put -> WholeBlobDecisions.put(edit, put);
                case BlobCommand.PutAppendBlob put -> WholeBlobDecisions.put(edit, put);
                case BlobCommand.PutPageBlob put -> WholeBlobDecisions.put(edit, put);
                case BlobCommand.CommitBlocks commit -> WholeBlobDecisions.commit(edit, commit);
                case BlobCommand.PutBlock put -> ContentDecisions.putBlock(edit, put);
                case BlobCommand.AppendBlock append -> ContentDecisions.append(edit, append);
                case BlobCommand.SealAppendBlob seal -> ContentDecisions.seal(edit, seal);
                case BlobCommand.WritePages write -> ContentDecisions.writePages(edit, write);
                case BlobCommand.SettlePages settle -> ContentDecisions.settlePages(edit, settle);
                case BlobCommand.SetPageBlob set -> ContentDecisions.setPageBlob(edit, set);
                case BlobCommand.SetHeaders set -> PropertyDecisions.headers(edit, set);
                case BlobCommand.SetMetadata set -> PropertyDecisions.metadata(edit, set);
                case BlobCommand.SetTags set -> PropertyDecisions.tags(edit, set);
                case BlobCommand.SetTier set -> PropertyDecisions.tier(edit, set);
                case BlobCommand.SetImmutability set -> PropertyDecisions.immutability(edit, set);
                case BlobCommand.SetLegalHold set -> PropertyDecisions.legalHold(edit, set);
                case BlobCommand.Lease lease -> PropertyDecisions.lease(edit, lease, randomIds);
                case BlobCommand.Snapshot snapshot -> StateDecisions.snapshot(edit, snapshot);
                case BlobCommand.Delete delete -> StateDecisions.delete(edit, delete);
                case BlobCommand.Undelete undelete -> StateDecisions.undelete(edit, undelete);
                case BlobCommand.BeginCopy begin -> CopyDecisions.begin(edit, begin, randomIds);
                case BlobCommand.TakeUpCopy take -> CopyDecisions.takeUp(edit, take);
                case BlobCommand.ReportCopy report -> CopyDecisions.report(edit, report);
                case BlobCommand.EndCopy end -> CopyDecisions.end(edit, end);
                case BlobCommand.AbortCopy abort -> CopyDecisions.abort(edit, abort);
                case BlobCommand.Tidy tidy -> TidyDecisions.tidy(edit, tidy);
            };
        } catch (BlobEdit.Unseen unseen) {
            return new Outcome.LookUp(unseen.rows());
        } catch (BlobEdit.Stop stop) {
            return new Outcome.Refused(new RangeReply.Changed(stop.reply()));
        }
    }

    private static Wanted copy(String blob) {
        return new Wanted(BlobRows.copyKey(blob), false);
    }

    private static Wanted uncommitted(String blob) {
        return new Wanted(BlobRows.uncommittedKey(blob));
    }

    private static void add(List<Wanted> rows, BlobTarget target) {
        if (target.snapshotTicks() != 0) {
            rows.add(new Wanted(BlobRows.snapshotKey(target.name(), target.snapshotTicks())));
        }
        if (target.versionTicks() != 0) {
            rows.add(new Wanted(BlobRows.versionKey(target.name(), target.versionTicks())));
        }
    }

    private static void add(List<Wanted> rows, String blob, List<Long> snapshots, List<Long> versions) {
        snapshots.forEach(ticks -> rows.add(new Wanted(BlobRows.snapshotKey(blob, ticks))));
        versions.forEach(ticks -> rows.add(new Wanted(BlobRows.versionKey(blob, ticks))));
    }
}
