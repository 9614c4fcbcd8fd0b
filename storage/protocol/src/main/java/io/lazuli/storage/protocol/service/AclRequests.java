package io.lazuli.storage.protocol.service;

import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The operations on the stored access policies of a queue or a table. Source: "Get Queue ACL", "Set Table ACL" and their like. */
public final class AclRequests {

    private final PolicyReader reader;
    private final PolicyWriter writer;
    private final String letters;

    @FunctionalInterface
    public interface PolicyReader {

        CompletionStage<List<AccessPolicy>> get(String account, String resource);
    }

    @FunctionalInterface
    public interface PolicyWriter {

        CompletionStage<Void> set(String account, String resource, List<AccessPolicy> policies);
    }

    /** @param letters of permissions that policies of this service may have */
    public AclRequests(PolicyReader reader, PolicyWriter writer, String letters) {
        this.reader = reader;
        this.writer = writer;
        this.letters = letters;
    }

    public PlannedRequest get(ServiceRequest request, String resource) {
        return new PlannedRequest(0, body -> reader.get(request.account(), resource)
                .thenApply(policies -> Reply.xml(200, AccessPolicyBodies.write(policies))));
    }

    public PlannedRequest set(ServiceRequest request, String resource) {
        return new PlannedRequest(AccessPolicyBodies.MAX_BODY_BYTES, body ->
                writer.set(request.account(), resource, AccessPolicyBodies.read(body, letters)).thenApply(done -> Reply.empty(204)));
    }
}
