package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.common.sas.AccountSasPermission;
import com.azure.storage.common.sas.AccountSasResourceType;
import com.azure.storage.common.sas.AccountSasService;
import com.azure.storage.common.sas.AccountSasSignatureValues;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueServiceClient;
import com.azure.storage.queue.QueueServiceClientBuilder;
import com.azure.storage.queue.models.QueueMessageItem;
import io.lazuli.kernel.Clock;
import io.lazuli.security.AccountSas;
import io.lazuli.security.HttpDates;
import io.lazuli.security.PercentCoding;
import io.lazuli.security.SharedKeyScheme;
import io.lazuli.security.SharedKeySigner;
import io.lazuli.security.SigningKey;
import io.lazuli.security.StorageService;
import io.lazuli.storage.protocol.conformance.QueueServiceConformance.Case;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Who may what: SharedKey, SharedKeyLite, account signatures; and every way to be refused. */
final class SignatureCases {

    private static final String MSG = "<QueueMessage><MessageText>x</MessageText></QueueMessage>";
    private static final SigningKey WRONG_KEY = SigningKey.ofBase64(Base64.getEncoder().encodeToString("this key is the key of nobody...".getBytes()));

    /** Operation, what an account signature must have for it: resource type, then any of these permissions. */
    private static final String OPERATIONS = """
            GET    | ?comp=list&maxresults=1                             | s | l
            GET    | ?restype=service&comp=properties                    | s | r
            PUT    | ?restype=service&comp=properties                    | s | w
            PUT    | /{new}                                              | c | c w
            DELETE | /{q}                                                | c | d
            GET    | /{q}?comp=metadata                                  | c | r
            HEAD   | /{q}?comp=metadata                                  | c | r
            PUT    | /{q}?comp=metadata                                  | c | w
            POST   | /{q}/messages                                       | o | a
            GET    | /{q}/messages                                       | o | p
            GET    | /{q}/messages?peekonly=true                         | o | r
            DELETE | /{q}/messages                                       | o | d
            PUT    | /{q}/messages/{m}?popreceipt={p}&visibilitytimeout=1| o | u
            DELETE | /{q}/messages/{m}?popreceipt={p}                    | o | p
            """;

