package io.lazuli.storage.protocol.blob;

import io.lazuli.security.HttpDates;
import io.lazuli.storage.partition.blob.AccessTier;
import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.service.MetadataHeaders;
import java.util.Locale;

/** What answers say of a blob's state. Source: "Get Blob Properties", "Get Blob" and the pages of the changes. */
final class StateHeaders {

    private StateHeaders() {}

    /** {@code ETag} and {@code Last-Modified}. */
    static Reply tag(BlobState state, Reply reply) {
        return state == null ? reply : reply.header("ETag", state.etag()).header("Last-Modified", BlobTimes.http(state.modifiedTicks()));
    }

    /** Of a change that wrote something: also the version that it made, and that it was kept as everything is. */
    static Reply written(BlobReply.Done done, Reply reply) {
        version(done, tag(done.state(), reply));
        return reply.header("x-ms-request-server-encrypted", "true");
    }

    static Reply version(BlobReply.Done done, Reply reply) {
        return done.versionTicks() == 0 ? reply : reply.header("x-ms-version-id", BlobTimes.name(done.versionTicks()));
    }

    /** Everything that Get Blob and Get Blob Properties tell, but what is about the bytes that are sent. */
    static Reply describe(BlobState state, long nowMillis, Reply reply) {
        tag(state, reply).header("x-ms-creation-time", BlobTimes.http(state.createdTicks()));
        MetadataHeaders.write(state.metadata(), reply);
        reply.header("x-ms-blob-type", kindName(state.kind())).header("x-ms-server-encrypted", "true").header("Accept-Ranges", "bytes");
        if (state.snapshotTicks() == 0 && (state.versionTicks() == 0 || state.isCurrentVersion())) {
            LeaseHeaders.describe(state.lease(), nowMillis, reply);
        }
        switch (state.kind()) {
            case PAGE -> reply.header("x-ms-blob-sequence-number", Long.toString(state.sequenceNumber()));
            case APPEND -> appendBlob(state, reply);
            case BLOCK -> {
            }
        }
        if (state.versionTicks() != 0) {
            reply.header("x-ms-version-id", BlobTimes.name(state.versionTicks()));
            if (state.isCurrentVersion()) {
                reply.header("x-ms-is-current-version", "true");
            }
        }
        if (state.tags() != null && !state.tags().isEmpty()) {
            reply.header("x-ms-tag-count", Integer.toString(state.tags().size()));
        }
        if (state.copy() != null) {
            copy(state.copy(), reply);
        }
        if (state.immutability() != null) {
            immutability(state, reply);
        }
        if (state.legalHold()) {
            reply.header("x-ms-legal-hold", "true");
        }
        return reply;
    }

    private static void appendBlob(BlobState state, Reply reply) {
        if (state.content() instanceof BlobContent.Blocks blocks) {
            reply.header("x-ms-blob-committed-block-count", Integer.toString(blocks.blockCount()));
        }
        if (state.sealed()) {
            reply.header("x-ms-blob-sealed", "true");
        }
    }

    private static void copy(BlobState.CopyState copy, Reply reply) {
        reply.header("x-ms-copy-id", copy.id())
                .header("x-ms-copy-status", copy.status().name().toLowerCase(Locale.ROOT))
                .header("x-ms-copy-source", copy.source())
                .header("x-ms-copy-progress", copy.copiedBytes() + "/" + copy.totalBytes());
        if (copy.completedMillis() != 0) {
            reply.header("x-ms-copy-completion-time", HttpDates.format(copy.completedMillis()));
        }
        if (copy.description() != null && !copy.description().isEmpty()) {
            reply.header("x-ms-copy-status-description", copy.description());
        }
    }

    static Reply immutability(BlobState state, Reply reply) {
        return reply.header("x-ms-immutability-policy-until-date", HttpDates.format(state.immutability().untilMillis()))
                .header("x-ms-immutability-policy-mode", state.immutability().locked() ? "locked" : "unlocked");
    }

    /** Of block blobs; only properties tell it. */
    static void tier(BlobState state, Reply reply) {
        if (state.kind() != BlobKind.BLOCK) {
            return;
        }
        AccessTier tier = state.tier() == null ? AccessTier.HOT : state.tier();
        reply.header("x-ms-access-tier", DraftHeaders.name(tier));
        if (state.tier() == null || state.tierInferred()) {
            reply.header("x-ms-access-tier-inferred", "true");
        }
        if (state.tierChangedMillis() != 0) {
            reply.header("x-ms-access-tier-change-time", HttpDates.format(state.tierChangedMillis()));
        }
        if (state.rehydrating() != null) {
            reply.header("x-ms-archive-status", "rehydrate-pending-to-" + DraftHeaders.name(state.rehydrating()).toLowerCase(Locale.ROOT));
        }
    }

    /** The headers that the blob keeps for its readers, but its type and its digest. */
    static void content(BlobHeaders headers, Reply reply) {
        optional("Content-Encoding", headers.contentEncoding(), reply);
        optional("Content-Language", headers.contentLanguage(), reply);
        optional("Content-Disposition", headers.contentDisposition(), reply);
        optional("Cache-Control", headers.cacheControl(), reply);
    }

    private static void optional(String name, String value, Reply reply) {
        if (value != null && !value.isEmpty()) {
            reply.header(name, value);
        }
    }

    /** As headers and lists write it. */
    static String kindName(BlobKind kind) {
        return switch (kind) {
            case BLOCK -> "BlockBlob";
            case APPEND -> "AppendBlob";
            case PAGE -> "PageBlob";
        };
    }
}
