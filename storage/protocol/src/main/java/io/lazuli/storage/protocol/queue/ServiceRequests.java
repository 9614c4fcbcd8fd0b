package io.lazuli.storage.protocol.queue;

import io.lazuli.kernel.Clock;
import io.lazuli.security.HttpDates;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.partition.queue.QueueService.QueueEntry;
import io.lazuli.storage.partition.queue.QueueService.QueueListing;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.util.concurrent.CompletionStage;

/**
 * The operations on an account's queue service. Source: "List Queues", "Set Queue Service Properties", "Get Queue Service
 * Properties", "Get Queue Service Stats".
 */
final class ServiceRequests {

    static final int MAX_LISTED = 5_000;

    /** Longer than any name; a client that sends a longer one made it up. */
    static final int MAX_MARKER_CHARS = 1024;

    private static final String ENDPOINT_SINCE = "2013-08-15";
    private static final int QUEUE_BYTES = 128;

    private final QueueService queues;
    private final Clock clock;

    ServiceRequests(QueueService queues, Clock clock) {
        this.queues = queues;
        this.clock = clock;
    }

    PlannedRequest list(ServiceRequest request) {
        String prefix = optional(request, "prefix");
        String marker = optional(request, "marker");
        int maxResults = Math.min(MAX_LISTED, QueueParameters.numberWithin(request, "maxresults", 1, Integer.MAX_VALUE, MAX_LISTED));
        boolean metadata = includesMetadata(request);
        String endpoint = request.accountEndpoint();
        return new PlannedRequest(0, maxResults * QUEUE_BYTES, body -> queues.listQueues(request.account(), prefix, marker, maxResults, metadata)
                .thenApply(listing -> Reply.xml(200, write(listing, request, endpoint, metadata))));
    }

    private static String optional(ServiceRequest request, String name) {
        String text = request.query().first(name);
        return text == null || text.isEmpty() ? "" : QueueParameters.required(request, name, MAX_MARKER_CHARS);
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

    PlannedRequest getProperties(ServiceRequest request) {
        return new PlannedRequest(0, body -> queues.getServiceProperties(request.account())
                .thenApply(properties -> Reply.xml(200, ServicePropertiesBodies.write(properties, request.version()))));
    }

    PlannedRequest setProperties(ServiceRequest request) {
        return new PlannedRequest(ServicePropertiesBodies.MAX_BODY_BYTES, body -> {
            ServicePropertiesBodies.Change change = ServicePropertiesBodies.read(body, request.version());
            return set(request.account(), change).thenApply(done -> Reply.empty(202));
        });
    }

    private CompletionStage<Void> set(String account, ServicePropertiesBodies.Change change) {
        return change.isWhole()
                ? queues.setServiceProperties(account, change.applyTo(null))
                : queues.getServiceProperties(account).thenCompose(current -> queues.setServiceProperties(account, change.applyTo(current)));
    }

    /**
     * Replication statistics belong to the secondary location, which here is the same data: replicas agree before a write is
     * acknowledged, so it was in step a moment ago.
     */
    PlannedRequest stats(ServiceRequest request) {
        if (!request.secondary()) {
            throw BadRequests.invalidParameter("comp", "stats", "is answered at the secondary location only");
        }
        return new PlannedRequest(0, body -> queues.getServiceProperties(request.account())
                .thenApply(reached -> Reply.xml(200, new XmlWriter(256)
                        .open("StorageServiceStats")
                        .open("GeoReplication")
                        .element("Status", "live")
                        .element("LastSyncTime", HttpDates.format(clock.epochMillis()))
                        .close("GeoReplication")
                        .close("StorageServiceStats")
                        .toBytes())));
    }
}
