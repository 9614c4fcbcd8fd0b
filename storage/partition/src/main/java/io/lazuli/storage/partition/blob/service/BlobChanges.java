package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.AccountRules;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobCommand.Delete.DeleteSnapshots;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobService.BlockChoice;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.NewContent;
import io.lazuli.storage.partition.table.RangeReply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Brings commands to the actors of ranges. Those whose decision needs many rows are read for first, and sent again as often as the blob changes
 * in between, {@value #MAX_TRIES} times at most. Any thread.
 */
final class BlobChanges {

    private static final int MAX_TRIES = 8;

    private final BlobStates states;
    private final RangeSender sender;
    private final long maxUnnamedMillis;
    private final Clock clock;

    BlobChanges(BlobStates states, RangeSender sender, long maxUnnamedMillis, Clock clock) {
        this.states = states;
        this.sender = sender;
        this.maxUnnamedMillis = maxUnnamedMillis;
        this.clock = clock;
    }

    /** A change that cannot be answered with Changed. */
    CompletionStage<BlobReply.Done> change(ContainerRanges container, BlobCommand command) {
        return send(container, command).thenApply(reply -> reply.orElseThrow(
                () -> new IllegalStateException("a command that expects nothing found the blob changed: " + command.getClass())));
    }

    /** Empty if the blob is not as expected any more. */
    CompletionStage<Optional<BlobReply.Done>> send(ContainerRanges container, BlobCommand command) {
        if (namesOldBytes(command)) {
            return CompletableFuture.failedStage(new StorageException(StorageErrorCode.OPERATION_TIMED_OUT));
        }
        ContainerRanges.Attempt<BlobReply> attempt = (range, timeout) -> sender.send(range.partition(), command, timeout)
                .thenCompose(reply -> switch (reply) {
                    case RangeReply.Changed changed -> CompletableFuture.completedStage(Optional.of(changed.reply()));
                    case RangeReply.Moved moved -> CompletableFuture.completedStage(Optional.<BlobReply>empty());
                    case RangeReply.Refused refused -> CompletableFuture.failedStage(new StorageException(refused.error()));
                    case RangeReply.Failed failed -> CompletableFuture.failedStage(new StorageException(failed.error()));
                    case RangeReply.Written other -> unexpected(other);
                    case RangeReply.Done other -> unexpected(other);
                    case RangeReply.SplitKey other -> unexpected(other);
                    case RangeReply.Described other -> unexpected(other);
                });
        byte[] key = BlobKeys.ofBlob(command.blob());
        return (protects(command) ? container.onMarked(key, attempt) : container.on(key, attempt)).thenApply(reply -> switch (reply) {
                    case BlobReply.Done done -> Optional.of(done);
                    case BlobReply.Changed changed -> Optional.empty();
                    case BlobReply.Refused refused -> throw new StorageException(refused.error(), refused.details());
                });
    }

    private static <T> CompletionStage<T> unexpected(RangeReply reply) {
        return CompletableFuture.failedStage(new IllegalStateException("a range answered a change of a blob with " + reply));
    }

    /** Whether the command names bytes for the first time that may be taken for garbage before it is carried out. */
    private boolean namesOldBytes(BlobCommand command) {
        long oldest = clock.epochMillis() - maxUnnamedMillis;
        return namedFirst(command).anyMatch(run -> run.createdMillis() < oldest);
    }

    /** Whether a state may become immutable by it that none was before in its container. */
    private static boolean protects(BlobCommand command) {
        return switch (command) {
            case BlobCommand.PutBlockBlob put -> put.draft().protects();
            case BlobCommand.PutAppendBlob put -> put.draft().protects();
            case BlobCommand.PutPageBlob put -> put.draft().protects();
            case BlobCommand.CommitBlocks commit -> commit.draft().protects();
            case BlobCommand.BeginCopy begin -> begin.draft().protects();
            case BlobCommand.SetImmutability set -> set.policy() != null;
            case BlobCommand.SetLegalHold set -> set.hold();
            default -> false;
        };
    }

    private static Stream<ChunkRun> namedFirst(BlobCommand command) {
        return switch (command) {
            case BlobCommand.PutBlockBlob put when put.content() instanceof NewContent.Stored stored -> Stream.of(stored.run());
            case BlobCommand.PutBlock put -> Stream.of(put.block().run());
            case BlobCommand.AppendBlock append -> Stream.of(append.run());
            case BlobCommand.WritePages write -> Stream.ofNullable(write.run());
            case BlobCommand.EndCopy end -> end.blocks().stream().map(BlockRef::run);
            case BlobCommand.PutBlockBlob none -> Stream.empty();
            case BlobCommand.PutAppendBlob none -> Stream.empty();
            case BlobCommand.PutPageBlob none -> Stream.empty();
            case BlobCommand.CommitBlocks none -> Stream.empty();
            case BlobCommand.SealAppendBlob none -> Stream.empty();
            case BlobCommand.SettlePages none -> Stream.empty();
            case BlobCommand.SetPageBlob none -> Stream.empty();
            case BlobCommand.SetHeaders none -> Stream.empty();
            case BlobCommand.SetMetadata none -> Stream.empty();
            case BlobCommand.SetTags none -> Stream.empty();
            case BlobCommand.SetTier none -> Stream.empty();
            case BlobCommand.SetImmutability none -> Stream.empty();
            case BlobCommand.SetLegalHold none -> Stream.empty();
            case BlobCommand.Lease none -> Stream.empty();
            case BlobCommand.Snapshot none -> Stream.empty();
            case BlobCommand.Delete none -> Stream.empty();
            case BlobCommand.Undelete none -> Stream.empty();
            case BlobCommand.BeginCopy none -> Stream.empty();
            case BlobCommand.TakeUpCopy none -> Stream.empty();
            case BlobCommand.ReportCopy none -> Stream.empty();
            case BlobCommand.AbortCopy none -> Stream.empty();
            case BlobCommand.Tidy none -> Stream.empty();
        };
    }

    // Put Block List

    CompletionStage<BlobReply.Done> commitBlocks(ContainerRanges container, String blob, BlobDraft draft, List<BlockChoice> choices,
            BlobConditions conditions, AccountRules rules) {
        return commitBlocks(container, blob, draft, choices, conditions, rules, 1);
    }

    private CompletionStage<BlobReply.Done> commitBlocks(ContainerRanges container, String blob, BlobDraft draft, List<BlockChoice> choices,
            BlobConditions conditions, AccountRules rules, int tries) {
        boolean committed = choices.stream().anyMatch(choice -> choice.source() != BlockChoice.Source.UNCOMMITTED);
        boolean uncommitted = choices.stream().anyMatch(choice -> choice.source() != BlockChoice.Source.COMMITTED);
        return states.blocks(container, new BlobTarget(blob), committed, uncommitted).thenCompose(known -> {
            List<BlockRef> chosen = chosen(choices, known);
            return send(container, new BlobCommand.CommitBlocks(blob, draft, chosen, known.change(), conditions, rules));
        }).thenCompose(done -> again(done, tries, () -> commitBlocks(container, blob, draft, choices, conditions, rules, tries + 1)));
    }

    /** @throws StorageException InvalidBlockList */
    static List<BlockRef> chosen(List<BlockChoice> choices, BlobStates.Blocks known) {
        Map<ByteBuffer, BlockRef> committed = byId(known.state() == null || !known.state().exists() ? List.of() : known.committed());
        Map<ByteBuffer, BlockRef> uncommitted = byId(known.uncommitted());
        List<BlockRef> chosen = new ArrayList<>(choices.size());
        for (BlockChoice choice : choices) {
            ByteBuffer id = ByteBuffer.wrap(choice.id());
            BlockRef block = switch (choice.source()) {
                case COMMITTED -> committed.get(id);
                case UNCOMMITTED -> uncommitted.get(id);
                case LATEST -> uncommitted.getOrDefault(id, committed.get(id));
            };
            if (block == null) {
                throw new StorageException(StorageErrorCode.INVALID_BLOCK_LIST);
            }
            chosen.add(block);
        }
        return chosen;
    }

    private static Map<ByteBuffer, BlockRef> byId(List<BlockRef> blocks) {
        Map<ByteBuffer, BlockRef> byId = new HashMap<>();
        blocks.forEach(block -> byId.put(ByteBuffer.wrap(block.id()), block));
        return byId;
    }

    // Deletion and back

    CompletionStage<BlobReply.Done> delete(ContainerRanges container, BlobTarget target, DeleteSnapshots snapshots, boolean permanent,
            BlobConditions conditions, AccountRules rules) {
        if (snapshots == DeleteSnapshots.NONE || !target.isCurrent()) {
            return change(container, new BlobCommand.Delete(target, DeleteSnapshots.NONE, List.of(), 0, permanent, conditions, rules));
        }
        return deleteWithSnapshots(container, target, snapshots, permanent, conditions, rules, 1);
    }

    /** More snapshots than one command names go before, some at a time. */
    private CompletionStage<BlobReply.Done> deleteWithSnapshots(ContainerRanges container, BlobTarget target, DeleteSnapshots snapshots,
            boolean permanent, BlobConditions conditions, AccountRules rules, int tries) {
        return states.all(container, target.name()).thenCompose(all -> {
            List<Long> ticks = all.former().stream()
                    .filter(state -> state.snapshotTicks() != 0 && state.deleted() == null).map(BlobState::snapshotTicks).toList();
            if (ticks.size() <= BlobLimits.MAX_SNAPSHOTS_AT_ONCE) {
                return send(container, new BlobCommand.Delete(target, snapshots, ticks, all.change(), permanent, conditions, rules))
                        .thenCompose(done -> again(done, tries,
                                () -> deleteWithSnapshots(container, target, snapshots, permanent, conditions, rules, tries + 1)));
            }
            List<Long> some = List.copyOf(ticks.subList(0, BlobLimits.MAX_SNAPSHOTS_AT_ONCE));
            return send(container, new BlobCommand.Delete(target, DeleteSnapshots.ONLY, some, all.change(), permanent, conditions, rules))
                    .thenCompose(done -> done.isPresent()
                            ? deleteWithSnapshots(container, target, snapshots, permanent, conditions, rules, tries)
                            : again(done, tries,
                                    () -> deleteWithSnapshots(container, target, snapshots, permanent, conditions, rules, tries + 1)));
        });
    }

    CompletionStage<BlobReply.Done> undelete(ContainerRanges container, String blob) {
        return undelete(container, blob, 1);
    }

    private CompletionStage<BlobReply.Done> undelete(ContainerRanges container, String blob, int tries) {
        return states.all(container, blob).thenCompose(all -> {
            List<BlobState> deleted = all.former().stream().filter(state -> state.deleted() != null)
                    .limit(BlobLimits.MAX_SNAPSHOTS_AT_ONCE).toList();
            List<Long> snapshots = deleted.stream().map(BlobState::snapshotTicks).filter(ticks -> ticks != 0).toList();
            List<Long> versions = deleted.stream().filter(state -> state.snapshotTicks() == 0).map(BlobState::versionTicks).toList();
            return send(container, new BlobCommand.Undelete(blob, snapshots, versions, all.change()));
        }).thenCompose(done -> again(done, tries, () -> undelete(container, blob, tries + 1)));
    }

    private interface Again {

        CompletionStage<BlobReply.Done> send();
    }

    private static CompletionStage<BlobReply.Done> again(Optional<BlobReply.Done> done, int tries, Again again) {
        if (done.isPresent()) {
            return CompletableFuture.completedStage(done.get());
        }
        return tries < MAX_TRIES ? again.send() : CompletableFuture.failedStage(new StorageException(StorageErrorCode.SERVER_BUSY));
    }
}
