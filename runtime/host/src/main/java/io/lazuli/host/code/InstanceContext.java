package io.lazuli.host.code;

import io.lazuli.host.InstanceKey;
import io.lazuli.host.queue.QueueClient;
import io.lazuli.role.RoleContext;
import io.lazuli.role.RoleQueue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What one run of an instance is given. */
final class InstanceContext implements RoleContext {

    private final InstanceKey key;
    private final Map<String, String> settings;
    private final PeerBoard peers;
    private final System.Logger logger;
    private final QueueClient queues;
    private volatile boolean stopping;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    InstanceContext(CodeSpec spec, PeerBoard peers, System.Logger logger, QueueClient queues) {
        this.key = spec.key();
        this.settings = spec.settings();
        this.peers = peers;
        this.logger = logger;
        this.queues = queues;
    }

    @Override
    public String instanceId() {
        return key.toString();
    }

    @Override
    public String deployment() {
        return key.deployment();
    }

    @Override
    public String role() {
        return key.role();
    }

    @Override
    public int index() {
        return key.index();
    }

    @Override
    public Map<String, String> settings() {
        return settings;
    }

    @Override
    public List<Peer> peers() {
        return peers.peersOf(key);
    }

    @Override
    public System.Logger logger() {
        return logger;
    }

    @Override
    public boolean stopping() {
        return stopping;
    }

    @Override
    public boolean pause(Duration duration) throws InterruptedException {
        try {
            stopped.get(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return !stopping;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return false;
    }

    @Override
    public CompletionStage<Void> stopped() {
        return stopped.minimalCompletionStage();
    }

    @Override
    public String storageConnectionString() {
        return queues.access().connectionString();
    }

    @Override
    public RoleQueue queue(String name) {
        return queues.queue(name);
    }

    /** Runs what was to follow {@link #stopped} on a thread of its own: role code must not hold up whoever stops it. */
    void stop() {
        stopping = true;
        stopped.completeAsync(() -> null, task -> Thread.ofVirtual().start(task));
    }
}
