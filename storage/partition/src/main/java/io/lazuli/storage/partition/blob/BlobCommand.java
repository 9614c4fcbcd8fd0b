package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.model.ChunkRun;
import java.util.List;
import java.util.Map;

/**
 * A change of one blob, decided by the actor of the range that holds it and made in one commit; answered with {@link BlobReply}. Arguments
 * are valid by themselves (names, lengths, forms); what depends on the blob's state is decided with it.
 *
 * <p>Where a decision needs more rows than a few, whoever sends the command has read them, says as of which state of the blob
 * ({@code expectedChange}, see {@link BlobState#change}, 0 for none), and gets {@link BlobReply.Changed} if that is no longer the present one.
 */
public sealed interface BlobCommand extends WireMessage {

    /** The blob's name. */
    String blob();

    BlobConditions conditions();

    // Whole blobs

    /** Put Blob of a block blob; also the last step of Put Blob From URL. */
    record PutBlockBlob(String blob, BlobDraft draft, NewContent content, BlobConditions conditions, AccountRules rules)
            implements BlobCommand {}

    /** Put Blob of an append blob, which begins empty. */
    record PutAppendBlob(String blob, BlobDraft draft, BlobConditions conditions, AccountRules rules) implements BlobCommand {}

    /** Put Blob of a page blob, which begins as zeroes. {@code sizeBytes} is a multiple of 512, at most 8 TiB. */
    record PutPageBlob(
            String blob, BlobDraft draft, long sizeBytes, long sequenceNumber, BlobConditions conditions, AccountRules rules)
            implements BlobCommand {}

    // Block blobs

    record PutBlock(String blob, BlockRef block, BlobConditions conditions) implements BlobCommand {}

    /**
     * Put Block List. {@code blocks} are the chosen ones in order, found among the committed and uncommitted ones as of
     * {@code expectedChange}; at most {@link BlobLimits#MAX_COMMITTED_BLOCKS}.
     */
    record CommitBlocks(
            String blob, BlobDraft draft, List<BlockRef> blocks, long expectedChange, BlobConditions conditions, AccountRules rules)
            implements BlobCommand {}

    // Append blobs

    /** @param appendPosition, maxSizeBytes null where not asked for */
    record AppendBlock(String blob, ChunkRun run, Long appendPosition, Long maxSizeBytes, BlobConditions conditions)
            implements BlobCommand {}

    record SealAppendBlob(String blob, Long appendPosition, BlobConditions conditions) implements BlobCommand {}

    // Page blobs

    /**
     * Put Page. {@code offset} and {@code lengthBytes} are multiples of 512, at most 4 MiB are written in one; null {@code run} clears, at most
     * {@link BlobLimits#MAX_CLEARED_BYTES}.
     *
     * @param attempt at the pending copy that this is a part of, null if it is none
     */
    record WritePages(
            String blob, long offset, long lengthBytes, ChunkRun run, SequenceCondition sequence, CopyAttempt attempt, BlobConditions conditions)
            implements BlobCommand {

        public WritePages(String blob, long offset, long lengthBytes, ChunkRun run, SequenceCondition sequence, BlobConditions conditions) {
            this(blob, offset, lengthBytes, run, sequence, null, conditions);
        }
    }

    /**
     * Writes windows of pages anew as they count, which nobody notices, so that cuts of the content need not be kept. {@link PageSettling} finds out which.
     *
     * @param windows by their offsets, at most {@link PageSettling#MAX_WINDOWS}
     * @param settled null unless these are the last ones
     */
    record SettlePages(String blob, long contentId, List<Long> windows, Settled settled) implements BlobCommand {

        /** No window that begins before {@code end} and ends behind {@code from} is older than {@code generation}. */
        public record Settled(long from, long end, long generation) implements WireMessage {}

        @Override
        public BlobConditions conditions() {
            return BlobConditions.NONE;
        }
    }

    /** The page blob's part of Set Blob Properties. {@code newSizeBytes} and {@code newNumber} null where not asked for; number null with INCREMENT. */
    record SetPageBlob(String blob, Long newSizeBytes, SequenceAction action, Long newNumber, BlobConditions conditions)
            implements BlobCommand {}

    // What a blob says of itself

    record SetHeaders(String blob, BlobHeaders headers, BlobConditions conditions) implements BlobCommand {}

    record SetMetadata(String blob, Map<String, String> metadata, BlobConditions conditions, AccountRules rules) implements BlobCommand {}

    record SetTags(BlobTarget target, Map<String, String> tags, BlobConditions conditions) implements BlobCommand {

        @Override
        public String blob() {
            return target.name();
        }
    }

    /** @param highPriority of a rehydration */
    record SetTier(BlobTarget target, AccessTier tier, boolean highPriority, BlobConditions conditions) implements BlobCommand {

        @Override
        public String blob() {
            return target.name();
        }
    }

    /** {@code policy} null takes it away. */
    record SetImmutability(BlobTarget target, ImmutabilityPolicy policy, BlobConditions conditions) implements BlobCommand {

