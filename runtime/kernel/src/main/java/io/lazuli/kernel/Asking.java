package io.lazuli.kernel;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * Asks an actor without the JVM's common pool: the stage that {@link AskPattern} returns runs dependents there, and whoever
 * blocks that small pool, which anybody's code may, would stop every answer.
 */
public final class Asking {

    private Asking() {}

    /** Dependents of the answer run on the thread that completes it, one of the actor system's. */
    public static <C, A> CompletableFuture<A> ask(
            RecipientRef<C> target, Function<ActorRef<A>, C> request, Duration timeout, ActorSystem<?> system) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        AskPattern.<C, A>ask(target, request::apply, timeout, system.scheduler()).whenCompleteAsync(
                (value, failure) -> {
                    if (failure == null) {
                        answer.complete(value);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                },
                Runnable::run);
        return answer;
    }
}
