package io.lazuli.storage.protocol.service;

import com.typesafe.config.ConfigFactory;
import io.lazuli.security.AccountKeys;
import io.lazuli.security.ConfiguredAccounts;
import io.lazuli.security.ConnectionString;
import io.lazuli.storage.protocol.http.HttpEdge;
import io.lazuli.storage.protocol.http.HttpEdgeSettings;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The front end of one service alone, in front of a service in memory that answers on a thread of its own: for tests, to measure the
 * edge, or to try a client. Serves the development account and others, all of which have one key.
 *
 * @param <S> the service in memory
 */
public abstract class FakeServer<S> implements AutoCloseable {

    /** An account beside the development account, and the key of all others. */
    public static final String OTHER_ACCOUNT = "otheraccount";
    public static final String OTHER_KEY = Base64.getEncoder().encodeToString("a key of another account".getBytes(StandardCharsets.UTF_8));

    protected static final String HOST = "127.0.0.1";

    private static final long PATIENCE_SECONDS = 30;

    /** Starts a service's front end. */
    protected interface FrontEnd<S> {

        CompletionStage<HttpEdge> start(Vertx vertx, HttpEdgeSettings settings, S service, AccountKeys accounts);
    }

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final S service;
    private final HttpEdge edge;

    /** @param moreAccounts beside {@link #OTHER_ACCOUNT} */
    protected FakeServer(Function<Executor, S> newService, List<String> moreAccounts, FrontEnd<S> frontEnd) {
        service = newService.apply(executor);
        String entries = Stream.concat(Stream.of(OTHER_ACCOUNT), moreAccounts.stream())
                .map(account -> "{ name = " + account + ", key1 = \"" + OTHER_KEY + "\" }")
                .collect(Collectors.joining(", "));
        AccountKeys accounts = ConfiguredAccounts.of(ConfigFactory.parseString("lazuli { mode = development, accounts = [" + entries + "] }"));
        edge = frontEnd.start(vertx, HttpEdgeSettings.of(ConfigFactory.load()), service, accounts).toCompletableFuture().join();
    }

    public final int port() {
        return edge.port();
    }

    public final S service() {
        return service;
    }

    /** The development account. */
    public final ConnectionString target() {
        return target(ConfiguredAccounts.DEVELOPMENT_ACCOUNT, ConfiguredAccounts.DEVELOPMENT_KEY);
    }

    /** Any other account that it serves. */
    public final ConnectionString target(String account) {
        return target(account, OTHER_KEY);
    }

    private ConnectionString target(String account, String key) {
        Optional<URI> endpoint = Optional.of(ConnectionString.endpoint(account, HOST, port()));
        return new ConnectionString(account, key, endpoint, endpoint, endpoint);
    }

    /** Serves until the process ends. */
    protected final void serve() throws InterruptedException {
        System.out.println(ConnectionString.endpoint(ConfiguredAccounts.DEVELOPMENT_ACCOUNT, HOST, port()));
        new CountDownLatch(1).await();
    }

    @Override
    public final void close() throws Exception {
        edge.stop().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        executor.shutdown();
    }
}
