package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.common.sas.SasIpRange;
import com.azure.storage.common.sas.SasProtocol;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import com.azure.storage.queue.models.QueueAccessPolicy;
import com.azure.storage.queue.models.QueueMessageItem;
import com.azure.storage.queue.models.QueueSignedIdentifier;
import com.azure.storage.queue.sas.QueueSasPermission;
import com.azure.storage.queue.sas.QueueServiceSasSignatureValues;
import io.lazuli.security.PercentCoding;
import io.lazuli.security.StorageService;
import io.lazuli.storage.protocol.conformance.QueueServiceConformance.Case;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Signatures of one queue, with and without a stored policy; accounts beside each other; accounts in the host's name. */
final class QueueSignatureCases {

    private static final String MSG = "<QueueMessage><MessageText>x</MessageText></QueueMessage>";

    /** Operation, and the permission that a queue's signature must have, or {@code none} if no signature of a queue is enough. */
    private static final String OPERATIONS = """
            GET    | /{q}?comp=metadata                                    | r
            HEAD   | /{q}?comp=metadata                                    | r
            GET    | /{q}/messages?peekonly=true                           | r
            POST   | /{q}/messages                                         | a
            PUT    | /{q}/messages/{m}?popreceipt={p}&visibilitytimeout=1  | u
            GET    | /{q}/messages                                         | p
            DELETE | /{q}/messages/{m}?popreceipt={p}                      | p
            DELETE | /{q}/messages                                         | none
            PUT    | /{q}?comp=metadata                                    | none
            DELETE | /{q}                                                  | none
            PUT    | /{q}                                                  | none
            GET    | /{q}?comp=acl                                         | none
            PUT    | /{q}?comp=acl                                         | none
            """;

