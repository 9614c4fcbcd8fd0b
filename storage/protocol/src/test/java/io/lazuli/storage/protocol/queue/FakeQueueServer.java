package io.lazuli.storage.protocol.queue;

import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.security.ConfiguredAccounts;
import io.lazuli.storage.protocol.http.HttpEdgeSettings;
import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** The front end alone, in front of a queue in memory: to measure the edge, or to try a client. Arguments: the port, and anything more for
 * answers from another thread. */
public final class FakeQueueServer {

    private FakeQueueServer() {}

    public static void main(String[] arguments) throws InterruptedException {
        QueueFrontEnd frontEnd = QueueFrontEnd.start(
                        Vertx.vertx(), HttpEdgeSettings.of(ConfigFactory.load()), "127.0.0.1", Integer.parseInt(arguments[0]),
                        new FakeQueueService(Clock.system(), arguments.length > 1 ? Executors.newSingleThreadExecutor() : Runnable::run),
                        ConfiguredAccounts.of(ConfigFactory.parseString("lazuli { mode = development, accounts = [] }")), Clock.system())
                .toCompletableFuture().join();
        System.out.println("http://127.0.0.1:" + frontEnd.port() + "/" + ConfiguredAccounts.DEVELOPMENT_ACCOUNT);
        new CountDownLatch(1).await();
    }
}
