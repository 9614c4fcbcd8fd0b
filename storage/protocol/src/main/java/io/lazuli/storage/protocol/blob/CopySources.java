package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Failures;
import io.lazuli.security.RefusedException;
import io.lazuli.security.SasVerifier;
import io.lazuli.security.StorageService;
import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.BlobService.Download;
import io.lazuli.storage.partition.blob.BlobService.OpenBlob;
import io.lazuli.storage.partition.blob.BlobSource;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.ConditionCheck;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.CopyOrigin;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.Authorizer;
import io.lazuli.storage.protocol.http.BodyStream;
import io.lazuli.storage.protocol.http.ByteRange;
import io.lazuli.storage.protocol.http.RequestTarget;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.service.AsyncLoop;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Opens what a request copies. A blob of this cloud, recognised by the host that the client uses for this one too, is read directly after whoever
 * asks has been found to be allowed: by the signature in the address, as the owner of the same account, or because its container is public. Any
 * other address is read over HTTP. Source: "Copy Blob", "Put Block From URL".
 */
final class CopySources {

    static final int MAX_URL_CHARS = 2_048;

    private final BlobService blobs;
    private final Authorizer authorizer;
    private final RemoteSources remote;

    CopySources(BlobService blobs, Authorizer authorizer, RemoteSources remote) {
        this.blobs = blobs;
        this.authorizer = authorizer;
        this.remote = remote;
    }

    /**
     * What is copied, ready to be read.
     *
     * @param url as answers name it, without its signature
     * @param blob null unless it is of this cloud, as is {@code state}
     * @param elsewhere null if it is of this cloud
     * @param bytes the range that was asked for, or all
     */
    record OpenSource(
            String url, BlobSource blob, CopyOrigin.Elsewhere elsewhere, BlobState state, BlobHeaders headers, Map<String, String> metadata, Map<String, String> tags,
            BodyStream bytes) {

        /** Its bytes are not wanted: somebody else will read it. */
        void close() {
            if (bytes instanceof RemoteBytes remote) {
                remote.close();
            }
        }
    }

    /**
     * @param range null for all
     * @param maxBytes more are refused
     * @return fails with CannotVerifyCopySource, SourceConditionNotMet, InvalidRange, RequestBodyTooLarge
     */
    CompletionStage<OpenSource> open(BlobCall call, ByteRange range, long maxBytes) {
        String url = Heads.required(call.head(), "x-ms-copy-source");
        if (url.length() > MAX_URL_CHARS || !url.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw Heads.invalid("x-ms-copy-source", url);
        }
        BlobConditions conditions = Conditions.ofSource(call.head(), call.nowMillis());
        RequestTarget target;
        try {
            target = RequestTarget.parse(url, null, StorageService.BLOB);
        } catch (IllegalArgumentException e) {
            throw Heads.invalid("x-ms-copy-source", url);
        }
        if (!isHere(call, target)) {
            return remote.open(call, url, range, maxBytes);
        }
        return openHere(call, url, target, range, conditions, maxBytes);
    }

    private static boolean isHere(BlobCall call, RequestTarget source) {
        String own = call.accountEndpoint().substring(call.accountEndpoint().indexOf("://") + 3);
        int path = own.indexOf('/');
        String ownHost = path < 0 ? own.substring(own.indexOf('.') + 1) : own.substring(0, path);
        String host = source.hostStyle() ? source.authority().substring(source.authority().indexOf('.') + 1) : source.authority();
        return host.equalsIgnoreCase(ownHost);
    }

    private CompletionStage<OpenSource> openHere(
            BlobCall call, String url, RequestTarget target, ByteRange range, BlobConditions conditions, long maxBytes) {
        BlobResource resource = BlobResource.parse(target.rawBelowAccount(), null);
        if (!(resource instanceof BlobResource.Blob named)) {
            throw Heads.invalid("x-ms-copy-source", url);
        }
        BlobTarget blob = Targets.of(named.name(), target.query().first("snapshot"), target.query().first("versionid"));
        return allowed(call, target, named)
                .thenCompose(allowed -> blobs.open(target.account(), named.container(), blob))
                .thenCompose(found -> found.isEmpty()
                        ? CompletableFuture.completedStage(found)
                        : begun(found.get(), range).thenApply(Optional::of))
                .exceptionally(CopySources::ofSource)
                .thenApply(found -> {
                    OpenBlob open = found.orElseThrow(() -> new StorageException(StorageErrorCode.COPY_SOURCE_NOT_FOUND));
                    BlobState state = open.state();
                    if (ConditionCheck.read(conditions, state, call.nowMillis()) != null) {
                        throw new StorageException(StorageErrorCode.SOURCE_CONDITION_NOT_MET);
                    }
                    ReadRequests.requireReadable(state, BlobConditions.NONE, call.nowMillis());
                    return new OpenSource(
                            withoutSignature(url), new BlobSource(target.account(), named.container(), blob), null, state, state.headers(),
                            state.metadata(), state.tags() == null ? Map.of() : state.tags(), bytes(open, range, maxBytes));
                });
    }

