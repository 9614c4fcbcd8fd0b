package io.lazuli.storage.partition;

import io.lazuli.storage.model.StorageErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Changes the properties of an account's service as they are: reads them, has them changed, and has them kept only if they are still what was read;
 * otherwise once more, {@value #MAX_TRIES} times at most. So of two changes at the same time none is lost.
 */
final class PropertiesChange {

    static final int MAX_TRIES = 10;

    private final Supplier<CompletionStage<ServiceProperties>> reader;
    private final BiFunction<ServiceProperties, ServiceProperties, CompletionStage<Boolean>> keeper;

    /** @param keeper given what is expected and what is to be; whether it was as expected */
    PropertiesChange(
            Supplier<CompletionStage<ServiceProperties>> reader,
            BiFunction<ServiceProperties, ServiceProperties, CompletionStage<Boolean>> keeper) {
        this.reader = reader;
        this.keeper = keeper;
    }

    /** Completes with the properties as they were kept. ServerBusy if others were always quicker. */
    CompletionStage<ServiceProperties> make(UnaryOperator<ServiceProperties> change) {
        return make(change, 1);
    }

    private CompletionStage<ServiceProperties> make(UnaryOperator<ServiceProperties> change, int tries) {
        return reader.get().thenCompose(present -> {
            ServiceProperties changed = change.apply(present);
            return keeper.apply(present, changed).thenCompose(kept -> {
                if (kept) {
                    return CompletableFuture.completedStage(changed);
                }
                return tries < MAX_TRIES ? make(change, tries + 1) : ServiceFailures.failed(StorageErrorCode.SERVER_BUSY);
            });
        });
    }
}
