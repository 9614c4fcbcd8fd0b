package io.lazuli.storage.protocol.queue;

import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.partition.queue.QueueService.QueueEntry;
import io.lazuli.storage.partition.queue.QueueService.QueueListing;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.service.MetadataHeaders;
import io.lazuli.storage.protocol.service.Parameters;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.util.Map;

/**
 * The operations on queues themselves. Source: "Create Queue", "Delete Queue", "Get Queue Metadata", "Set Queue Metadata",
 * "List Queues".
 */
final class QueueRequests {

    static final int MAX_LISTED = 5_000;

    /** Longer than any name; a client that sends a longer one made it up. */
    static final int MAX_MARKER_CHARS = 1024;

    private static final String ENDPOINT_SINCE = "2013-08-15";
    private static final int QUEUE_BYTES = 128;

    private final QueueService queues;

    QueueRequests(QueueService queues) {
        this.queues = queues;
    }

    PlannedRequest create(ServiceRequest request, String queue) {
        Map<String, String> metadata = MetadataHeaders.read(request);
        return new PlannedRequest(0, body -> queues.createQueue(request.account(), queue, metadata)
                .thenApply(created -> Reply.empty(created ? 201 : 204)));
    }

    PlannedRequest delete(ServiceRequest request, String queue) {
        return new PlannedRequest(0, body -> queues.deleteQueue(request.account(), queue).thenApply(done -> Reply.empty(204)));
    }

    PlannedRequest getMetadata(ServiceRequest request, String queue) {
        return new PlannedRequest(0, body -> queues.getProperties(request.account(), queue)
                .thenApply(properties -> MetadataHeaders.write(properties.metadata(), Reply.empty(200))
                        .header("x-ms-approximate-messages-count", Long.toString(properties.approximateMessageCount()))));
    }

    PlannedRequest setMetadata(ServiceRequest request, String queue) {
        Map<String, String> metadata = MetadataHeaders.read(request);
        return new PlannedRequest(0, body -> queues.setMetadata(request.account(), queue, metadata).thenApply(done -> Reply.empty(204)));
    }

    PlannedRequest list(ServiceRequest request) {
        String prefix = Parameters.optional(request, "prefix", MAX_MARKER_CHARS);
        String marker = Parameters.optional(request, "marker", MAX_MARKER_CHARS);
        int maxResults = Math.min(MAX_LISTED, Parameters.numberWithin(request, "maxresults", 1, Integer.MAX_VALUE, MAX_LISTED));
        boolean metadata = includesMetadata(request);
        String endpoint = request.accountEndpoint();
        return new PlannedRequest(0, maxResults * QUEUE_BYTES, body -> queues.listQueues(request.account(), prefix, marker, maxResults, metadata)
                .thenApply(listing -> Reply.xml(200, write(listing, request, endpoint, metadata))));
    }

    private static boolean includesMetadata(ServiceRequest request) {
        String include = request.query().first("include");
        if (include == null || include.isEmpty()) {
            return false;
        }
        for (String part : include.split(",", -1)) {
            if (!part.trim().equalsIgnoreCase("metadata")) {
                throw BadRequests.invalidParameter("include", include, "must be metadata");
            }
        }
        return true;
    }

    private static byte[] write(QueueListing listing, ServiceRequest request, String endpoint, boolean metadata) {
        boolean named = request.version().isSince(ENDPOINT_SINCE);
        XmlWriter xml = new XmlWriter(QUEUE_BYTES * (2 + listing.queues().size()))
                .open("EnumerationResults", named ? "ServiceEndpoint" : "AccountName", endpoint + (named ? "/" : ""));
        for (String name : new String[] {"prefix", "marker", "maxresults"}) {
            String text = request.query().first(name);
            if (text != null) {
                xml.element(name.equals("prefix") ? "Prefix" : name.equals("marker") ? "Marker" : "MaxResults", text);
            }
        }
        xml.open("Queues");
        for (QueueEntry queue : listing.queues()) {
            xml.open("Queue").element("Name", queue.name());
            if (!named) {
                xml.element("Url", endpoint + "/" + queue.name());
            }
            if (metadata) {
                xml.open("Metadata");
                queue.metadata().forEach(xml::element);
                xml.close("Metadata");
            }
            xml.close("Queue");
        }
        return xml.close("Queues").element("NextMarker", listing.nextMarker()).close("EnumerationResults").toBytes();
    }
}