    private QueueSignatureCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>(List.of(
                new Case("the SDK works through a queue's signature", QueueSignatureCases::sdk),
                new Case("an expired queue's signature answers 403", f -> peek(f, values -> values.setExpiryTime(OffsetDateTime.now().minusHours(1))).is(403, "AuthenticationFailed")),
                new Case("a queue's signature of the future answers 403", f -> peek(f, values -> values.setStartTime(OffsetDateTime.now().plusMinutes(30))).is(403, "AuthenticationFailed")),
                new Case("a queue's signature for another address answers 403", f -> peek(f, values -> values.setSasIpRange(SasIpRange.parse("203.0.113.7"))).is(403, "AuthorizationSourceIPMismatch")),
                new Case("a queue's signature for this address is accepted", f -> peek(f, values -> values.setSasIpRange(SasIpRange.parse("127.0.0.0-127.0.0.255"))).is(200)),
                new Case("a queue's signature for https only answers 403", f -> peek(f, values -> values.setProtocol(SasProtocol.HTTPS_ONLY)).is(403, "AuthorizationProtocolMismatch")),
                new Case("a queue's signature is for no other queue", f -> f.raw().send("GET", "/" + f.queue().getQueueName() + "/messages?peekonly=true&" + f.queue().generateSas(values("r")), Map.of(), "", null).is(403, "AuthenticationFailed")),
                new Case("a tampered queue's signature answers 403", QueueSignatureCases::tampered),
                new Case("a stored policy grants what the signature leaves open", f -> byPolicy(f, "raup", 60, "one").is(200)),
                new Case("a stored policy without the right answers 403", f -> byPolicy(f, "a", 60, "one").is(403, "AuthorizationPermissionMismatch")),
                new Case("a stored policy that has expired answers 403", f -> byPolicy(f, "r", -1, "one").is(403, "AuthenticationFailed")),
                new Case("a stored policy that never was answers 403", f -> byPolicy(f, "r", 60, "other").is(403, "AuthenticationFailed")),
                new Case("a stored policy that is revoked answers 403 at once", QueueSignatureCases::revoked),
                new Case("queues of another account are invisible", QueueSignatureCases::otherAccount),
                new Case("host-style addresses reach the account", QueueSignatureCases::hostStyle),
                new Case("host-style addresses without credentials answer 401", f -> f.raw().sendToHost("GET", "/?comp=list", Map.of(), "", null).is(401, "NoAuthenticationInformation"))));
        for (String line : OPERATIONS.lines().toList()) {
            String[] columns = line.split("\\|");
            cases.add(new Case("queue's signature: " + columns[0].trim() + " " + columns[1].trim() + " needs " + columns[2].trim(),
                    f -> rights(f, columns[0].trim(), columns[1].trim(), columns[2].trim())));
        }
        return cases;
    }

    private static QueueServiceSasSignatureValues values(String permissions) {
        return new QueueServiceSasSignatureValues(OffsetDateTime.now().plusHours(1), QueueSasPermission.parse(permissions));
    }

    private static void rights(Fixture f, String method, String path, String permission) {
        if (permission.equals("none")) {
            assertEquals(403, send(f, method, path, "raup").status());
            return;
        }
        send(f, method, path, "raup".replace(permission, "")).is(403).has("x-ms-error-code", "AuthorizationPermissionMismatch");
        RawAnswer answer = send(f, method, path, permission);
        assertEquals(2, answer.status() / 100, answer::toString);
    }

    private static RawAnswer send(Fixture f, String method, String path, String permissions) {
        QueueClient queue = f.queue();
        queue.sendMessage("x");
        QueueMessageItem message = queue.receiveMessage();
        String filled = path.replace("{q}", queue.getQueueName()).replace("{m}", message.getMessageId()).replace("{p}", PercentCoding.encode(message.getPopReceipt()));
        String body = method.equals("POST") || path.contains("visibilitytimeout") ? MSG : path.contains("acl") && method.equals("PUT") ? "<SignedIdentifiers/>" : "";
        return f.raw().send(method, filled + (filled.contains("?") ? "&" : "?") + queue.generateSas(values(permissions)), Map.of(), body, null);
    }

    private static RawAnswer peek(Fixture f, UnaryOperator<QueueServiceSasSignatureValues> with) {
        QueueClient queue = f.queue();
        return f.raw().send("GET", "/" + queue.getQueueName() + "/messages?peekonly=true&" + queue.generateSas(with.apply(values("raup"))), Map.of(), "", null);
    }

    private static void sdk(Fixture f) {
        QueueClient owner = f.queue();
        QueueClient queue = new QueueClientBuilder().endpoint(f.raw().endpoint().toString()).queueName(owner.getQueueName())
                .sasToken(owner.generateSas(values("raup"))).httpClient(new JdkHttpClientBuilder().build()).buildClient();
        queue.sendMessage("by signature");
        QueueMessageItem received = queue.receiveMessage();
        assertEquals("by signature", received.getBody().toString());
        queue.deleteMessage(received.getMessageId(), received.getPopReceipt());
    }

    private static void tampered(Fixture f) {
        QueueClient queue = f.queue();
        f.raw().send("POST", "/" + queue.getQueueName() + "/messages?" + queue.generateSas(values("r")).replace("sp=r", "sp=raup"), Map.of(), MSG, null).is(403, "AuthenticationFailed");
    }

    private static void setPolicy(QueueClient queue, String permissions, int minutes) {
        queue.setAccessPolicy(List.of(new QueueSignedIdentifier().setId("one")
                .setAccessPolicy(new QueueAccessPolicy().setPermissions(permissions).setExpiresOn(OffsetDateTime.now().plusMinutes(minutes)))));
    }

    private static RawAnswer byPolicy(Fixture f, String permissions, int minutes, String identifier) {
        QueueClient queue = f.queue();
        setPolicy(queue, permissions, minutes);
        return f.raw().send("GET", "/" + queue.getQueueName() + "/messages?peekonly=true&" + queue.generateSas(new QueueServiceSasSignatureValues(identifier)), Map.of(), "", null);
    }

    private static void revoked(Fixture f) {
        QueueClient queue = f.queue();
        setPolicy(queue, "r", 60);
        String path = "/" + queue.getQueueName() + "/messages?peekonly=true&" + queue.generateSas(new QueueServiceSasSignatureValues("one"));
        f.raw().send("GET", path, Map.of(), "", null).is(200);
        queue.setAccessPolicy(List.of());
        f.raw().send("GET", path, Map.of(), "", null).is(403, "AuthenticationFailed");
    }

    private static void otherAccount(Fixture f) {
        String queue = f.queue().getQueueName();
        RawClient other = new RawClient(f.other(), StorageService.QUEUE);
        assertFalse(other.send("GET", "?comp=list").is(200).body().contains(queue));
        other.send("GET", "/" + queue + "/messages").is(404, "QueueNotFound");
        f.raw().sendTo(URI.create(f.raw().endpoint() + "/" + queue + "/messages"), "GET", Map.of(), "", other.signer()).is(403, "AuthenticationFailed");
    }

    private static void hostStyle(Fixture f) {
        String queue = f.queue().getQueueName();
        f.raw().sendToHost("POST", "/" + queue + "/messages", Map.of("Content-Type", "application/xml"), MSG, f.raw().signer()).is(201);
        f.raw().sendToHost("GET", "/" + queue + "/messages", Map.of(), "", f.raw().signer()).is(200).hasXml("//MessageText", "x");
        f.raw().sendToHost("GET", "/?comp=list&prefix=" + queue, Map.of(), "", f.raw().signer()).is(200).hasXml("//Queue/Name", queue);
    }
}