        @Override
        public String blob() {
            return target.name();
        }
    }

    record SetLegalHold(BlobTarget target, boolean hold, BlobConditions conditions) implements BlobCommand {

        @Override
        public String blob() {
            return target.name();
        }
    }

    // States

    /** @param metadata null takes the blob's */
    record Snapshot(String blob, Map<String, String> metadata, BlobConditions conditions, AccountRules rules) implements BlobCommand {}

    /**
     * Delete Blob.
     *
     * @param snapshots which of its snapshots go, if the current state is meant
     * @param snapshotTicks all snapshots that are there, as read as of {@code expectedChange}; empty unless {@code snapshots} asks for them.
     *     At most {@link BlobLimits#MAX_SNAPSHOTS_AT_ONCE}; with ONLY some of them will do, so that more can go in several steps
     * @param permanent of a snapshot or version that is deleted already ({@code deletetype=permanent})
     */
    record Delete(
            BlobTarget target, DeleteSnapshots snapshots, List<Long> snapshotTicks, long expectedChange, boolean permanent,
            BlobConditions conditions, AccountRules rules) implements BlobCommand {

        public enum DeleteSnapshots implements WireMessage { NONE, INCLUDE, ONLY }

        @Override
        public String blob() {
            return target.name();
        }
    }

    /** Undelete Blob: the current state and all snapshots and versions that are deleted softly, as read as of {@code expectedChange}. */
    record Undelete(String blob, List<Long> snapshotTicks, List<Long> versionTicks, long expectedChange) implements BlobCommand {

        @Override
        public BlobConditions conditions() {
            return BlobConditions.NONE;
        }
    }

    // Leases

    /** @param durationSeconds 15 to 60, or {@link BlobLimits#INFINITE_LEASE_SECONDS}; null unless acquiring
     * @param proposedId in lower case; null if one is to be made up, or unless acquiring or changing
     * @param breakSeconds 0 to 60; null for the documented default */
    record Lease(String blob, LeaseAction action, String proposedId, Integer durationSeconds, Integer breakSeconds, BlobConditions conditions)
            implements BlobCommand {}

    // Copies made in the background

    /** The destination becomes an empty blob with a pending copy, whose id is the reply's. */
    record BeginCopy(String blob, BlobDraft draft, BlobKind kind, CopySource source, BlobConditions conditions, AccountRules rules)
            implements BlobCommand {}

    /**
     * Ends the attempt and begins the next, whose number the reply's state has.
     *
     * @param seenChange of the blob; if that has changed since, somebody is at it
     */
    record TakeUpCopy(String blob, CopyAttempt attempt, long seenChange) implements BlobCommand {

        @Override
        public BlobConditions conditions() {
            return BlobConditions.NONE;
        }
    }

    /** Also without progress, to say that somebody is at it. */
    record ReportCopy(String blob, CopyAttempt attempt, long copiedBytes) implements BlobCommand {

        @Override
        public BlobConditions conditions() {
            return BlobConditions.NONE;
        }
    }

    /** The copy has come to its end: with blocks (block and append blobs), with pages written before (page blobs: empty), or with a failure (not null). */
    record EndCopy(String blob, CopyAttempt attempt, List<BlockRef> blocks, String failure) implements BlobCommand {

        @Override
        public BlobConditions conditions() {
            return BlobConditions.NONE;
        }
    }

    record AbortCopy(String blob, String copyId, BlobConditions conditions) implements BlobCommand {}

    // What time brings, asked for by the background job that looks after a container

    /**
     * Drops what is due by {@code nowMillis}: uncommitted blocks of which none came for a week, deleted states behind their retention,
     * rehydrations that have ended, and what no state names (as of {@code expectedChange}). {@link TidyPlan} finds out.
     *
     * @param snapshotTicks, versionTicks of states with something due
     * @param contents that no state names
     * @param pages rows of page maps that no state needs any more
     * @param alone whether there is neither a snapshot nor a version besides those
     */
    record Tidy(
            String blob, List<Long> snapshotTicks, List<Long> versionTicks, List<Long> contents, List<FormerPages> pages, boolean alone,
            long expectedChange, long nowMillis) implements BlobCommand {

        @Override
        public BlobConditions conditions() {
            return BlobConditions.NONE;
        }
    }

    /** Names a row of a page map. @param generation of a former one; 0 for the present one */
    record FormerPages(long contentId, long offset, long generation) implements WireMessage {}

    enum LeaseAction implements WireMessage { ACQUIRE, RENEW, CHANGE, RELEASE, BREAK }

    enum SequenceAction implements WireMessage { MAX, UPDATE, INCREMENT }

    /** {@code x-ms-if-sequence-number-le, -lt, -eq}; null where absent. */
    record SequenceCondition(Long atMost, Long less, Long equal) implements WireMessage {}

    /** @param url as it was given, without its signature's value */
    record CopySource(String url, long lengthBytes, CopyOrigin origin) implements WireMessage {}
}
