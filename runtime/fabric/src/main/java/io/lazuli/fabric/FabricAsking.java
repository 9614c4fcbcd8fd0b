package io.lazuli.fabric;

import io.lazuli.kernel.Asking;
import io.lazuli.kernel.Failures;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.RecipientRef;

/**
 * How a node asks actors that move: a question without an answer is asked again until {@code request-timeout} has passed,
 * which bridges the time in which a shard or a singleton goes to another node. Every failure is a {@link FabricException}.
 */
public final class FabricAsking {

    private static final long RETRY_DELAY_MILLIS = 200;

    private final ActorSystem<?> system;
    private final Duration requestTimeout;

    public FabricAsking(ActorSystem<?> system, Duration requestTimeout) {
        this.system = system;
        this.requestTimeout = requestTimeout;
    }

    /** The end of a request's time, which all of its questions share. */
    public long deadlineNanos() {
        return System.nanoTime() + requestTimeout.toNanos();
    }

    public <M, R> CompletionStage<R> ask(RecipientRef<M> recipient, Function<ActorRef<R>, M> question, Duration timeout) {
        return Asking.ask(recipient, question, timeout, system).exceptionally(failure -> {
            throw new FabricException(FabricErrorCode.UNAVAILABLE, "the cloud did not answer in time; try again", failure);
        });
    }

    /** Tries again after each UNAVAILABLE until the deadline. */
    public <T> CompletionStage<T> again(long deadlineNanos, Supplier<CompletionStage<T>> attempt) {
        return attempt.get().exceptionallyCompose(failure -> {
            if (!isUnavailable(failure) || System.nanoTime() >= deadlineNanos) {
                return CompletableFuture.failedStage(failure);
            }
            Executor later = CompletableFuture.delayedExecutor(RETRY_DELAY_MILLIS, TimeUnit.MILLISECONDS);
            return CompletableFuture.supplyAsync(() -> again(deadlineNanos, attempt), later).thenCompose(Function.identity());
        });
    }

    /** Makes every failure a {@link FabricException}. */
    public static <T> CompletionStage<T> answering(Supplier<CompletionStage<T>> work) {
        return work.get().exceptionallyCompose(failure -> CompletableFuture.failedStage(
                Failures.cause(failure) instanceof FabricException known ? known
                        : new FabricException(FabricErrorCode.UNAVAILABLE, "the fabric has failed: " + rootMessage(failure), failure)));
    }

    static boolean isUnavailable(Throwable failure) {
        return Failures.cause(failure) instanceof FabricException known && known.code() == FabricErrorCode.UNAVAILABLE;
    }

    static String rootMessage(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
