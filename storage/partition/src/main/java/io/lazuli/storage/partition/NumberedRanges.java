package io.lazuli.storage.partition;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.blob.service.ContainerRanges;
import io.lazuli.storage.partition.table.directory.RangeRow;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The ranges of a container that is known by its number, whether or not it has a name: looked up anew when one is not what was expected. */
final class NumberedRanges implements ContainerRanges {

    private static final int MAX_TRIES = 40;
    private static final long PAUSE_MILLIS = 100;

    private final Supplier<CompletionStage<List<RangeRow>>> reader;
    private final Duration timeout;
    private volatile List<RangeRow> known = List.of();

    /** @param timeout of one attempt */
    NumberedRanges(Supplier<CompletionStage<List<RangeRow>>> reader, Duration timeout) {
        this.reader = reader;
        this.timeout = timeout;
    }

    @Override
    public <T> CompletionStage<T> on(byte[] key, Attempt<T> attempt) {
        return ServiceFailures.inProtocol(attempt(key, attempt, 1));
    }

    /** Who knows a container by its number alone makes no blob immutable. */
    @Override
    public <T> CompletionStage<T> onMarked(byte[] key, Attempt<T> attempt) {
        return CompletableFuture.failedStage(new IllegalStateException("a container without its name is not marked"));
    }

    private <T> CompletionStage<T> attempt(byte[] key, Attempt<T> attempt, int tries) {
        List<RangeRow> ranges = known;
        CompletionStage<Optional<T>> made = ranges.isEmpty()
                ? CompletableFuture.completedStage(Optional.empty())
                : attempt.apply(placeOf(ranges, key), timeout);
        return made.thenCompose(found -> {
            if (found.isPresent()) {
                return CompletableFuture.completedStage(found.get());
            }
            if (tries == MAX_TRIES) {
                return ServiceFailures.failed(StorageErrorCode.SERVER_BUSY);
            }
            Executor later = CompletableFuture.delayedExecutor(tries == 1 ? 0 : PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            return CompletableFuture.supplyAsync(reader, later).thenCompose(read -> read).thenCompose(read -> {
                known = read;
                return attempt(key, attempt, tries + 1);
            });
        });
    }

    private static Place placeOf(List<RangeRow> ranges, byte[] key) {
        int found = 0;
        for (int i = 1; i < ranges.size() && Arrays.compareUnsigned(ranges.get(i).low(), key) <= 0; i++) {
            found = i;
        }
        byte[] high = found + 1 < ranges.size() ? ranges.get(found + 1).low() : new byte[0];
        return new Place(ranges.get(found).partition(), high);
    }
}
