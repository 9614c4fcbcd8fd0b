package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.security.StorageService;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.ErrorReplies;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.multipart.HttpAnswer;
import io.lazuli.storage.protocol.multipart.HttpPart;
import io.lazuli.storage.protocol.multipart.Multipart;
import io.lazuli.storage.protocol.multipart.Multipart.Slice;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Batches of Delete Blob or Set Blob Tier. Each request inside is a request of its own: with its own credentials, authorized and answered by
 * itself, in any order. What is wrong with the batch as a whole is answered as with any request. Source: "Blob Batch".
 */
final class BatchRequests {

    static final int MAX_PARTS = 256;
    static final int MAX_BODY_BYTES = 4 << 20;

    private static final String BOUNDARY = "batchresponse_";
    private static final byte[] NO_BODY = new byte[0];
    private static final Set<BlobOperation> DELETES =
            EnumSet.of(BlobOperation.DELETE_BLOB, BlobOperation.DELETE_VERSION, BlobOperation.DELETE_PERMANENTLY);

    private final PartPlanner planner;
    private final PolicyReader policies;
    private final Clock clock;

    /** Plans a request as if it had come alone. On the event loop. */
    @FunctionalInterface
    interface PartPlanner {

        /** @throws RuntimeException as {@link BlobProtocol#plan} */
        PlannedRequest plan(ServiceRequest part);
    }

    @FunctionalInterface
    interface PolicyReader {

        CompletionStage<List<AccessPolicy>> read(String account, String container);
    }

    BatchRequests(PartPlanner planner, PolicyReader policies, Clock clock) {
        this.planner = planner;
        this.policies = policies;
        this.clock = clock;
    }

    /** @param container of all parts, null for any */
    PlannedRequest run(ServiceRequest request, String container, Access access) {
        return new PlannedRequest(MAX_BODY_BYTES, MAX_PARTS * HttpAnswer.EXPECTED_BYTES, body -> {
            List<Part> parts = new ArrayList<>();
            for (HttpPart part : read(request.header("Content-Type"), body)) {
                parts.add(plan(request, container, part));
            }
            checkSameApi(parts);
            return access.completed(named -> policies.read(request.account(), named)).thenCompose(allowed -> run(request, parts));
        });
    }

    /** @throws StorageException InvalidInput, ExceedsMaxBatchRequestCount */
    static List<HttpPart> read(String contentType, byte[] body) {
        List<Slice> slices = Multipart.split(new Slice(body, 0, body.length), Multipart.boundary(contentType), MAX_PARTS);
        if (slices.size() > MAX_PARTS) {
            throw new StorageException(StorageErrorCode.EXCEEDS_MAX_BATCH_REQUEST_COUNT);
        }
        if (slices.isEmpty()) {
            throw BadRequests.invalidInput("The batch is empty.");
        }
        List<HttpPart> parts = new ArrayList<>(slices.size());
        for (Slice slice : slices) {
            Multipart.Part part = Multipart.part(slice);
            if (!HttpPart.isHttp(part)) {
                throw BadRequests.invalidInput("A part of a batch must be of type application/http.");
            }
            parts.add(HttpPart.read(part));
        }
        return parts;
    }

    /** @param planned null if it may not be done; {@code failure} tells why */
    private record Part(HttpPart http, BlobOperation operation, PlannedRequest planned, RuntimeException failure) {}

    private Part plan(ServiceRequest batch, String container, HttpPart http) {
        BlobOperation operation = null;
        try {
            ServiceRequest request = batch.part(http.method(), http.uri(), http.headers(), StorageService.BLOB);
            BlobResource resource = BlobResource.parse(request.rawBelowAccount(), request.query().first("restype"));
            if (!request.account().equals(batch.account()) || container != null && !container.equals(resource.container())) {
                throw new StorageException(StorageErrorCode.INVALID_URI);
            }
            operation = BlobOperation.of(request, resource);
            return new Part(http, operation, planner.plan(request), null);
        } catch (RuntimeException failure) {
            return new Part(http, operation, null, failure);
        }
    }

    private static void checkSameApi(List<Part> parts) {
        boolean deletes = parts.stream().allMatch(part -> part.operation == null || DELETES.contains(part.operation));
        boolean tiers = parts.stream().allMatch(part -> part.operation == null || part.operation == BlobOperation.SET_BLOB_TIER);
        if (!deletes && !tiers) {
            throw new StorageException(StorageErrorCode.ALL_BATCH_SUB_REQUESTS_SHOULD_BE_SAME_API);
        }
    }

    private CompletionStage<Reply> run(ServiceRequest request, List<Part> parts) {
        List<CompletableFuture<HttpAnswer>> answers = new ArrayList<>(parts.size());
        for (Part part : parts) {
            answers.add(run(part)
                    .exceptionally(failure -> error(request, failure))
                    .thenApply(reply -> answer(request, part.http, reply))
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).thenApply(done -> {
            String boundary = BOUNDARY + request.requestId();
            ByteArrayOutputStream out = new ByteArrayOutputStream(HttpAnswer.EXPECTED_BYTES * parts.size());
            for (int i = 0; i < parts.size(); i++) {
                out.writeBytes(("--" + boundary + "\r\n").getBytes(StandardCharsets.US_ASCII));
                answers.get(i).join().write(parts.get(i).http.contentId(), out);
            }
            out.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
            return Reply.of(202, "multipart/mixed; boundary=" + boundary, out.toByteArray());
        });
    }

    private static CompletionStage<Reply> run(Part part) {
        if (part.failure != null) {
            return CompletableFuture.failedStage(part.failure);
        }
        try {
            return part.planned.execution().run(NO_BODY);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    private Reply error(ServiceRequest request, Throwable failure) {
        StorageException refused = ErrorReplies.toStorageException(failure, request.requestId());
        return ErrorReplies.xml(refused, request.requestId(), clock.epochMillis()).header("x-ms-error-code", refused.error().code());
    }

    private static HttpAnswer answer(ServiceRequest request, HttpPart part, Reply reply) {
        List<String> headers = new ArrayList<>(reply.headers());
        headers.addAll(List.of("x-ms-request-id", request.requestId(), "x-ms-version", request.version().date()));
        String clientRequestId = part.header("x-ms-client-request-id");
        if (clientRequestId != null) {
            headers.addAll(List.of("x-ms-client-request-id", clientRequestId));
        }
        if (reply.contentType() != null) {
            headers.addAll(List.of("Content-Type", reply.contentType()));
        }
        headers.addAll(List.of("Content-Length", Integer.toString(reply.body().length)));
        return new HttpAnswer(reply.status(), headers, reply.body());
    }
}
