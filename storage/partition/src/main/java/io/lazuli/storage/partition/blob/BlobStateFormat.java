package io.lazuli.storage.partition.blob;

import io.lazuli.storage.partition.RowScanner;
import io.lazuli.storage.partition.RowWriter;
import io.lazuli.storage.partition.blob.BlobState.CopyState;
import io.lazuli.storage.partition.blob.BlobState.CopyStatus;
import io.lazuli.storage.partition.blob.BlobState.Deleted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a {@link BlobState} is kept in its row: the numbers that every state has, a number whose bits tell which of the rest there is, and those.
 * Durable format: golden-file tests hold it. The name is in the key.
 */
final class BlobStateFormat {

    private static final int HEADERS = 1;
    private static final int METADATA = 1 << 1;
    private static final int TAGS = 1 << 2;
    private static final int LEASE = 1 << 3;
    private static final int SEQUENCE_NUMBER = 1 << 4;
    private static final int SEALED = 1 << 5;
    private static final int TIER = 1 << 6;
    private static final int TIER_INFERRED = 1 << 7;
    private static final int REHYDRATING = 1 << 8;
    private static final int COPY = 1 << 9;
    private static final int IMMUTABILITY = 1 << 10;
    private static final int LEGAL_HOLD = 1 << 11;
    private static final int DELETED = 1 << 12;
    private static final int SNAPSHOTS = 1 << 13;
    private static final int CONTENT_SHARED = 1 << 14;
    private static final int IS_CURRENT_VERSION = 1 << 15;
    private static final int HAS_FORMER = 1 << 16;
    /** At most one of the two. */
    private static final int COPY_OF_BLOB = 1 << 17;
    private static final int COPY_FROM_ELSEWHERE = 1 << 18;
    private static final int COPY_ATTEMPT = 1 << 19;

    private static final int UNCOMMITTED = 0;
    private static final int INLINE = 1;
    private static final int BLOCKS = 2;
    private static final int PAGES = 3;
    private static final int ABSENT = 4;

    private BlobStateFormat() {}

    static byte[] encode(BlobState state) {
        RowWriter out = new RowWriter(BlobRows.VERSION).number(presentIn(state)).number(state.kind().code()).longs(state.change())
                .longs(state.snapshotTicks()).longs(state.versionTicks()).longs(state.createdTicks()).longs(state.modifiedTicks())
                .text(state.etag());
        if (!isNone(state.headers())) {
            headers(out, state.headers());
        }
        texts(out, state.metadata());
        texts(out, state.tags());
        if (state.lease().id() != null) {
            LeaseState lease = state.lease();
            out.text(lease.id()).number(lease.durationSeconds()).longs(lease.endsMillis()).flag(lease.breaking());
        }
        if (state.sequenceNumber() != 0) {
            out.longs(state.sequenceNumber());
        }
        if (state.tier() != null) {
            out.number(state.tier().code()).longs(state.tierChangedMillis());
        }
        if (state.rehydrating() != null) {
            out.number(state.rehydrating().code());
        }
        if (state.copy() != null) {
            copy(out, state.copy());
        }
        if (state.immutability() != null) {
            out.longs(state.immutability().untilMillis()).flag(state.immutability().locked());
        }
        if (state.deleted() != null) {
            out.longs(state.deleted().sinceMillis()).number(state.deleted().retentionDays());
        }
        if (state.snapshotCount() != 0) {
            out.number(state.snapshotCount());
        }
        content(out, state.content());
        return out.bytes();
    }