    private static CompletionStage<OpenBlob> begun(OpenBlob open, ByteRange range) {
        long first = range == null ? 0 : range.firstByte();
        long sizeBytes = open.state().lengthBytes();
        return first < sizeBytes ? open.begin(first, sizeBytes - first) : CompletableFuture.completedStage(open);
    }

    private static BodyStream bytes(OpenBlob open, ByteRange range, long maxBytes) {
        long sizeBytes = open.state().lengthBytes();
        long first = range == null ? 0 : range.firstByte();
        if (range != null && first >= sizeBytes) {
            throw new StorageException(StorageErrorCode.INVALID_RANGE);
        }
        long lengthBytes = (range == null ? sizeBytes : Math.min(range.lastByte(), sizeBytes - 1) + 1) - first;
        requireAtMost(lengthBytes, maxBytes);
        return new BlobBytes(open, first, lengthBytes);
    }

    /** @throws StorageException RequestBodyTooLarge */
    static void requireAtMost(long lengthBytes, long maxBytes) {
        if (lengthBytes > maxBytes) {
            throw new StorageException(StorageErrorCode.REQUEST_BODY_TOO_LARGE, Map.of("MaxLimit", Long.toString(maxBytes)));
        }
    }

    /** Completes if whoever copies may read it; the source's own errors come from reading it. */
    private CompletionStage<Void> allowed(BlobCall call, RequestTarget target, BlobResource.Blob named) {
        boolean tags = "COPY".equalsIgnoreCase(call.header("x-ms-copy-source-tag-option")) || call.header("x-ms-source-if-tags") != null;
        if (SasVerifier.isSigned(target.query()) && call.head() instanceof ServiceRequest request) {
            Access access;
            try {
                access = authorizer.authorizeSource(
                        request, target, tags ? BlobOperation.GET_BLOB.requirementWithTags(named) : BlobOperation.GET_BLOB.requirement(named));
            } catch (RefusedException e) {
                throw new StorageException(StorageErrorCode.COPY_SOURCE_NOT_ALLOWED);
            }
            return access.completed(container -> blobs.container(target.account(), container).thenApply(ContainerState::policies))
                    .thenAccept(complete -> {});
        }
        if (call.access().isOwner() && target.account().equals(call.account())) {
            return CompletableFuture.completedStage(null);
        }
        if (!authorizer.isAccount(target.account())) {
            throw new StorageException(StorageErrorCode.COPY_SOURCE_NOT_FOUND);
        }
        return blobs.container(target.account(), named.container()).thenAccept(container -> {
            if (tags || container.publicAccess() == ContainerState.PublicAccess.NONE) {
                throw new StorageException(StorageErrorCode.COPY_SOURCE_NOT_ALLOWED);
            }
        });
    }

    /** An error about the source as the destination's client is told it. */
    private static <T> T ofSource(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof RefusedException) {
            throw new StorageException(StorageErrorCode.COPY_SOURCE_NOT_ALLOWED);
        }
        if (cause instanceof StorageException refused && isMissing(refused.error())) {
            throw new StorageException(StorageErrorCode.COPY_SOURCE_NOT_FOUND);
        }
        throw Failures.unchecked(cause);
    }

    private static boolean isMissing(StorageErrorCode error) {
        return error == StorageErrorCode.CONTAINER_NOT_FOUND || error == StorageErrorCode.BLOB_NOT_FOUND;
    }

    /** A signature is a secret: what is kept and answered has none. */
    static String withoutSignature(String url) {
        return url.replaceAll("([?&]sig=)[^&#]*", "$1");
    }

    /** A part of a blob, read as a body is. */
    private record BlobBytes(OpenBlob blob, long offset, long lengthBytes) implements BodyStream {

        @Override
        public CompletionStage<Void> pipeTo(PartSink sink) {
            if (lengthBytes == 0) {
                return CompletableFuture.completedStage(null);
            }
            Download download = blob.download(offset, lengthBytes);
            return AsyncLoop.whileTrue(() -> download.next().thenCompose(part -> pass(part, sink)))
                    .whenComplete((done, failure) -> download.close());
        }

        private static CompletionStage<Boolean> pass(ChunkBuffer part, PartSink sink) {
            if (part == null) {
                return CompletableFuture.completedStage(false);
            }
            try {
                CompletionStage<Void> taken = sink.write(part.bytes());
                return taken == null ? CompletableFuture.completedStage(true) : taken.thenApply(done -> true);
            } finally {
                part.release();
            }
        }
    }
}
