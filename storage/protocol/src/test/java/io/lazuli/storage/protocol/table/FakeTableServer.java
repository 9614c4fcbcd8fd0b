package io.lazuli.storage.protocol.table;

import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.security.ConfiguredAccounts;
import io.lazuli.storage.protocol.http.HttpEdgeSettings;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The front end alone, in front of a table service in memory that answers on a thread of its own. */
public final class FakeTableServer implements AutoCloseable {

    /** An account beside the development account. */
    public static final String OTHER_ACCOUNT = "otheraccount";
    public static final String OTHER_KEY = Base64.getEncoder().encodeToString("a key of another account".getBytes(StandardCharsets.UTF_8));

    private static final long PATIENCE_SECONDS = 30;

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final FakeTableService tables;
    private final TableFrontEnd frontEnd;

    /** @param maxPageRows of the pages of scans */
    public FakeTableServer(int port, Clock clock, int maxPageRows) {
        tables = new FakeTableService(clock, executor, maxPageRows);
        frontEnd = TableFrontEnd.start(
                        vertx, HttpEdgeSettings.of(ConfigFactory.load()), "127.0.0.1", port, tables,
                        ConfiguredAccounts.of(ConfigFactory.parseString(
                                "lazuli { mode = development, accounts = [{ name = " + OTHER_ACCOUNT + ", key1 = \"" + OTHER_KEY + "\" }] }")), Clock.system())
                .toCompletableFuture().join();
    }

    public int port() {
        return frontEnd.port();
    }

    public FakeTableService tables() {
        return tables;
    }

    @Override
    public void close() throws Exception {
        frontEnd.stop().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        executor.shutdown();
    }

    /** To measure the edge, or to try a client. Argument: the port. */
    public static void main(String[] arguments) throws InterruptedException {
        FakeTableServer server = new FakeTableServer(Integer.parseInt(arguments[0]), Clock.system(), Integer.MAX_VALUE);
        System.out.println("http://127.0.0.1:" + server.port() + "/" + ConfiguredAccounts.DEVELOPMENT_ACCOUNT);
        new CountDownLatch(1).await();
    }
}
