package io.lazuli.storage.protocol.conformance;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueServiceClient;
import com.azure.storage.queue.QueueServiceClientBuilder;
import io.lazuli.security.ConnectionString;
import io.lazuli.security.StorageService;
import java.util.UUID;
import java.util.function.Supplier;

/** What one case works with: queues of its own, removed afterwards, and both clients. */
public final class Fixture extends ServiceFixture {

    private final QueueServiceClient service;

    Fixture(RawClient raw, QueueServiceClient service, Supplier<ConnectionString> other) {
        super(raw, StorageService.QUEUE, other);
        this.service = service;
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

    /** A name that no queue has. */
    String freeName() {
        return owned("case-" + UUID.randomUUID());
    }

    /** A new, empty queue. */
    QueueClient queue() {
        QueueClient queue = service.getQueueClient(freeName());
        queue.create();
        return queue;
    }

    @Override
    void remove(String name) {
        service.getQueueClient(name).deleteIfExists();
    }
}
