package io.lazuli.storage.protocol.queue;

import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import java.util.Map;

/**
 * The operations on a queue itself. Source: "Create Queue", "Delete Queue", "Get Queue Metadata", "Set Queue Metadata",
 * "Get Queue ACL", "Set Queue ACL".
 */
final class QueueRequests {

    private final QueueService queues;

    QueueRequests(QueueService queues) {
        this.queues = queues;
    }

    PlannedRequest create(ServiceRequest request, String queue) {
        Map<String, String> metadata = QueueMetadata.read(request);
        return new PlannedRequest(0, body -> queues.createQueue(request.account(), queue, metadata)
                .thenApply(created -> Reply.empty(created ? 201 : 204)));
    }

    PlannedRequest delete(ServiceRequest request, String queue) {
        return new PlannedRequest(0, body -> queues.deleteQueue(request.account(), queue).thenApply(done -> Reply.empty(204)));
    }

    PlannedRequest getMetadata(ServiceRequest request, String queue) {
        return new PlannedRequest(0, body -> queues.getProperties(request.account(), queue)
                .thenApply(properties -> QueueMetadata.write(properties.metadata(), Reply.empty(200))
                        .header("x-ms-approximate-messages-count", Long.toString(properties.approximateMessageCount()))));
    }

    PlannedRequest setMetadata(ServiceRequest request, String queue) {
        Map<String, String> metadata = QueueMetadata.read(request);
        return new PlannedRequest(0, body -> queues.setMetadata(request.account(), queue, metadata).thenApply(done -> Reply.empty(204)));
    }

    PlannedRequest getAcl(ServiceRequest request, String queue) {
        return new PlannedRequest(0, body -> queues.getAccessPolicies(request.account(), queue)
                .thenApply(policies -> Reply.xml(200, AccessPolicyBodies.write(policies))));
    }

    PlannedRequest setAcl(ServiceRequest request, String queue) {
        return new PlannedRequest(AccessPolicyBodies.MAX_BODY_BYTES, body ->
                queues.setAccessPolicies(request.account(), queue, AccessPolicyBodies.read(body)).thenApply(done -> Reply.empty(204)));
    }
}
