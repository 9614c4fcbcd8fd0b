package io.lazuli.storage.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.security.StorageService;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Tests the edge at the level of bytes, in front of a protocol that echoes, fails or waits as its path says. */
abstract class EchoEdgeTest {

    static final long PATIENCE_SECONDS = 60;
    static final int MAX_BODY_BYTES = 1000;
    static final int MAX_LARGE_BODY_BYTES = 4 << 20;
    private static final long POLL_NANOS = 100_000;

    static Vertx vertx;

    final BlockingQueue<CompletableFuture<Reply>> waiting = new LinkedBlockingQueue<>();
    final Set<String> loopThreads = ConcurrentHashMap.newKeySet();
    final AtomicInteger planned = new AtomicInteger();
    /** What {@code /acc/stream} does. */
    volatile Function<ServiceRequest, PlannedRequest> streaming;
    /** Asked once at each sweep of each event loop. */
    volatile BooleanSupplier shortOfMemory = () -> false;
    HttpEdge edge;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        if (edge != null) {
            waiting.forEach(reply -> reply.complete(Reply.empty(200)));
            edge.stop().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    final class EchoProtocol implements StorageProtocol {

        @Override
        public StorageService service() {
            return StorageService.QUEUE;
        }

        @Override
        public String serverName() {
            return "Echo/1.0";
        }

        @Override
        public boolean isShortOfMemory() {
            return shortOfMemory.getAsBoolean();
        }

        @Override
        public PlannedRequest plan(ServiceRequest request) {
            loopThreads.add(Thread.currentThread().getName());
            String what = request.segments().isEmpty() ? "echo" : request.segments().get(0);
            return switch (what) {
                case "refuse" -> throw new StorageException(StorageErrorCode.AUTHENTICATION_FAILED);
                case "break" -> throw new IllegalStateException("secret");
                case "large" -> {
                    planned.incrementAndGet();
                    yield new PlannedRequest(0, body -> done(Reply.xml(200, new byte[1 << 20])));
                }
                case "batch" -> new PlannedRequest(0, 1 << 20, body -> {
                    CompletableFuture<Reply> reply = new CompletableFuture<>();
                    waiting.add(reply);
                    return reply;
                });
                case "sum" -> new PlannedRequest(MAX_LARGE_BODY_BYTES, body -> done(Reply.xml(200, Integer.toString(body.length).getBytes(StandardCharsets.UTF_8))));
                case "stream" -> streaming.apply(request);
                case "none" -> new PlannedRequest(0, body -> done(Reply.empty(204)));
                case "fail" -> new PlannedRequest(0, body -> CompletableFuture.failedFuture(new IllegalStateException("secret")));
                case "wait", "huge" -> new PlannedRequest(0, body -> {
                    CompletableFuture<Reply> reply = new CompletableFuture<>();
                    waiting.add(reply);
                    return reply;
                });
                default -> new PlannedRequest(MAX_BODY_BYTES, body -> done(Reply.xml(200,
                        (request.account() + request.segments() + body.length + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8))));
            };
        }

        @Override
        public CompletionStage<Reply> withCors(ServiceRequest request, Reply reply) {
            return done(reply.header("x-cors", "yes"));
        }

        @Override
        public Reply errorReply(ServiceRequest request, StorageException failure, String requestId, long nowMillis) {
            return request != null && request.query().first("json") != null
                    ? Reply.of(failure.error().status(), "application/json", (failure.error().code() + "\nRequestId:" + requestId).getBytes(StandardCharsets.UTF_8))
                    : StorageProtocol.super.errorReply(request, failure, requestId, nowMillis);
        }

        private static CompletionStage<Reply> done(Reply reply) {
            return CompletableFuture.completedFuture(reply);
        }
    }

    WireClient start(String overrides) throws Exception {
        return start(overrides, Clock.system());
    }

    WireClient start(String overrides, Clock clock) throws Exception {
        Config config = ConfigFactory.parseString("lazuli.http { " + overrides + " }").withFallback(ConfigFactory.load());
        edge = HttpEdge.start(vertx, HttpEdgeSettings.of(config), "127.0.0.1", 0, EchoProtocol::new, clock)
                .toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return new WireClient(edge.port());
    }

    static String head(String method, String path, String... headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: h\r\n" + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n";
    }

    void awaitIdle() {
        await("nothing is under way", () -> edge.inFlight() == 0);
    }

    static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS), () -> "waited too long until " + what);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Where requests may take only a short time, on a machine that stands still any may take longer. */
    static void awaitServed(WireClient client) throws IOException {
        WireClient.Answer answer = client.send(head("GET", "/acc/q")).answer();
        while (answer.header("x-ms-error-code").equals("OperationTimedOut")) {
            answer = client.send(head("GET", "/acc/q")).answer();
        }
        assertEquals("acc[q]0", answer.body());
    }

    static void awaitRefusal(int port) {
        while (true) {
            try (WireClient probe = new WireClient(port)) {
                probe.send(head("GET", "/acc/q"));
                if (probe.isClosed()) {
                    return;
                }
            } catch (IOException refused) {
                return;
            }
        }
    }
}
