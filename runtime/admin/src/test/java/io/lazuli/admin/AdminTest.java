package io.lazuli.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the API over real HTTP, in front of a cloud that only writes down what it is asked. */
@Timeout(300)
abstract class AdminTest {

    static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    static final int MAX_PACKAGE = 100_000;
    static final int MAX_BODY = 80_000;
    static final int MAX_REQUESTS = 8;

    private static Vertx vertx;

    @TempDir
    Path uploads;

    final FakeCloud cloud = new FakeCloud();
    final FakeAccounts accounts = new FakeAccounts(cloud);
    AdminApi api;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @BeforeEach
    void start() throws Exception {
        api = start(settings(Optional.empty(), 30_000));
    }

    @AfterEach
    void stop() throws Exception {
        get(api.stop());
    }

    @AfterAll
    static void close() throws Exception {
        get(vertx.close().toCompletionStage());
    }

    AdminApi start(AdminSettings settings) throws Exception {
        return get(AdminApi.start(vertx, settings, "127.0.0.1", 0, new ManagedCloud(cloud, cloud, cloud, accounts, accounts, accounts, accounts)));
    }

    AdminSettings settings(Optional<String> token, long requestTimeoutMillis) {
        return new AdminSettings(true, token, uploads, MAX_PACKAGE, MAX_BODY, 1, MAX_REQUESTS, requestTimeoutMillis, 30_000, 60_000, 5_000);
    }

    HttpResponse<String> send(String method, String path, BodyPublisher body) throws Exception {
        return HTTP.send(request(path).method(method, body).build(), BodyHandlers.ofString());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/api/v1" + path)).timeout(Duration.ofSeconds(60));
    }

    static void assertError(int status, String code, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response.body());
        JsonObject error = new JsonObject(response.body()).getJsonObject("error");
        assertEquals(code, error.getString("code"));
        assertFalse(error.getString("message").isBlank());
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
