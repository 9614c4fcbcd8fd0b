package io.lazuli.storage.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PropertiesChangeTest {

    private static final UnaryOperator<ServiceProperties> VERSIONING = present -> present.with(present.blobs().withVersioning(true));

    private ServiceProperties kept = ServiceProperties.initial();
    private final PropertiesChange change = new PropertiesChange(() -> CompletableFuture.completedStage(kept), (expected, changed) -> {
        boolean same = kept.equals(expected);
        kept = same ? changed : kept;
        return CompletableFuture.completedStage(same);
    });

    @Test
    void ofTwoChangesAtOnceNoneIsLost() {
        AtomicInteger asked = new AtomicInteger();
        ServiceProperties made = change.make(present -> {
            if (asked.incrementAndGet() == 1) {
                change.make(VERSIONING).toCompletableFuture().join();
            }
            return present.with(present.blobs().withContainerRetentionDays(7));
        }).toCompletableFuture().join();
        assertEquals(2, asked.get());
        assertEquals(ServiceProperties.initial().with(ServiceProperties.BlobSettings.INITIAL.withVersioning(true).withContainerRetentionDays(7)), kept);
        assertEquals(kept, made);
    }

    @Test
    void whoIsAlwaysTooLateIsToldSoAfterSomeTries() {
        AtomicInteger asked = new AtomicInteger();
        CompletionException failure = assertThrows(CompletionException.class, () -> change.make(present -> {
            int days = asked.incrementAndGet();
            change.make(other -> other.with(other.blobs().withContainerRetentionDays(days))).toCompletableFuture().join();
            return VERSIONING.apply(present);
        }).toCompletableFuture().join());
        assertEquals(StorageErrorCode.SERVER_BUSY, assertInstanceOf(StorageException.class, failure.getCause()).error());
        assertEquals(PropertiesChange.MAX_TRIES, asked.get());
    }
}
