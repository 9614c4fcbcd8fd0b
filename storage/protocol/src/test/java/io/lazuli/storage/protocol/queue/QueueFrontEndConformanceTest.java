package io.lazuli.storage.protocol.queue;

import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.security.ConfiguredAccounts;
import io.lazuli.security.ConnectionString;
import io.lazuli.storage.protocol.conformance.QueueServiceConformance;
import io.lazuli.storage.protocol.http.HttpEdgeSettings;
import io.vertx.core.Vertx;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The front end, in front of a queue service in memory that answers on a thread of its own. */
class QueueFrontEndConformanceTest extends QueueServiceConformance {

    private static final String OTHER_ACCOUNT = "othertenant";
    private static final String OTHER_KEY = "b3RoZXIgdGVuYW50J3Mga2V5LCBvZiBubyB1c2UgYW55d2hlcmUgZWxzZQ==";

    private static Vertx vertx;
    private static ExecutorService executor;
    private static QueueFrontEnd frontEnd;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        executor = Executors.newSingleThreadExecutor();
        frontEnd = QueueFrontEnd.start(
                        vertx, HttpEdgeSettings.of(ConfigFactory.load()), "127.0.0.1", 0,
                        new FakeQueueService(Clock.system(), executor),
                        ConfiguredAccounts.of(ConfigFactory.parseString("lazuli { mode = development, accounts = [{ name = " + OTHER_ACCOUNT + ", key1 = \"" + OTHER_KEY + "\" }] }")), Clock.system())
                .toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() throws Exception {
        frontEnd.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        executor.shutdown();
    }

    @Override
    protected ConnectionString target() {
        return ConnectionString.ofQueue(
                ConfiguredAccounts.DEVELOPMENT_ACCOUNT, ConfiguredAccounts.DEVELOPMENT_KEY, "127.0.0.1", frontEnd.port());
    }

    @Override
    protected ConnectionString otherTarget() {
        return ConnectionString.ofQueue(OTHER_ACCOUNT, OTHER_KEY, "127.0.0.1", frontEnd.port());
    }
}
