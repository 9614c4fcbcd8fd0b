package io.lazuli.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.FabricException;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every route, what it answers and refuses, and how the API begins and ends. */
class AdminApiTest extends AdminTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /status                                    |             | 200 | status
            GET    | /ready                                     |             | 200 | readiness
            GET    | /deployments                               |             | 200 | deployments
            GET    | /deployments/words                         |             | 200 | deployment words
            DELETE | /deployments/words                         |             | 202 | remove words
            POST   | /deployments/words/scale                   | {"counter":5,"web":0} | 200 | scale words {counter=5, web=0}
            POST   | /deployments/words/instances/counter/2/restart |         | 202 | restart words/counter/2
            POST   | /deployments/words/instances/counter/2/restart | {}      | 202 | restart words/counter/2
            GET    | /instances                                 |             | 200 | instances all
            GET    | /instances?deployment=words                |             | 200 | instances words
            GET    | /deployments/words/logs?instance=counter/0 |             | 200 | log words/counter/0 -65536 65536
            GET    | /deployments/words/logs?instance=counter%2F0&offset=7&maxBytes=9 | | 200 | log words/counter/0 7 9
            GET    | /queues                                    |             | 200 | queues '' 1000
            GET    | /queues?marker=m&maxResults=2              |             | 200 | queues 'm' 2
            PUT    | /queues/fresh                              |             | 201 | create fresh
            PUT    | /queues/lines                              |             | 200 | create lines
            DELETE | /queues/lines                              |             | 200 | delete lines
            POST   | /queues/lines/messages                     | {"text":"hello"} | 201 | put lines 5
            POST   | /queues/lines/receive                      |             | 200 | receive lines 1 30000
            POST   | /queues/lines/receive?count=32&visibilityTimeoutSeconds=5&delete=false | {} | 200 | receive lines 32 5000
            GET    | /queues/lines/peek?count=3                 |             | 200 | peek lines 3
            GET    | /accounts                                  |             | 200 | accounts '' 1000
            GET    | /accounts?marker=m&maxResults=2            |             | 200 | accounts 'm' 2
            PUT    | /accounts/fresh                            |             | 201 | create account fresh
            GET    | /accounts/shop/keys                        |             | 200 | keys shop
            POST   | /accounts/shop/keys/2/roll                 |             | 200 | roll shop 2
            DELETE | /accounts/shop                             |             | 202 | delete account shop
            GET    | /accounts/shop/blob-settings               |             | 200 | blob settings shop
            PUT    | /accounts/shop/blob-settings?versioning=true |         | 200 | set blob settings shop Optional[true] Optional.empty
            GET    | /accounts/shop/lifecycle                   |             | 200 | lifecycle shop
            PUT    | /accounts/shop/lifecycle                   | {"rules":1} | 200 | set lifecycle shop {"rules":1}
            DELETE | /accounts/shop/lifecycle                   |             | 200 | clear lifecycle shop
            GET    | /partitions                                |             | 200 | partitions '' 100
            GET    | /chunks                                    |             | 200 | chunks
            GET    | /partitions?marker=m&maxTables=5           |             | 200 | partitions 'm' 5
            """)
    void everyRouteAsksTheCloud(String method, String path, String body, int status, String call) throws Exception {
        HttpResponse<String> response = send(method, path, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        assertEquals(status, response.statusCode(), response.body());
        assertEquals(List.of(call), cloud.calls);
        assertEquals("application/json; charset=utf-8", response.headers().firstValue("Content-Type").orElseThrow());
        new JsonObject(response.body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /nothing                                   |             | 404 | NotFound
            GET    | /deployments/words/nothing                 |             | 404 | NotFound
            POST   | /status                                    |             | 405 | MethodNotAllowed
            DELETE | /deployments                               |             | 405 | MethodNotAllowed
            POST   | /deployments/words                         |             | 405 | MethodNotAllowed
            GET    | /queues/lines                              |             | 405 | MethodNotAllowed
            GET    | /deployments/Words                         |             | 400 | InvalidName
            GET    | /deployments/-words                        |             | 400 | InvalidName
            PUT    | /deployments/wo_rds                        |             | 400 | InvalidName
            GET    | /deployments/%2e%2e%2fwords                |             | 400 | InvalidName
            GET    | /deployments/other                         |             | 404 | DeploymentNotFound
            GET    | /instances?deployment=a.b                  |             | 400 | InvalidName
            GET    | /instances?deployment=a&deployment=b       |             | 400 | InvalidRequest
            POST   | /deployments/words/scale                   |             | 400 | InvalidRequest
            POST   | /deployments/words/scale                   | {           | 400 | InvalidRequest
            POST   | /deployments/words/scale                   | [1]         | 400 | InvalidRequest
            POST   | /deployments/words/scale                   | 5           | 400 | InvalidRequest
            POST   | /deployments/words/scale                   | {}          | 400 | InvalidRequest
            POST   | /deployments/words/scale                   | {"counter":"5"} | 400 | InvalidRequest
            POST   | /deployments/words/scale                   | {"counter":1.5} | 400 | InvalidRequest
            POST   | /deployments/words/scale                   | {"counter":99999999999} | 400 | InvalidRequest
            POST   | /deployments/words/scale                   | {"Counter":1} | 400 | InvalidName
            POST   | /deployments/words/instances/counter/x/restart |         | 400 | InvalidRequest
            POST   | /deployments/words/instances/counter/-1/restart |        | 400 | InvalidRequest
            GET    | /deployments/words/logs                    |             | 400 | InvalidRequest
            GET    | /deployments/words/logs?instance=counter   |             | 400 | InvalidRequest
            GET    | /deployments/words/logs?instance=counter/0&maxBytes=0 |  | 400 | InvalidRequest
            GET    | /deployments/words/logs?instance=counter/0&maxBytes=1048577 | | 400 | InvalidRequest
            GET    | /deployments/words/logs?instance=counter/0&offset=x |    | 400 | InvalidRequest
            GET    | /queues?maxResults=5001                    |             | 400 | InvalidRequest
            PUT    | /queues/ab                                 |             | 400 | InvalidName
            PUT    | /queues/a--b                               |             | 400 | InvalidName
            DELETE | /queues/other                              |             | 404 | QueueNotFound
            POST   | /queues/lines/messages                     | {"txt":"a"} | 400 | InvalidRequest
            POST   | /queues/lines/messages                     | {"text":7}  | 400 | InvalidRequest
            POST   | /queues/lines/receive?count=33             |             | 400 | InvalidRequest
            POST   | /queues/lines/receive?count=0              |             | 400 | InvalidRequest
            POST   | /queues/lines/receive?visibilityTimeoutSeconds=604801 |  | 400 | InvalidRequest
            POST   | /queues/lines/receive?delete=yes           |             | 400 | InvalidRequest
            GET    | /queues/lines/peek?count=x                 |             | 400 | InvalidRequest
            PUT    | /accounts/ab                               |             | 400 | InvalidName
            PUT    | /accounts/Shop                             |             | 400 | InvalidName
            PUT    | /accounts/shop                             |             | 409 | AccountAlreadyExists
            GET    | /accounts/other/keys                       |             | 404 | AccountNotFound
            POST   | /accounts/shop/keys/3/roll                 |             | 400 | InvalidRequest
            POST   | /accounts/shop/keys/x/roll                 |             | 400 | InvalidRequest
            GET    | /accounts/shop                             |             | 405 | MethodNotAllowed
            GET    | /partitions?maxTables=0                    |             | 400 | InvalidRequest
            """)
    void wrongRequestsAreRefusedAndNothingIsAsked(String method, String path, String body, int status, String code) throws Exception {
        HttpResponse<String> response = send(method, path, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        assertError(status, code, response);
        assertEquals(List.of(), cloud.calls);
    }

    @Test
    void aWrongMethodIsToldTheRightOnes() throws Exception {
        assertEquals("DELETE, GET, PUT", send("POST", "/deployments/words", BodyPublishers.noBody()).headers().firstValue("Allow").orElseThrow());
    }

    @Test
    void whatIsShownHasTheDocumentedForm() throws Exception {
        assertEquals(new JsonObject("""
                {"cloud":"lazuli","mode":"development","ready":true,
                 "nodes":[{"id":"node-1","pid":42,"state":"up","roles":["compute","edge","storage"],"faultDomain":"domain-1","startedAtMillis":7,
                           "endpoints":{"cluster":"127.0.0.1:25520","queue":"http://127.0.0.1:10001"}}],
                 "groups":[{"group":0,"leader":null,"term":3,"appliedIndex":99,
                            "replicas":[{"node":"node-1","address":"127.0.0.1:26000","alive":true,"lagEntries":-1}]}]}"""), json("/status"));
        assertEquals(new JsonObject("""
                {"deployments":[{"name":"words","packageDigest":"ab12","createdAtMillis":1700000000000,"removing":false,
                 "roles":[{"name":"counter","kind":"worker","instances":3,"ready":2}]}]}"""), json("/deployments"));
        assertEquals(new JsonObject("""
                {"instances":[
                 {"deployment":"words","role":"counter","index":0,"node":"node-1","pid":4711,"state":"Cycling","restartCount":2,"sinceMillis":8,"lastError":"boom"},
                 {"deployment":"words","role":"counter","index":1,"node":null,"pid":null,"state":"Pending","restartCount":0,"sinceMillis":0,"lastError":"no room"}]}"""),
                json("/instances"));
        assertEquals(new JsonObject("{\"instance\":\"words/counter/0\",\"nextOffset\":12,\"text\":\"hello\\n\"}"),
                json("/deployments/words/logs?instance=counter/0"));
        assertEquals(new JsonObject("{\"queues\":[{\"name\":\"lines\",\"approximateMessageCount\":5}],\"nextMarker\":\"more\"}"), json("/queues"));
        assertEquals(new JsonObject("""
                {"messages":[{"id":"id-1","popReceipt":"","text":"ein Wört","dequeueCount":1,"insertedAtMillis":10,"expiresAtMillis":20}]}"""),
                json("/queues/lines/peek"));
        assertEquals(new JsonObject("{\"ready\":true}"), json("/ready"));
        assertEquals(new JsonObject("{\"accounts\":[{\"name\":\"shop\",\"createdAtMillis\":9,\"state\":\"active\"}],\"nextMarker\":\"more\"}"),
                json("/accounts"));
        assertEquals(new JsonObject("{\"name\":\"shop\",\"key1\":\"a2V5MQ==\",\"key2\":\"a2V5Mg==\"}"), json("/accounts/shop/keys"));
        assertEquals(
                new JsonObject("{\"name\":\"fresh\",\"createdAtMillis\":9,\"state\":\"active\",\"unconfirmedNodes\":[\"node-2\",\"node-3\"]}"),
                new JsonObject(send("PUT", "/accounts/fresh", BodyPublishers.noBody()).body()));
        assertEquals(new JsonObject("""
                {"ranges":[{"account":"shop","table":"orders","partition":"1.t.shop-7/3","low":"a","high":"","group":1,"node":null,
                 "state":"live","entities":5,"bytes":600,"writesPerSecond":1.5,"readsPerSecond":2.5}],"nextMarker":"more"}"""), json("/partitions"));
        assertEquals(new JsonObject("""
                {"nodes":[{"node":"node-1","answered":true,"notWritable":"","chunks":5,"contentBytes":1000,"files":1,"fileBytes":2000,
                 "freeBytes":3000,"missingChunks":2,"comparedAtMillis":17,"damagedChunks":1,"damagedFound":3,"lostFound":4,"repairedChunks":6,
                 "fetchedChunks":7,"verifiedBytes":8,"scrubbedAtMillis":9,"refusedForClock":10},{"node":"node-2","answered":false}]}"""), json("/chunks"));
    }

    @Test
    void aCloudThatIsNotReadySaysWhatIsMissing() throws Exception {
        cloud.ready = false;
        HttpResponse<String> response = send("GET", "/ready", BodyPublishers.noBody());
        assertEquals(503, response.statusCode());
        assertEquals(new JsonObject("{\"ready\":false,\"reasons\":[\"no controller\"]}"), new JsonObject(response.body()));
    }

    @Test
    void receivedMessagesAreDeletedIfAskedFor() throws Exception {
        assertEquals(200, send("POST", "/queues/lines/receive?delete=true", BodyPublishers.noBody()).statusCode());
        assertEquals(List.of("receive lines 1 30000", "deleteMessage lines id-1 receipt-1"), cloud.calls);
    }

    @Test
    void aMessageHasAtMost64KiB() throws Exception {
        assertEquals(201, put("x".repeat(64 << 10)).statusCode());
        assertError(400, "MessageTooLarge", put("x".repeat((64 << 10) + 1)));
        assertError(400, "MessageTooLarge", put("ü".repeat(33 << 10)));
        assertError(413, "RequestBodyTooLarge", put("x".repeat(MAX_BODY)));
        assertEquals(List.of("put lines 65536"), cloud.calls);
    }

    @Test
    void moreRequestsThanTheNodeTakesAreTurnedAway() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        cloud.block = release;
        List<CompletableFuture<HttpResponse<String>>> running = new ArrayList<>();
        for (int i = 0; i < MAX_REQUESTS; i++) {
            running.add(HTTP.sendAsync(request("/deployments").build(), BodyHandlers.ofString()));
        }
        while (cloud.calls.size() < MAX_REQUESTS) {
            Thread.onSpinWait();
        }
        assertError(503, "ServerBusy", send("GET", "/deployments", BodyPublishers.noBody()));
        release.complete(null);
        for (CompletableFuture<HttpResponse<String>> one : running) {
            assertEquals(200, one.get(60, TimeUnit.SECONDS).statusCode());
        }
        for (int i = 0; i < 2 * MAX_REQUESTS; i++) {
            assertEquals(200, send("GET", "/deployments", BodyPublishers.noBody()).statusCode());
        }
    }

    @ParameterizedTest
    @EnumSource(FabricErrorCode.class)
    void everyRefusalOfTheFabricHasItsStatus(FabricErrorCode code) throws Exception {
        cloud.failure = new FabricException(code, "because");
        HttpResponse<String> response = send("GET", "/deployments", BodyPublishers.noBody());
        assertTrue(response.statusCode() >= 400 && response.statusCode() != 500, response.body());
        JsonObject error = new JsonObject(response.body()).getJsonObject("error");
        assertEquals(code.name(), error.getString("code").replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
        assertEquals("because", error.getString("message"));
    }

    @Test
    void aBugIsAnsweredWithoutDetails() throws Exception {
        cloud.failure = new IllegalStateException("secret detail");
        HttpResponse<String> response = send("GET", "/deployments", BodyPublishers.noBody());
        assertError(500, "InternalError", response);
        assertFalse(response.body().contains("secret"));
    }

    @Test
    void aCloudThatDoesNotAnswerInTimeIsUnavailable() throws Exception {
        get(api.stop());
        api = start(settings(Optional.empty(), 100));
        cloud.block = new CompletableFuture<>();
        assertError(503, "Unavailable", send("GET", "/deployments", BodyPublishers.noBody()));
    }

    @Test
    void withATokenEveryRequestNeedsIt() throws Exception {
        get(api.stop());
        api = start(settings(Optional.of("a-long-enough-token"), 30_000));
        for (String header : List.of("", "Bearer wrong", "Basic a-long-enough-token", "Bearer ")) {
            HttpRequest.Builder request = request("/ready");
            if (!header.isEmpty()) {
                request.header("Authorization", header);
            }
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
            assertError(401, "Unauthorized", response);
            assertEquals("Bearer", response.headers().firstValue("WWW-Authenticate").orElseThrow());
        }
        assertEquals(List.of(), cloud.calls);
        HttpRequest right = request("/ready").header("Authorization", "Bearer a-long-enough-token").build();
        assertEquals(200, HTTP.send(right, BodyHandlers.ofString()).statusCode());
    }

    @Test
    void whatAForeignWebPageSendsIsRefused() throws Exception {
        HttpRequest foreign = request("/ready").header("Origin", "http://evil.example").build();
        assertError(403, "Forbidden", HTTP.send(foreign, BodyHandlers.ofString()));
        HttpRequest own = request("/ready").header("Origin", "http://127.0.0.1:" + api.port()).build();
        assertEquals(200, HTTP.send(own, BodyHandlers.ofString()).statusCode());
    }

    @Test
    void stoppingLetsRequestsEndAndAcceptsNoMore() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        cloud.block = release;
        CompletableFuture<HttpResponse<String>> running = HTTP.sendAsync(request("/deployments").build(), BodyHandlers.ofString());
        while (cloud.calls.isEmpty()) {
            Thread.onSpinWait();
        }
        CompletableFuture<Void> stopped = api.stop().toCompletableFuture();
        release.complete(null);
        assertEquals(200, running.get(60, TimeUnit.SECONDS).statusCode());
        stopped.get(60, TimeUnit.SECONDS);
        assertThrows(ConnectException.class, () -> send("GET", "/ready", BodyPublishers.noBody()));
    }

    private HttpResponse<String> put(String text) throws Exception {
        return send("POST", "/queues/lines/messages", BodyPublishers.ofString(new JsonObject().put("text", text).encode()));
    }

    private JsonObject json(String path) throws Exception {
        return new JsonObject(send("GET", path, BodyPublishers.noBody()).body());
    }
}