    private SignatureCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>(List.of(
                new Case("SharedKeyLite is accepted", f -> f.raw().send("GET", "?comp=list&maxresults=1", Map.of(), "", lite(f)).is(200)),
                new Case("SharedKeyLite is accepted with a body", f -> f.raw().send("POST", "/" + f.queue().getQueueName() + "/messages", Map.of("Content-Type", "application/xml"), MSG, lite(f)).is(201)),
                new Case("a request without credentials answers 401", f -> assertTrue(!f.raw().send("GET", "?comp=list", Map.of(), "", null).is(401, "NoAuthenticationInformation").header("WWW-Authenticate").isEmpty())),
                new Case("a bearer token answers 401", f -> authorization(f, "Bearer abc").is(401, "InvalidAuthenticationInfo")),
                new Case("an unknown scheme answers 400", f -> authorization(f, "Basic YTpi").is(400, "InvalidAuthenticationInfo")),
                new Case("a signature in no form answers 400", f -> authorization(f, "SharedKey " + f.target().account()).is(400, "InvalidAuthenticationInfo")),
                new Case("a wrong key answers 403 with the string to sign", f -> assertTrue(f.raw().send("GET", "?comp=list", Map.of(), "", signer(f.target().account(), WRONG_KEY)).is(403, "AuthenticationFailed").xml("//AuthenticationErrorDetail").contains("Server used following string to sign"))),
                new Case("another account's signature answers 403", f -> f.raw().send("GET", "?comp=list", Map.of(), "", signer("nobody", WRONG_KEY)).is(403, "AuthenticationFailed")),
                new Case("an unknown account answers 403", f -> f.raw().sendTo(URI.create(f.target().queueEndpoint().orElseThrow() + "x?comp=list"), "GET", Map.of(), "", signer(f.target().account() + "x", WRONG_KEY)).is(403, "AuthenticationFailed")),
                new Case("a date of an hour ago answers 403", f -> dated(f, Instant.now().minus(1, ChronoUnit.HOURS)).is(403, "AuthenticationFailed")),
                new Case("a date in an hour answers 403", f -> dated(f, Instant.now().plus(1, ChronoUnit.HOURS)).is(403, "AuthenticationFailed")),
                new Case("a date of ten minutes ago is accepted", f -> dated(f, Instant.now().minus(10, ChronoUnit.MINUTES)).is(200)),
                new Case("no date answers 403", f -> authorization(f, "SharedKey " + f.target().account() + ":c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmE=").is(403, "AuthenticationFailed")),
                new Case("a header that was not signed answers 403", SignatureCases::unsignedHeader),
                new Case("a signature for another path answers 403", SignatureCases::movedSignature),
                new Case("the SDK works through an account signature", SignatureCases::sdkWithSas),
                new Case("an account signature's version serves the request", f -> f.raw().send("GET", "?comp=list&maxresults=1&" + sas("2019-12-12", "q", "s", "l").token(f.target().account(), key(f)), Map.of("x-ms-version", ""), "", null).is(200).has("x-ms-version", "2019-12-12")),
                new Case("api-version serves a request by signature", f -> f.raw().send("GET", "?comp=list&maxresults=1&api-version=2018-11-09&" + sas("2019-12-12", "q", "s", "l").token(f.target().account(), key(f)), Map.of(), "", null).is(200).has("x-ms-version", "2018-11-09")),
                new Case("an expired signature answers 403", f -> assertTrue(signed(f, sasFrom("", past())).is(403, "AuthenticationFailed").xml("//AuthenticationErrorDetail").contains("time frame"))),
                new Case("a signature of the future answers 403", f -> signed(f, sasFrom(future(), future())).is(403, "AuthenticationFailed")),
                new Case("a tampered signature answers 403", f -> f.raw().send("GET", "?comp=list&" + sas("2021-12-02", "q", "s", "r").token(f.target().account(), key(f)).replace("sp=r", "sp=rl"), Map.of(), "", null).is(403, "AuthenticationFailed")),
                new Case("a signature by the wrong key answers 403", f -> f.raw().send("GET", "?comp=list&" + sas("2021-12-02", "q", "s", "l").token(f.target().account(), WRONG_KEY), Map.of(), "", null).is(403, "AuthenticationFailed")),
                new Case("a signature without expiry answers 403", f -> signed(f, sasFrom("", "")).is(403, "AuthenticationFailed")),
                new Case("a signature for https only answers 403", f -> signed(f, new AccountSas("2021-12-02", "q", "s", "l", "", future(), "", "https", "")).is(403, "AuthorizationProtocolMismatch")),
                new Case("a signature for another address answers 403", f -> assertTrue(!signed(f, new AccountSas("2021-12-02", "q", "s", "l", "", future(), "203.0.113.7", "", "")).is(403, "AuthorizationSourceIPMismatch").xml("//SourceIP").isEmpty())),
                new Case("a signature for other services answers 403", f -> signed(f, sas("2021-12-02", "bt", "s", "l")).is(403, "AuthorizationServiceMismatch")),
                new Case("no account signature reads access policies", f -> f.raw().send("GET", "/" + f.queue().getQueueName() + "?comp=acl&" + sas("2021-12-02", "q", "sco", "rwdlacup").token(f.target().account(), key(f)), Map.of(), "", null).is(403, "AuthorizationFailure")),
                new Case("no account signature sets access policies", f -> f.raw().send("PUT", "/" + f.queue().getQueueName() + "?comp=acl&" + sas("2021-12-02", "q", "sco", "rwdlacup").token(f.target().account(), key(f)), Map.of(), "", null).is(403, "AuthorizationFailure"))));
        for (String line : OPERATIONS.lines().toList()) {
            String[] columns = line.split("\\|");
            String method = columns[0].trim();
            String path = columns[1].trim();
            String type = columns[2].trim();
            String permissions = columns[3].trim();
            cases.add(new Case(method + " " + path + " needs " + permissions + " on " + type, f -> permissions(f, method, path, type, permissions)));
        }
        return cases;
    }

    private static void permissions(Fixture f, String method, String path, String type, String permissions) {
        String others = "rwdlacup".replaceAll("[" + permissions + "]", "");
        String otherTypes = "sco".replace(type, "");
        refused(f, method, path, sas("2021-12-02", "q", "sco", others), "AuthorizationPermissionMismatch");
        refused(f, method, path, sas("2021-12-02", "q", otherTypes, "rwdlacup"), "AuthorizationResourceTypeMismatch");
        for (String permission : permissions.split(" ")) {
            RawAnswer answer = by(f, method, path, sas("2021-12-02", "q", type, permission));
            assertTrue(answer.status() < 300, () -> permission + ": " + answer);
        }
    }

    private static void refused(Fixture f, String method, String path, AccountSas sas, String code) {
        by(f, method, path, sas).is(403).has("x-ms-error-code", code);
    }

    private static RawAnswer by(Fixture f, String method, String path, AccountSas sas) {
        QueueClient queue = f.queue();
        queue.sendMessage("x");
        QueueMessageItem message = queue.receiveMessage();
        String filled = path.replace("{q}", queue.getQueueName()).replace("{new}", f.freeName()).replace("{m}", message.getMessageId())
                .replace("{p}", PercentCoding.encode(message.getPopReceipt()));
        String body = method.equals("POST") || path.contains("visibilitytimeout") ? MSG : path.contains("properties") && method.equals("PUT") ? "<StorageServiceProperties/>" : "";
        return f.raw().send(method, filled + (filled.contains("?") ? "&" : "?") + sas.token(f.target().account(), key(f)), Map.of(), body, null);
    }

    private static void unsignedHeader(Fixture f) {
        Map<String, String> signed = lite(f).sign(StorageService.QUEUE, "GET", URI.create(f.target().queueEndpoint().orElseThrow() + "?comp=list"), Map.of("x-ms-version", RawClient.VERSION));
        signed.put("x-ms-meta-more", "x");
        f.raw().send("GET", "?comp=list", signed, "", null).is(403, "AuthenticationFailed");
    }

    private static void movedSignature(Fixture f) {
        Map<String, String> signed = signer(f.target().account(), key(f)).sign(StorageService.QUEUE, "PUT", URI.create(f.target().queueEndpoint().orElseThrow() + "/queue-one"), Map.of("x-ms-version", RawClient.VERSION));
        f.raw().send("PUT", "/queue-two", signed, "", null).is(403, "AuthenticationFailed");
    }

    private static void sdkWithSas(Fixture f) {
        String token = f.service().generateAccountSas(new AccountSasSignatureValues(
                OffsetDateTime.now().plus(Duration.ofHours(1)), AccountSasPermission.parse("rwdlacup"), AccountSasService.parse("q"), AccountSasResourceType.parse("sco")));
        QueueServiceClient service = new QueueServiceClientBuilder().endpoint(f.target().queueEndpoint().orElseThrow().toString()).sasToken(token)
                .httpClient(new JdkHttpClientBuilder().build()).buildClient();
        QueueClient queue = service.createQueue(f.freeName());
        queue.sendMessage("by signature");
        QueueMessageItem received = queue.receiveMessage();
        assertEquals("by signature", received.getBody().toString());
        queue.deleteMessage(received.getMessageId(), received.getPopReceipt());
        queue.delete();
    }

    private static RawAnswer authorization(Fixture f, String value) {
        return f.raw().send("GET", "?comp=list", Map.of("Authorization", value), "", null);
    }

    private static RawAnswer dated(Fixture f, Instant date) {
        return f.raw().send("GET", "?comp=list&maxresults=1", Map.of("x-ms-date", HttpDates.format(date.toEpochMilli())), "");
    }

    private static RawAnswer signed(Fixture f, AccountSas sas) {
        return f.raw().send("GET", "?comp=list&maxresults=1&" + sas.token(f.target().account(), key(f)), Map.of(), "", null);
    }

    private static AccountSas sas(String version, String services, String types, String permissions) {
        return new AccountSas(version, services, types, permissions, "", future(), "", "https,http", "");
    }

    private static AccountSas sasFrom(String start, String expiry) {
        return new AccountSas("2021-12-02", "q", "s", "l", start, expiry, "", "", "");
    }

    private static String future() {
        return Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String past() {
        return Instant.now().minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static SigningKey key(Fixture f) {
        return SigningKey.ofBase64(f.target().key());
    }

    private static SharedKeySigner lite(Fixture f) {
        return new SharedKeySigner(f.target().account(), key(f), SharedKeyScheme.SHARED_KEY_LITE, Clock.system());
    }

    private static SharedKeySigner signer(String account, SigningKey key) {
        return new SharedKeySigner(account, key, SharedKeyScheme.SHARED_KEY, Clock.system());
    }
}
