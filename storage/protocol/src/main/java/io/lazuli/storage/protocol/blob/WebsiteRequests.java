package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Failures;
import io.lazuli.security.PercentCoding;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.ServiceProperties.StaticWebsite;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An account's static web site: the blobs of {@code $web} for everybody who asks at {@code account.web.host}, whatever the container's public
 * access. Directories are answered with their index document, what is not there with the error document. Source: "Static website hosting in
 * Azure Storage".
 */
final class WebsiteRequests {

    static final String CONTAINER = "$web";

    private static final byte[] NO_BODY = new byte[0];

    private final BlobService blobs;
    private final BlobReader reader;

    /** Reads a blob of the site with the request's range and conditions. */
    @FunctionalInterface
    interface BlobReader {

        /** Get Blob or, for HEAD, Get Blob Properties. */
        PlannedRequest plan(ServiceRequest request, String blob);
    }

    WebsiteRequests(BlobService blobs, BlobReader reader) {
        this.blobs = blobs;
        this.reader = reader;
    }

    /** @throws StorageException UnsupportedHttpVerb unless it only reads */
    PlannedRequest plan(ServiceRequest request, boolean isAccount) {
        if (!isAccount) {
            throw new StorageException(StorageErrorCode.WEB_CONTENT_NOT_FOUND);
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            throw new StorageException(StorageErrorCode.UNSUPPORTED_HTTP_VERB);
        }
        String path = PercentCoding.decode(request.rawBelowAccount());
        return new PlannedRequest(0, body -> blobs.getServiceProperties(request.account()).thenCompose(properties -> {
            StaticWebsite website = properties.blobs().website();
            String document = website.enabled() ? document(website, path) : null;
            return read(request.withoutQuery(), document)
                    .exceptionallyCompose(failure -> isMissing(failure)
                            ? notFound(request, website.errorDocument404Path())
                            : CompletableFuture.failedStage(failure));
        }));
    }

    /** The blob that answers for the path; null if none can. */
    static String document(StaticWebsite website, String path) {
        if (!path.isEmpty() && !path.endsWith("/")) {
            return path;
        }
        if (path.isEmpty() && website.defaultIndexDocumentPath() != null) {
            return website.defaultIndexDocumentPath();
        }
        return website.indexDocument() == null ? null : path + website.indexDocument();
    }

    private CompletionStage<Reply> read(ServiceRequest request, String document) {
        if (document == null) {
            return CompletableFuture.failedStage(new StorageException(StorageErrorCode.WEB_CONTENT_NOT_FOUND));
        }
        try {
            return reader.plan(request, document).execution().run(NO_BODY);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    /** Whole and unconditionally, whatever range and conditions what is not there was asked for with. */
    private CompletionStage<Reply> notFound(ServiceRequest request, String document) {
        return read(request.withoutQueryAndHeaders(), document)
                .thenApply(reply -> withStatus(StorageErrorCode.WEB_CONTENT_NOT_FOUND.status(), reply))
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(
                        isMissing(failure) ? new StorageException(StorageErrorCode.WEB_CONTENT_NOT_FOUND) : failure));
    }

    private static Reply withStatus(int status, Reply reply) {
        Reply changed = reply.stream() != null
                ? Reply.streaming(status, reply.contentType(), reply.lengthBytes(), reply.stream())
                : reply.body().length > 0
                        ? Reply.of(status, reply.contentType(), reply.body())
                        : Reply.ofHead(status, reply.contentType(), reply.lengthBytes());
        changed.headers().addAll(reply.headers());
        return changed;
    }

    private static boolean isMissing(Throwable failure) {
        return Failures.cause(failure) instanceof StorageException refused && switch (refused.error()) {
            case BLOB_NOT_FOUND, CONTAINER_NOT_FOUND, WEB_CONTENT_NOT_FOUND, INVALID_RESOURCE_NAME, OUT_OF_RANGE_INPUT -> true;
            default -> false;
        };
    }
}
