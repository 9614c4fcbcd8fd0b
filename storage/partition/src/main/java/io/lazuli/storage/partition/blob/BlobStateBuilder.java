package io.lazuli.storage.partition.blob;

import io.lazuli.storage.partition.blob.BlobState.CopyState;
import io.lazuli.storage.partition.blob.BlobState.Deleted;
import java.util.Locale;
import java.util.Map;

/** Makes a blob's state out of another, or out of nothing. Used within one decision. */
final class BlobStateBuilder {

    private final String name;
    private BlobKind kind = BlobKind.BLOCK;
    private long change;
    private long snapshotTicks;
    private long versionTicks;
    private boolean isCurrentVersion;
    private long createdTicks;
    private long modifiedTicks;
    private String etag;
    private BlobHeaders headers = BlobHeaders.NONE;
    private Map<String, String> metadata = Map.of();
    private Map<String, String> tags = Map.of();
    private LeaseState lease = LeaseState.NONE;
    private long sequenceNumber;
    private boolean sealed;
    private AccessTier tier;
    private boolean tierInferred;
    private long tierChangedMillis;
    private AccessTier rehydrating;
    private CopyState copy;
    private ImmutabilityPolicy immutability;
    private boolean legalHold;
    private Deleted deleted;
    private int snapshotCount;
    private boolean hasFormer;
    private boolean contentShared;
    private BlobContent content = new BlobContent.Absent();

    /** A state that begins now. */
    BlobStateBuilder(String name, long ticks) {
        this.name = name;
        this.change = ticks;
        this.createdTicks = ticks;
        modified(ticks);
    }

    BlobStateBuilder(BlobState of) {
        name = of.name();
        kind = of.kind();
        change = of.change();
        snapshotTicks = of.snapshotTicks();
        versionTicks = of.versionTicks();
        isCurrentVersion = of.isCurrentVersion();
        createdTicks = of.createdTicks();
        modifiedTicks = of.modifiedTicks();
        etag = of.etag();
        headers = of.headers();
        metadata = of.metadata();
        tags = of.tags();
        lease = of.lease();
        sequenceNumber = of.sequenceNumber();
        sealed = of.sealed();
        tier = of.tier();
        tierInferred = of.tierInferred();
        tierChangedMillis = of.tierChangedMillis();
        rehydrating = of.rehydrating();
        copy = of.copy();
        immutability = of.immutability();
        legalHold = of.legalHold();
        deleted = of.deleted();
        snapshotCount = of.snapshotCount();
        hasFormer = of.hasFormer();
        contentShared = of.contentShared();
        content = of.content();
    }

    BlobState build() {
        return new BlobState(name, kind, change, snapshotTicks, versionTicks, isCurrentVersion, createdTicks, modifiedTicks, etag, headers,
                metadata, tags, lease, sequenceNumber, sealed, tier, tierInferred, tierChangedMillis, rehydrating, copy, immutability,
                legalHold, deleted, snapshotCount, hasFormer, contentShared, content);
    }

    BlobStateBuilder kind(BlobKind value) {
        kind = value;
        return this;
    }

    BlobStateBuilder change(long ticks) {
        change = ticks;
        return this;
    }

    /** With a new ETag and Last-Modified. */
    BlobStateBuilder modified(long ticks) {
        modifiedTicks = ticks;
        etag = "\"0x" + Long.toHexString(ticks).toUpperCase(Locale.ROOT) + '"';
        return this;
    }

    BlobStateBuilder created(long ticks) {
        createdTicks = ticks;
        return this;
    }

    BlobStateBuilder version(long ticks, boolean isCurrent) {
        versionTicks = ticks;
        isCurrentVersion = isCurrent;
        return this;
    }

    /** As it stands beside the current state: nobody leases it, and it has no snapshots of its own. */
    BlobStateBuilder aside(long snapshot, long version) {
        snapshotTicks = snapshot;
        versionTicks = version;
        isCurrentVersion = false;
        lease = LeaseState.NONE;
        snapshotCount = 0;
        hasFormer = false;
        return this;
    }

    BlobStateBuilder headers(BlobHeaders value) {
        headers = value;
        return this;
    }

    BlobStateBuilder metadata(Map<String, String> value) {
        metadata = value;
        return this;
    }

    BlobStateBuilder tags(Map<String, String> value) {
        tags = value;
        return this;
    }

    BlobStateBuilder lease(LeaseState value) {
        lease = value;
        return this;
    }

    BlobStateBuilder sequenceNumber(long value) {
        sequenceNumber = value;
        return this;
    }

    BlobStateBuilder sealed() {
        sealed = true;
        return this;
    }

    BlobStateBuilder tier(AccessTier value, boolean inferred, long changedMillis, AccessTier towards) {
        tier = value;
        tierInferred = inferred;
        tierChangedMillis = changedMillis;
        rehydrating = towards;
        return this;
    }

    BlobStateBuilder copy(CopyState value) {
        copy = value;
        return this;
    }

    BlobStateBuilder immutability(ImmutabilityPolicy value) {
        immutability = value;
        return this;
    }

    BlobStateBuilder legalHold(boolean value) {
        legalHold = value;
        return this;
    }

    BlobStateBuilder deleted(Deleted value) {
        deleted = value;
        return this;
    }

    BlobStateBuilder snapshotCount(int value) {
        snapshotCount = value;
        return this;
    }

    BlobStateBuilder hasFormer(boolean value) {
        hasFormer = value;
        return this;
    }

    BlobStateBuilder contentShared(boolean value) {
        contentShared = value;
        return this;
    }

    BlobStateBuilder content(BlobContent value) {
        content = value;
        return this;
    }
}
