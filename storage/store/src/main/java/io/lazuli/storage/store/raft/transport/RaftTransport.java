package io.lazuli.storage.store.raft.transport;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.NamedThreadFactory;
import com.alipay.sofa.jraft.util.concurrent.DefaultFixedThreadsExecutorGroupFactory;
import com.alipay.sofa.jraft.util.concurrent.FixedThreadsExecutorGroup;
import io.lazuli.storage.store.raft.RaftSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Raft port of one node and its connections to the ports of its peers, shared by all groups of the node. Owns one
 * event loop and three small pools; nothing of it survives a crash. Bounded: connections, bytes that wait to be written or
 * to be handled per connection, worker threads.
 *
 * <p>The message formats and what strangers meet are in {@link Handshake}, {@link Frames} and {@link FrameType}.
 */
public final class RaftTransport implements AutoCloseable {

    /** Bytes that wait to be written on one connection before further messages fail. */
    static final int MAX_QUEUED_BYTES = 64 << 20;
    private static final int APPEND_THREADS = 2;
    private static final int REPLICATE_THREADS = 2;
    private static final int MAX_REPLICATE_TASKS_PER_THREAD = 32_768;
    /** Handling a snapshot's installation keeps a thread of these until it is done. */
    private static final int MAX_WORKERS = 64;
    private static final int WORKER_IDLE_SECONDS = 30;
    private static final long SWEEP_MILLIS = 100;
    private static final long START_TIMEOUT_MILLIS = 10_000;
    private static final long STOP_TIMEOUT_MILLIS = 10_000;

    private static final Logger log = LoggerFactory.getLogger(RaftTransport.class);

    private final RaftSettings settings;
    private final Vertx vertx;
    private final NetClient client;
    private final ThreadPoolExecutor appenders;
    private final ThreadPoolExecutor workers;
    private final FixedThreadsExecutorGroup replicateExecutors;
    private final ConcurrentMap<Endpoint, PeerLink> links = new ConcurrentHashMap<>();
    private final List<ReplicatorGroup> listeners = new CopyOnWriteArrayList<>();
    private final RaftServer server;
    private final Endpoint self;

    private RaftTransport(RaftSettings settings) throws IOException {
        this.settings = settings;
        this.appenders = new ThreadPoolExecutor(APPEND_THREADS, APPEND_THREADS, WORKER_IDLE_SECONDS, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), new NamedThreadFactory("raft-append-", true));
        appenders.allowCoreThreadTimeOut(true);
        this.workers = new ThreadPoolExecutor(1, MAX_WORKERS, WORKER_IDLE_SECONDS, TimeUnit.SECONDS,
                new SynchronousQueue<>(), new NamedThreadFactory("raft-worker-", true));
        workers.allowCoreThreadTimeOut(true);
        this.replicateExecutors = DefaultFixedThreadsExecutorGroupFactory.INSTANCE.newExecutorGroup(
                REPLICATE_THREADS, "raft-replicate-", MAX_REPLICATE_TASKS_PER_THREAD, true);
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setBlockedThreadCheckInterval(TimeUnit.SECONDS.toMillis(10))
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false)));
        this.client = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout(settings.connectTimeoutMillis())
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true));
        this.server = new RaftServer(vertx, settings, appenders, workers);
        try {
            this.self = new Endpoint(settings.host(), await(server.listen(), START_TIMEOUT_MILLIS));
        } catch (IOException e) {
            close();
            throw new IOException("cannot open the Raft port " + settings.host() + ":" + settings.port() + ": " + e.getMessage(), e);
        }
        vertx.setPeriodic(SWEEP_MILLIS, timer -> {
            long now = System.nanoTime();
            links.values().forEach(link -> link.sweep(now));
        });
    }

    /** Opens the port. */
    public static RaftTransport start(RaftSettings settings) throws IOException {
        return new RaftTransport(settings);
    }

    /** The address of this node's Raft port, with the port that is bound. */
    public Endpoint self() {
        return self;
    }

    /** Admits requests of a group; until then peers are told that it is not here. */
    public void openGroup(String groupId) {
        server.openGroup(groupId);
    }

    public void closeGroup(String groupId) {
        server.closeGroup(groupId);
    }

    /** Threads that handle followers' responses, in order per follower. */
    public FixedThreadsExecutorGroup replicateExecutors() {
        return replicateExecutors;
    }

    /** For short blocking work of the host; rejects when too much is under way. */
    public Executor workers() {
        return workers;
    }

    /** Calls {@code task} on a worker again and again until the transport is closed. */
    public void everyMillis(long millis, Runnable task) {
        vertx.setPeriodic(millis, timer -> onWorker(task));
    }

    void addListener(ReplicatorGroup replicators) {
        listeners.add(replicators);
    }

    void removeListener(ReplicatorGroup replicators) {
        listeners.remove(replicators);
    }

    PeerLink link(Endpoint peer) {
        PeerLink link = links.get(peer);
        return link != null ? link : links.computeIfAbsent(peer,
                p -> new PeerLink(p, self.toString(), settings, client, workers, () -> connected(p)));
    }

    /** Replication that found no connection starts now; this takes locks that connecting threads may hold, so not on the event loop. */
    private void connected(Endpoint peer) {
        PeerId peerId = new PeerId(peer, 0);
        for (ReplicatorGroup replicators : listeners) {
            onWorker(() -> replicators.checkReplicator(peerId, true));
        }
    }

    private void onWorker(Runnable task) {
        try {
            workers.execute(task);
        } catch (RejectedExecutionException e) {
            log.warn("no worker is free; the next occasion will do");
        }
    }

    /** Closes the port and all connections; calls that are pending fail. Groups must be closed before. */
    @Override
    public void close() {
        links.values().forEach(PeerLink::close);
        try {
            await(server.close(), STOP_TIMEOUT_MILLIS);
            await(vertx.close(), STOP_TIMEOUT_MILLIS);
        } catch (IOException e) {
            log.warn("the Raft port did not close cleanly: {}", e.toString());
        }
        appenders.shutdown();
        workers.shutdown();
        replicateExecutors.shutdownGracefully();
    }

    private static <T> T await(Future<T> future, long timeoutMillis) throws IOException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("not done after " + timeoutMillis + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
