package io.lazuli.storage.protocol.service;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Runs asynchronous steps one after the other; however many complete at once, the stack does not grow. */
public final class AsyncLoop {

    private AsyncLoop() {}

    /**
     * @param step answers whether another one is to follow; the next begins after it has completed, on its thread
     * @return fails as a step fails
     */
    public static CompletionStage<Void> whileTrue(Supplier<CompletionStage<Boolean>> step) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        advance(step, done);
        return done;
    }

    private static void advance(Supplier<CompletionStage<Boolean>> step, CompletableFuture<Void> done) {
        try {
            while (true) {
                CompletableFuture<Boolean> more = step.get().toCompletableFuture();
                if (!more.isDone()) {
                    more.whenComplete((another, failure) -> {
                        if (failure != null) {
                            done.completeExceptionally(failure);
                        } else if (another) {
                            advance(step, done);
                        } else {
                            done.complete(null);
                        }
                    });
                    return;
                }
                if (!more.join()) {
                    done.complete(null);
                    return;
                }
            }
        } catch (CompletionException e) {
            done.completeExceptionally(e.getCause());
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }
}
