package io.lazuli.storage.protocol.blob;

import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.security.ConfiguredAccounts;
import io.lazuli.storage.partition.ServiceProperties.BlobSettings;
import io.lazuli.storage.partition.ServiceProperties.Retention;
import io.lazuli.storage.partition.ServiceProperties.StaticWebsite;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.protocol.http.HttpEdgeSettings;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The front end alone, in front of a blob service in memory that answers on a thread of its own. */
public final class FakeBlobServer implements AutoCloseable {

    /** An account beside the development account. */
    public static final String OTHER_ACCOUNT = "otheraccount";
    public static final String OTHER_KEY = Base64.getEncoder().encodeToString("a key of another account".getBytes(StandardCharsets.UTF_8));

    /** Accounts with soft delete, without and with versioning. */
    public static final String KEEPING_ACCOUNT = "keepingaccount";
    public static final String VERSIONING_ACCOUNT = "versioningaccount";

    private static final int RETENTION_DAYS = 7;
    private static final long PATIENCE_SECONDS = 30;

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final FakeBlobService blobs;
    private final BlobFrontEnd frontEnd;

    /** @param maxPageEntries of the pages of lists */
    public FakeBlobServer(int port, Clock clock, int maxPageEntries) {
        this(port, clock, maxPageEntries, CopySourceHosts.ANY);
    }

    FakeBlobServer(int port, Clock clock, int maxPageEntries, CopySourceHosts copySources) {
        blobs = new FakeBlobService(clock, executor, maxPageEntries);
        frontEnd = BlobFrontEnd.start(
                        vertx, HttpEdgeSettings.of(ConfigFactory.load()), "127.0.0.1", port, blobs,
                        ConfiguredAccounts.of(ConfigFactory.parseString(
                                "lazuli { mode = development, accounts = [" + entry(OTHER_ACCOUNT) + entry(KEEPING_ACCOUNT) + entry(VERSIONING_ACCOUNT) + "] }")), copySources, clock)
                .toCompletableFuture().join();
        keep(KEEPING_ACCOUNT, false);
        keep(VERSIONING_ACCOUNT, true);
    }

    private void keep(String account, boolean versioning) {
        BlobSettings settings = new BlobSettings(null, new Retention(true, RETENTION_DAYS), true, StaticWebsite.NONE, versioning, 0);
        blobs.setServiceProperties(account, ServiceProperties.initial().with(settings)).toCompletableFuture().join();
    }

    private static String entry(String account) {
        return "{ name = " + account + ", key1 = \"" + OTHER_KEY + "\" }\n";
    }

    public int port() {
        return frontEnd.port();
    }

    public FakeBlobService blobs() {
        return blobs;
    }

    @Override
    public void close() throws Exception {
        frontEnd.stop().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        executor.shutdown();
    }

    /** To measure the edge, or to try a client. Argument: the port. */
    public static void main(String[] arguments) throws InterruptedException {
        FakeBlobServer server = new FakeBlobServer(Integer.parseInt(arguments[0]), Clock.system(), Integer.MAX_VALUE);
        System.out.println("http://127.0.0.1:" + server.port() + "/" + ConfiguredAccounts.DEVELOPMENT_ACCOUNT);
        new CountDownLatch(1).await();
    }
}
