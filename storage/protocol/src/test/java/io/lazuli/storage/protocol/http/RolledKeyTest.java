package io.lazuli.storage.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.security.AccountSas;
import io.lazuli.security.SharedAccessSignature;
import io.lazuli.security.SigningKey;
import io.lazuli.security.TableSas;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.protocol.table.TableFrontEnd;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests whose head was let in before the account's keys changed, and whose body comes after it. */
class RolledKeyTest {

    private static final String TABLE_BODY = "{\"TableName\":\"People\"}";
    private static final String ENTITY_BODY = "{\"PartitionKey\":\"p\",\"RowKey\":\"r\"}";

    private final SigningKey rolled = key("an account's first key");
    private final SigningKey other = key("an account's second key");
    private volatile List<SigningKey> keys = List.of(rolled, other);
    private Vertx vertx;
    private HttpEdge edge;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        TableService busy = (TableService) Proxy.newProxyInstance(
                TableService.class.getClassLoader(), new Class<?>[] {TableService.class},
                (proxy, method, arguments) -> CompletableFuture.failedStage(new StorageException(StorageErrorCode.SERVER_BUSY)));
        edge = TableFrontEnd.start(
                        vertx, HttpEdgeSettings.of(ConfigFactory.load()), "127.0.0.1", 0, busy, account -> keys, Clock.system())
                .toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        edge.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void requestOfTheOtherKeyRuns() throws Exception {
        assertEquals("ServerBusy", answerAfterRoll("Tables", AccountSas.until("2099-01-01", "t", "c", "c"), other, TABLE_BODY));
    }

    @Test
    void requestOfTheRolledKeyDoesNotRun() throws Exception {
        assertEquals("AuthenticationFailed", answerAfterRoll("Tables", AccountSas.until("2099-01-01", "t", "c", "c"), rolled, TABLE_BODY));
    }

    @Test
    void requestOfTheRolledKeyAsksForNoPolicy() throws Exception {
        assertEquals("AuthenticationFailed", answerAfterRoll("People", TableSas.byPolicy("People", "one"), rolled, ENTITY_BODY));
    }

    private static SigningKey key(String text) {
        return new SigningKey(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The code of the error. */
    private String answerAfterRoll(String path, SharedAccessSignature sas, SigningKey key, String body) throws Exception {
        try (WireClient client = new WireClient(edge.port())) {
            client.send("POST /acc1/" + path + "?" + sas.token("acc1", key) + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                    + "Expect: 100-continue\r\nContent-Length: " + body.length() + "\r\n\r\n");
            assertEquals(100, client.answer().status());
            keys = List.of(key("an account's new key"), other);
            return client.send(body).answer().header("x-ms-error-code");
        }
    }
}
