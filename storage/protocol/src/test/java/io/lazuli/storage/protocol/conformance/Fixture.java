package io.lazuli.storage.protocol.conformance;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueServiceClient;
import com.azure.storage.queue.QueueServiceClientBuilder;
import io.lazuli.security.ConnectionString;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What one case works with: queues of its own, removed afterwards, and both clients. */
public final class Fixture implements AutoCloseable {

    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long POLL_NANOS = 50_000_000L;

    private final RawClient raw;
    private final QueueServiceClient service;
    private final Supplier<ConnectionString> other;
    private final List<String> queues = new ArrayList<>();

    Fixture(RawClient raw, QueueServiceClient service, Supplier<ConnectionString> other) {
        this.raw = raw;
        this.service = service;
        this.other = other;
    }

    /** The official client, patient with a cloud that changes leaders, but not beyond. */
    static QueueServiceClientBuilder sdk(ConnectionString target) {
        return new QueueServiceClientBuilder()
                .connectionString(target.text())
                .httpClient(new JdkHttpClientBuilder().build())
                .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 4, 30, 500L, 500L, null));
    }

    QueueServiceClient service() {
        return service;
    }

    RawClient raw() {
        return raw;
    }

    ConnectionString target() {
        return raw.target();
    }

    /** Another account of the same service. */
    ConnectionString other() {
        return other.get();
    }

    /** A name that no queue has. */
    String freeName() {
        String name = "case-" + UUID.randomUUID();
        queues.add(name);
        return name;
    }

    /** A new, empty queue. */
    QueueClient queue() {
        QueueClient queue = service.getQueueClient(freeName());
        queue.create();
        return queue;
    }

    /** Removes the queue in the end, too. */
    String owned(String name) {
        queues.add(name);
        return name;
    }

    /** Waits for something that only time brings about. */
    void await(String what, BooleanSupplier condition) {
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > giveUp) {
                throw new AssertionError("never happened: " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public void close() {
        for (String name : queues) {
            service.getQueueClient(name).deleteIfExists();
        }
    }
}
