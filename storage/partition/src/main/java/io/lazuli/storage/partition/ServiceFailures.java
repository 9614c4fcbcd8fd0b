package io.lazuli.storage.partition;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.store.StoreUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/** What goes wrong between a front end and a partition, as the protocol says it: for every service. */
final class ServiceFailures {

    private ServiceFailures() {}

    static <T> CompletionStage<T> inProtocol(CompletionStage<T> stage) {
        return stage.exceptionallyCompose(error -> {
            Throwable cause = Failures.cause(error);
            return CompletableFuture.failedStage(switch (cause) {
                case TimeoutException timeout -> new StorageException(StorageErrorCode.OPERATION_TIMED_OUT);
                case StoreUnavailableException unavailable -> new StorageException(StorageErrorCode.SERVER_BUSY);
                default -> cause;
            });
        });
    }

    static <T> CompletionStage<T> failed(StorageErrorCode error) {
        return CompletableFuture.failedStage(new StorageException(error));
    }
}
