package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Everything that is known of a blob's current state, or of one snapshot or version of it; kept in one row ({@link BlobRows}).
 *
 * @param change grows with every change of any row of the blob except that uncommitted blocks come; never 0
 * @param snapshotTicks of a snapshot its name, otherwise 0
 * @param versionTicks under which the state is known as a version, 0 if it was written without versioning
 * @param isCurrentVersion of a state with a version
 * @param modifiedTicks Last-Modified; larger with every change that alters the ETag
 * @param etag the text in quotation marks, {@code "0x8DB…"}
 * @param sequenceNumber of a page blob
 * @param sealed of an append blob
 * @param tier of a block blob; {@code tierInferred} if nobody said it, {@code rehydrating} where an archived one is on its way to
 * @param copy null unless the blob is or was the destination of a copy
 * @param immutability null if none
 * @param deleted null unless deleted softly
 * @param snapshotCount of a current state: snapshots that exist, deleted ones not counted
 * @param hasFormer of a current state: whether there may be versions, deleted snapshots, or contents that only snapshots had which are gone
 * @param contentShared whether a snapshot or version was made of it since {@code content} began, and may name the same rows
 * @param content where the bytes are; {@link BlobContent.Uncommitted} or {@link BlobContent.Absent} where there is no blob, but other rows of it
 */
public record BlobState(
        String name, BlobKind kind, long change, long snapshotTicks, long versionTicks, boolean isCurrentVersion, long createdTicks,
        long modifiedTicks, String etag, BlobHeaders headers, Map<String, String> metadata, Map<String, String> tags, LeaseState lease,
        long sequenceNumber, boolean sealed, AccessTier tier, boolean tierInferred, long tierChangedMillis, AccessTier rehydrating,
        CopyState copy, ImmutabilityPolicy immutability, boolean legalHold, Deleted deleted, int snapshotCount, boolean hasFormer,
        boolean contentShared, BlobContent content)
        implements WireMessage {

    /** @param retentionDays counted from {@code sinceMillis} */
    public record Deleted(long sinceMillis, int retentionDays) implements WireMessage {

        public boolean isOver(long nowMillis) {
            return sinceMillis + TimeUnit.DAYS.toMillis(retentionDays) <= nowMillis;
        }
    }

    /** @param completedMillis 0 while pending
     * @param origin null unless pending
     * @param attempt number of the {@link CopyAttempt} that makes a pending copy */
    public record CopyState(
            String id, String source, CopyStatus status, long copiedBytes, long totalBytes, long completedMillis, String description,
            CopyOrigin origin, int attempt) implements WireMessage {

        public CopyState(
                String id, String source, CopyStatus status, long copiedBytes, long totalBytes, long completedMillis, String description) {
            this(id, source, status, copiedBytes, totalBytes, completedMillis, description, null, 0);
        }
    }

    public enum CopyStatus implements WireMessage { PENDING, SUCCESS, ABORTED, FAILED }

    /** Whether there is anything for those who read: neither deleted nor only a place for other rows. */
    public boolean exists() {
        return deleted == null && hasContent();
    }

    /** Whether there are bytes, be they deleted softly. */
    public boolean hasContent() {
        return !(content instanceof BlobContent.Uncommitted || content instanceof BlobContent.Absent);
    }

    /** Whether it may be neither changed nor deleted. */
    public boolean isImmutable(long nowMillis) {
        return legalHold || immutability != null && immutability.untilMillis() > nowMillis;
    }

    /** Whether a rehydration has had its time. */
    boolean isRehydrated(long nowMillis) {
        return rehydrating != null && tierChangedMillis + BlobLimits.REHYDRATION_MILLIS <= nowMillis;
    }

    public long lengthBytes() {
        return content.lengthBytes();
    }
}
