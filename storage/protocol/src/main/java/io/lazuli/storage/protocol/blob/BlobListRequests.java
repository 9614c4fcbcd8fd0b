package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.partition.blob.BlobService.BlobQuery;
import io.lazuli.storage.partition.blob.BlobService.Include;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.TagExpression;
import io.lazuli.storage.partition.blob.TagExpressions;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.service.Parameters;
import java.util.Set;

/** The lists of containers and of blobs, and searches by tags. Source: "List Containers", "List Blobs", "Find Blobs by Tags". */
final class BlobListRequests {

    private static final Set<String> CONTAINER_PARTS = Set.of("metadata", "deleted", "system");
    private static final Set<String> BLOB_PARTS = Set.of(
            "snapshots", "metadata", "uncommittedblobs", "copy", "deleted", "tags", "versions", "deletedwithversions", "immutabilitypolicy",
            "legalhold", "permissions");
    private static final int MAX_EXPRESSION_CHARS = 8 * 1024;

    private final BlobService blobs;
    private final Clock clock;

    BlobListRequests(BlobService blobs, Clock clock) {
        this.blobs = blobs;
        this.clock = clock;
    }

    /** There are no containers of the system, so that asking for them changes nothing. */
    PlannedRequest listContainers(ServiceRequest request) {
        ListParameters asked = ListParameters.read(request);
        Set<String> include = ListParameters.include(request, CONTAINER_PARTS);
        String marker = Parameters.optional(request, "marker", ListParameters.MAX_MARKER_CHARS);
        String endpoint = request.accountEndpoint();
        int expectedBytes = Math.min(asked.maxResults() * ContainerListBody.CONTAINER_BYTES, BlobEnumeration.MAX_ANSWER_BYTES);
        return new PlannedRequest(0, expectedBytes, body -> blobs.listContainers(
                        request.account(), asked.prefix(), marker.isEmpty() ? null : marker, asked.maxResults(), include.contains("deleted"))
                .thenApply(listing -> Reply.xml(200, ContainerListBody.write(
                        asked, endpoint, listing, include.contains("metadata"), clock.epochMillis()))));
    }

    PlannedRequest listBlobs(ServiceRequest request, String container) {
        ListParameters asked = ListParameters.read(request);
        Set<String> include = ListParameters.include(request, BLOB_PARTS);
        if (asked.delimiter() != null && include.contains("snapshots")) {
            throw BadRequests.invalidParameter("include", request.query().first("include"), "snapshots are not listed by hierarchy");
        }
        if (request.query().first("showonly") != null) {
            throw BadRequests.unsupportedParameter("showonly", request.query().first("showonly"));
        }
        String startFrom = Parameters.optional(request, "startFrom", ListParameters.MAX_MARKER_CHARS);
        BlobQuery query = new BlobQuery(
                asked.prefix(), asked.delimiter(), asked.marker(), startFrom.isEmpty() ? null : startFrom, asked.maxResults(),
                new Include(include.contains("snapshots"), include.contains("versions"), include.contains("deleted"),
                        include.contains("uncommittedblobs"), include.contains("deletedwithversions")));
        boolean large = include.contains("metadata") || include.contains("tags");
        String endpoint = request.accountEndpoint();
        int expectedBytes = Math.min(asked.maxResults() * BlobListBody.BLOB_BYTES, BlobEnumeration.MAX_ANSWER_BYTES);
        return new PlannedRequest(0, expectedBytes, body -> {
            BlobListBody answer = new BlobListBody(asked, endpoint, container, include, clock.epochMillis());
            return new BlobEnumeration(blobs, request.account(), container, query, large, answer, clock).run();
        });
    }

    /** @param container null for all of the account */
    PlannedRequest findByTags(ServiceRequest request, String container) {
        ListParameters asked = ListParameters.read(request);
        String where = Parameters.required(request, "where", MAX_EXPRESSION_CHARS);
        TagExpression expression = TagExpressions.ofSearch(where);
        if (container != null && expression.container() != null && !expression.container().equals(container)) {
            throw BadRequests.invalidParameter("where", where, "names another container than the request");
        }
        String searched = container == null ? expression.container() : container;
        String marker = asked.marker();
        String endpoint = request.accountEndpoint();
        int expectedBytes = Math.min(asked.maxResults() * TagSearchBody.BLOB_BYTES, BlobEnumeration.MAX_ANSWER_BYTES);
        return new PlannedRequest(0, expectedBytes, body -> blobs.findByTags(
                        request.account(), searched, expression, marker, asked.maxResults())
                .thenApply(listing -> Reply.xml(200, TagSearchBody.write(endpoint, where, listing))));
    }
}
