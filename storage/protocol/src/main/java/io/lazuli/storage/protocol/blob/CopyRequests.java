package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.protocol.blob.CopySources.OpenSource;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Copies of whole blobs. Source: "Copy Blob", "Copy Blob From URL", "Put Blob From URL", "Abort Copy Blob". */
final class CopyRequests {

    /** Of a copy that is answered when it is done. */
    static final long MAX_COPY_FROM_URL_BYTES = 256L << 20;

    private static final int MAX_COPY_ID_CHARS = 64;

    private final BlobService blobs;
    private final BlobWrites writes;
    private final PutRequests puts;
    private final CopySources sources;

    CopyRequests(BlobService blobs, BlobWrites writes, PutRequests puts, CopySources sources) {
        this.blobs = blobs;
        this.writes = writes;
        this.puts = puts;
        this.sources = sources;
    }

    PlannedRequest putFromUrl(BlobCall call) {
        String kind = call.header("x-ms-blob-type");
        if (!kind.equals("BlockBlob")) {
            throw Heads.invalid("x-ms-blob-type", kind);
        }
        String properties = call.header("x-ms-copy-source-blob-properties");
        boolean ofSource = properties == null || Heads.flag(call.head(), "x-ms-copy-source-blob-properties");
        BlobHeaders own = DraftHeaders.ofBlob(call.head());
        BlobDraft asked = DraftHeaders.draft(call.head(), own, call.nowMillis());
        boolean tagsOfSource = tagsOfSource(call);
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        BodyDigests digests = BodyDigests.ofSource(call.head());
        return PlannedRequest.lasting(progress -> sources.open(call, null, BlobLimits.MAX_PUT_BLOB_BYTES).thenCompose(source -> {
            BlobHeaders headers = merged(own, ofSource ? source.headers() : BlobHeaders.NONE);
            BlobDraft draft = complete(asked, headers, source, tagsOfSource);
            return writes.receive(call, progress.of(source.bytes()), true, digests).thenCompose(received -> puts.commit(call, draft, conditions, received)
                    .thenApply(done -> digests.write(received, call.version(), StateHeaders.written(done, Reply.empty(201)))));
        }));
    }

    PlannedRequest copyNow(BlobCall call) {
        BlobDraft asked = DraftHeaders.draft(call.head(), BlobHeaders.NONE, call.nowMillis());
        boolean tagsOfSource = tagsOfSource(call);
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        BodyDigests digests = BodyDigests.ofSource(call.head());
        return PlannedRequest.lasting(progress -> sources.open(call, null, MAX_COPY_FROM_URL_BYTES).thenCompose(source -> {
            BlobDraft draft = complete(asked, merged(BlobHeaders.NONE, source.headers()), source, tagsOfSource);
            return writes.receive(call, progress.of(source.bytes()), true, digests).thenCompose(received -> puts.commit(call, draft, conditions, received)
                    .thenApply(done -> digests.write(received, call.version(), StateHeaders.written(done, Reply.empty(202)))
                            .header("x-ms-copy-id", UUID.randomUUID().toString())
                            .header("x-ms-copy-status", "success")));
        }));
    }

    PlannedRequest copy(BlobCall call) {
        BlobDraft asked = DraftHeaders.draft(call.head(), BlobHeaders.NONE, call.nowMillis());
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        if (call.header("x-ms-copy-source-authorization") != null) {
            // Whoever takes the copy up would not have it.
            throw new StorageException(StorageErrorCode.UNSUPPORTED_HEADER, Map.of("HeaderName", "x-ms-copy-source-authorization"));
        }
        return new PlannedRequest(0, body -> sources.open(call, null, Long.MAX_VALUE).thenCompose(source -> {
            source.close();
            BlobDraft draft = complete(asked, source.headers(), source, false);
            return writes.create(call, conditions, (allowed, rules) -> source.elsewhere() == null
                            ? blobs.beginCopy(
                                    call.account(), call.container(), call.name(), draft, source.blob(), source.url(), allowed, rules)
                            : blobs.beginCopy(
                                    call.account(), call.container(), call.name(), draft, source.elsewhere(), source.url(), allowed, rules))
                    .thenApply(CopyRequests::begun);
        }));
    }

    /** A copy that is not pending was one of a blob onto itself, of whose bytes none had to be copied. */
    private static Reply begun(BlobReply.Done done) {
        BlobState.CopyState copy = done.state().copy();
        Reply reply = StateHeaders.version(done, StateHeaders.tag(done.state(), Reply.empty(202)));
        if (copy == null || copy.status() != BlobState.CopyStatus.PENDING) {
            return reply.header("x-ms-copy-id", UUID.randomUUID().toString()).header("x-ms-copy-status", "success");
        }
        return reply
                .header("x-ms-copy-id", copy.id())
                .header("x-ms-copy-status", copy.status().name().toLowerCase(Locale.ROOT));
    }

    PlannedRequest abort(BlobCall call) {
        String id = call.parameter("copyid");
        if (id == null || id.isEmpty()) {
            throw BadRequests.missingParameter("copyid");
        }
        if (id.length() > MAX_COPY_ID_CHARS) {
            throw BadRequests.invalidParameter("copyid", id.substring(0, MAX_COPY_ID_CHARS), "is no copy's id");
        }
        String action = Heads.required(call.head(), "x-ms-copy-action");
        if (!action.equalsIgnoreCase("abort")) {
            throw Heads.invalid("x-ms-copy-action", action);
        }
        BlobConditions lease = Conditions.ofLease(call.head());
        return new PlannedRequest(0, body -> writes.change(call, new BlobCommand.AbortCopy(call.name(), id, lease))
                .thenApply(done -> Reply.empty(204)));
    }

    /** {@code x-ms-copy-source-tag-option}. */
    private static boolean tagsOfSource(BlobCall call) {
        String option = call.header("x-ms-copy-source-tag-option");
        if (option == null || option.equalsIgnoreCase("REPLACE")) {
            return false;
        }
        if (!option.equalsIgnoreCase("COPY")) {
            throw Heads.invalid("x-ms-copy-source-tag-option", option);
        }
        if (call.header("x-ms-tags") != null) {
            throw new StorageException(
                    StorageErrorCode.INVALID_INPUT, Map.of("Reason", "x-ms-tags must not be given if the source's tags are copied."));
        }
        return true;
    }

    /** Metadata that is not given is the source's. */
    private static BlobDraft complete(BlobDraft asked, BlobHeaders headers, OpenSource source, boolean tagsOfSource) {
        return new BlobDraft(
                headers, asked.metadata().isEmpty() ? source.metadata() : asked.metadata(), tagsOfSource ? source.tags() : asked.tags(),
                asked.tier(), asked.immutability(), asked.legalHold());
    }

    /** The digest is that of the bytes that come. */
    private static BlobHeaders merged(BlobHeaders own, BlobHeaders source) {
        return new BlobHeaders(
                own.contentType() != null ? own.contentType()
                        : source.contentType() != null ? source.contentType() : DraftHeaders.DEFAULT_CONTENT_TYPE,
                own.contentEncoding() != null ? own.contentEncoding() : source.contentEncoding(),
                own.contentLanguage() != null ? own.contentLanguage() : source.contentLanguage(),
                own.contentDisposition() != null ? own.contentDisposition() : source.contentDisposition(),
                own.cacheControl() != null ? own.cacheControl() : source.cacheControl(),
                own.contentMd5());
    }
}
