package io.lazuli.storage.protocol.service;

import io.lazuli.storage.partition.ServiceProperties;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What services in memory share: they answer on an executor's threads, one call at a time, and have an account's properties. */
public abstract class FakeService {

    private final Executor executor;
    private final Map<String, ServiceProperties> properties = new HashMap<>();

    protected FakeService(Executor executor) {
        this.executor = executor;
    }

    public final CompletionStage<ServiceProperties> getServiceProperties(String account) {
        return answer(() -> propertiesOf(account));
    }

    public final CompletionStage<ServiceProperties> changeServiceProperties(String account, UnaryOperator<ServiceProperties> change) {
        return answer(() -> {
            properties.put(account, change.apply(propertiesOf(account)));
            return properties.get(account);
        });
    }

    protected final ServiceProperties propertiesOf(String account) {
        return properties.getOrDefault(account, ServiceProperties.initial());
    }

    protected final <T> CompletionStage<T> answer(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                T value;
                synchronized (this) {
                    value = work.get();
                }
                result.complete(value);
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
