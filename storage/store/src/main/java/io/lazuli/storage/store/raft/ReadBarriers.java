package io.lazuli.storage.store.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Lets many reads share one round of the read index: whoever asks while {@link #MAX_ROUNDS} rounds are under way waits for
 * the next one, which starts only after they asked, so it proves leadership for all of them. Self-clocking: no timer.
 * Bounded by {@link #MAX_WAITING}.
 */
final class ReadBarriers {

    static final int MAX_ROUNDS = 2;
    static final int MAX_WAITING = 100_000;

    /** Starts one round and calls back once, with an index or a failure, in any thread. */
    interface Round extends Consumer<BiConsumer<Long, Throwable>> {}

    private final Round round;
    private List<CompletableFuture<Long>> waiting = new ArrayList<>();
    private int rounds;
    private RuntimeException closed;

    ReadBarriers(Round round) {
        this.round = round;
    }

    CompletionStage<Long> barrier() {
        CompletableFuture<Long> reader = new CompletableFuture<>();
        List<CompletableFuture<Long>> next;
        synchronized (this) {
            if (closed != null) {
                return CompletableFuture.failedFuture(closed);
            }
            if (waiting.size() >= MAX_WAITING) {
                return CompletableFuture.failedFuture(new RaftException("too many reads wait for a barrier"));
            }
            waiting.add(reader);
            next = takeIfFree();
        }
        start(next);
        return reader;
    }

    /** Fails those who wait and all to come. */
    void close(RuntimeException reason) {
        List<CompletableFuture<Long>> abandoned;
        synchronized (this) {
            closed = reason;
            abandoned = waiting;
            waiting = new ArrayList<>();
        }
        abandoned.forEach(reader -> reader.completeExceptionally(reason));
    }

    private List<CompletableFuture<Long>> takeIfFree() {
        if (rounds >= MAX_ROUNDS || waiting.isEmpty()) {
            return List.of();
        }
        rounds++;
        List<CompletableFuture<Long>> readers = waiting;
        waiting = new ArrayList<>();
        return readers;
    }

    private void start(List<CompletableFuture<Long>> readers) {
        if (readers.isEmpty()) {
            return;
        }
        round.accept((index, failure) -> {
            List<CompletableFuture<Long>> next;
            synchronized (this) {
                rounds--;
                next = takeIfFree();
            }
            start(next);
            for (CompletableFuture<Long> reader : readers) {
                if (failure == null) {
                    reader.complete(index);
                } else {
                    reader.completeExceptionally(failure);
                }
            }
        });
    }
}
