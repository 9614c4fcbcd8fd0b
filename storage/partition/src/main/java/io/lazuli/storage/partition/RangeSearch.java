package io.lazuli.storage.partition;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.RangeRoutes.Range;
import io.lazuli.storage.partition.RangeRoutes.RangedName;
import io.lazuli.storage.partition.RangeRoutes.Route;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Brings requests to the range that serves a key. A range that does not (any more), because it was split, merged, moved or destroyed,
 * is looked for anew, again and again after short pauses while a hand-over may be under way, until the time of a request is over.
 * Safe for use by any thread.
 */
final class RangeSearch {

    /** Ways that one request is sent, at most. */
    private static final int MAX_TRIES = 100;
    /** After so many tries in vain, and again after as many, the directory is woken: a crash may have interrupted a hand-over. */
    private static final int TRIES_UNTIL_RESUME = 8;
    private static final long MIN_PAUSE_MILLIS = 5;
    private static final long MAX_PAUSE_MILLIS = 100;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** One try at a range, to be over within a time. Empty if the range does not serve the key. */
    interface Attempt<T> extends BiFunction<Range, Duration, CompletionStage<Optional<T>>> {}

    private final ActorSystem<?> system;
    private final RangeRoutes routes;
    private final Duration requestTimeout;
    private final Consumer<PartitionId> resume;

    /** @param resume wakes a directory */
    RangeSearch(ActorSystem<?> system, RangeRoutes routes, Duration requestTimeout, Consumer<PartitionId> resume) {
        this.system = system;
        this.routes = routes;
        this.requestTimeout = requestTimeout;
        this.resume = resume;
    }

    /** Fails as the protocol says it: TableNotFound or ContainerNotFound, ServerBusy, OperationTimedOut, and as the attempt does. */
    <T> CompletionStage<T> find(RangedName name, byte[] key, Attempt<T> attempt) {
        return ServiceFailures.inProtocol(new Search<>(name, key, attempt).begin());
    }

    /** One request on its way to the range that serves its key. */
    private final class Search<T> {

        private final RangedName name;
        private final byte[] key;
        private final Attempt<T> attempt;
        private final long deadlineNanos = System.nanoTime() + requestTimeout.toNanos();
        private int tries;

        private Search(RangedName name, byte[] key, Attempt<T> attempt) {
            this.name = name;
            this.key = key;
            this.attempt = attempt;
        }

        private CompletionStage<T> begin() {
            return routes.find(name).thenCompose(this::tryOn);
        }

        private CompletionStage<T> tryOn(Route route) {
            tries++;
            Duration left = Duration.ofNanos(Math.max(NANOS_PER_MILLI, deadlineNanos - System.nanoTime()));
            return attempt.apply(route.rangeOf(key), left).thenCompose(found ->
                    found.map(CompletableFuture::completedStage).orElseGet(() -> tryAgain(route)));
        }

        /** At once the first time, because most often the route is old and the hand-over over; then after pauses. */
        private CompletionStage<T> tryAgain(Route stale) {
            long pauseMillis = tries == 1 ? 0 : Math.min(MAX_PAUSE_MILLIS, MIN_PAUSE_MILLIS << Math.min(tries - 2, 10));
            if (tries >= MAX_TRIES || System.nanoTime() + pauseMillis * NANOS_PER_MILLI >= deadlineNanos) {
                routes.forget(name, stale);
                return ServiceFailures.failed(StorageErrorCode.SERVER_BUSY);
            }
            if (tries % TRIES_UNTIL_RESUME == 0) {
                resume.accept(routes.directoryOf(name));
            }
            if (pauseMillis == 0) {
                return routes.findInsteadOf(name, stale).thenCompose(this::tryOn);
            }
            CompletableFuture<Void> pause = new CompletableFuture<>();
            system.scheduler().scheduleOnce(Duration.ofMillis(pauseMillis), () -> pause.complete(null), system.executionContext());
            return pause.thenCompose(over -> routes.findInsteadOf(name, stale)).thenCompose(this::tryOn);
        }
    }
}