    static BlobState decode(String name, byte[] value) {
        RowScanner in = new RowScanner(value, BlobRows.VERSION);
        int present = in.number();
        BlobKind kind = BlobKind.ofCode(in.number());
        long change = in.longs();
        long snapshotTicks = in.longs();
        long versionTicks = in.longs();
        long createdTicks = in.longs();
        long modifiedTicks = in.longs();
        String etag = in.text();
        BlobHeaders headers = has(present, HEADERS) ? headers(in) : BlobHeaders.NONE;
        Map<String, String> metadata = has(present, METADATA) ? in.map(RowScanner::text, RowScanner::text) : Map.of();
        Map<String, String> tags = has(present, TAGS) ? in.map(RowScanner::text, RowScanner::text) : Map.of();
        LeaseState lease =
                has(present, LEASE) ? new LeaseState(in.text(), in.number(), in.longs(), in.flag()) : LeaseState.NONE;
        long sequenceNumber = has(present, SEQUENCE_NUMBER) ? in.longs() : 0;
        AccessTier tier = has(present, TIER) ? AccessTier.ofCode(in.number()) : null;
        long tierChangedMillis = tier == null ? 0 : in.longs();
        AccessTier rehydrating = has(present, REHYDRATING) ? AccessTier.ofCode(in.number()) : null;
        CopyState copy = has(present, COPY) ? copy(in, present) : null;
        ImmutabilityPolicy immutability = has(present, IMMUTABILITY) ? new ImmutabilityPolicy(in.longs(), in.flag()) : null;
        Deleted deleted = has(present, DELETED) ? new Deleted(in.longs(), in.number()) : null;
        int snapshotCount = has(present, SNAPSHOTS) ? in.number() : 0;
        return new BlobState(name, kind, change, snapshotTicks, versionTicks, has(present, IS_CURRENT_VERSION), createdTicks, modifiedTicks,
                etag, headers, metadata, tags, lease, sequenceNumber, has(present, SEALED), tier, has(present, TIER_INFERRED),
                tierChangedMillis, rehydrating, copy, immutability, has(present, LEGAL_HOLD), deleted, snapshotCount,
                has(present, HAS_FORMER), has(present, CONTENT_SHARED), content(in));
    }

    private static int presentIn(BlobState state) {
        return bit(HEADERS, !isNone(state.headers())) | bit(METADATA, !state.metadata().isEmpty()) | bit(TAGS, !state.tags().isEmpty())
                | bit(LEASE, state.lease().id() != null) | bit(SEQUENCE_NUMBER, state.sequenceNumber() != 0) | bit(SEALED, state.sealed())
                | bit(TIER, state.tier() != null) | bit(TIER_INFERRED, state.tierInferred()) | bit(REHYDRATING, state.rehydrating() != null)
                | copyIn(state.copy()) | bit(IMMUTABILITY, state.immutability() != null) | bit(LEGAL_HOLD, state.legalHold())
                | bit(DELETED, state.deleted() != null) | bit(SNAPSHOTS, state.snapshotCount() != 0)
                | bit(HAS_FORMER, state.hasFormer()) | bit(CONTENT_SHARED, state.contentShared()) | bit(IS_CURRENT_VERSION, state.isCurrentVersion());
    }

    private static int copyIn(CopyState copy) {
        return copy == null ? 0 : COPY | bit(COPY_OF_BLOB, copy.origin() instanceof CopyOrigin.Here)
                | bit(COPY_FROM_ELSEWHERE, copy.origin() instanceof CopyOrigin.Elsewhere) | bit(COPY_ATTEMPT, copy.attempt() != 0);
    }

    private static int bit(int bit, boolean set) {
        return set ? bit : 0;
    }

    private static boolean has(int present, int bit) {
        return (present & bit) != 0;
    }

    private static boolean isNone(BlobHeaders headers) {
        return headers.equals(BlobHeaders.NONE);
    }

    private static void headers(RowWriter out, BlobHeaders headers) {
        out.textOrNull(headers.contentType()).textOrNull(headers.contentEncoding()).textOrNull(headers.contentLanguage())
                .textOrNull(headers.contentDisposition()).textOrNull(headers.cacheControl()).flag(headers.contentMd5() != null);
        if (headers.contentMd5() != null) {
            out.binary(headers.contentMd5());
        }
    }

    private static BlobHeaders headers(RowScanner in) {
        return new BlobHeaders(in.textOrNull(), in.textOrNull(), in.textOrNull(), in.textOrNull(), in.textOrNull(),
                in.flag() ? in.binary() : null);
    }

    private static void texts(RowWriter out, Map<String, String> texts) {
        if (!texts.isEmpty()) {
            out.number(texts.size());
            texts.forEach((name, value) -> out.text(name).text(value));
        }
    }

    private static void copy(RowWriter out, CopyState copy) {
        out.text(copy.id()).text(copy.source()).number(code(copy.status())).longs(copy.copiedBytes()).longs(copy.totalBytes())
                .longs(copy.completedMillis()).textOrNull(copy.description());
        switch (copy.origin()) {
            case CopyOrigin.Here here -> out.text(here.account()).text(here.container()).text(here.target().name())
                    .longs(here.target().snapshotTicks()).longs(here.target().versionTicks()).text(here.etag());
            case CopyOrigin.Elsewhere elsewhere -> out.text(elsewhere.url()).textOrNull(elsewhere.etag()).longs(elsewhere.lengthBytes());
            case null -> { }
        }
        if (copy.attempt() != 0) {
            out.number(copy.attempt());
        }
    }

    private static CopyState copy(RowScanner in, int present) {
        return new CopyState(in.text(), in.text(), status(in.number()), in.longs(), in.longs(), in.longs(), in.textOrNull(),
                origin(in, present), has(present, COPY_ATTEMPT) ? in.number() : 0);
    }

    private static CopyOrigin origin(RowScanner in, int present) {
        if (has(present, COPY_OF_BLOB)) {
            return new CopyOrigin.Here(in.text(), in.text(), new BlobTarget(in.text(), in.longs(), in.longs()), in.text());
        }
        return has(present, COPY_FROM_ELSEWHERE) ? new CopyOrigin.Elsewhere(in.text(), in.textOrNull(), in.longs()) : null;
    }

    private static int code(CopyStatus status) {
        return switch (status) {
            case PENDING -> 1;
            case SUCCESS -> 2;
            case ABORTED -> 3;
            case FAILED -> 4;
        };
    }

    private static CopyStatus status(int code) {
        return switch (code) {
            case 1 -> CopyStatus.PENDING;
            case 2 -> CopyStatus.SUCCESS;
            case 3 -> CopyStatus.ABORTED;
            case 4 -> CopyStatus.FAILED;
            default -> throw new IllegalStateException("no state of a copy has the code " + code);
        };
    }

    private static void content(RowWriter out, BlobContent content) {
        switch (content) {
            case BlobContent.Uncommitted uncommitted -> out.number(UNCOMMITTED);
            case BlobContent.Absent absent -> out.number(ABSENT);
            case BlobContent.Inline inline -> out.number(INLINE).longs(inline.contentId()).longs(inline.lengthBytes());
            case BlobContent.Blocks blocks -> {
                out.number(BLOCKS).longs(blocks.contentId()).longs(blocks.lengthBytes()).number(blocks.blockCount());
                BlockSegments.write(out, blocks.blocks());
                out.number(blocks.segments().size());
                blocks.segments().forEach(out::longs);
            }
            case BlobContent.Pages pages -> {
                out.number(PAGES).longs(pages.contentId()).longs(pages.lengthBytes()).longs(pages.generation()).number(pages.cuts().size());
                pages.cuts().forEach(cut -> out.longs(cut.generation()).longs(cut.sizeBytes()));
            }
        }
    }

    private static BlobContent content(RowScanner in) {
        int kind = in.number();
        return switch (kind) {
            case UNCOMMITTED -> new BlobContent.Uncommitted();
            case ABSENT -> new BlobContent.Absent();
            case INLINE -> new BlobContent.Inline(in.longs(), in.longs());
            case BLOCKS -> new BlobContent.Blocks(
                    in.longs(), in.longs(), in.number(), new ArrayList<>(BlockSegments.blocks(in)), in.list(RowScanner::longs));
            case PAGES -> new BlobContent.Pages(in.longs(), in.longs(), in.longs(), cuts(in));
            default -> throw new IllegalStateException("no content has the code " + kind);
        };
    }

    private static List<BlobContent.Cut> cuts(RowScanner in) {
        return in.list(scanner -> new BlobContent.Cut(scanner.longs(), scanner.longs()));
    }
}
