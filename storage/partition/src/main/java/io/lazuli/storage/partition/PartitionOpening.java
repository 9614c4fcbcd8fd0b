package io.lazuli.storage.partition;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.store.FencedException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.slf4j.event.Level;

/**
 * How the actor of every kind of partition begins: it claims the partition and reads what it must know, while requests are
 * stashed up to a limit and refused beyond it; then it serves. Whatever fails, its supervisor starts it anew, after a pause that
 * grows with repetition.
 *
 * <pre>
 * opening --opened--> serving ({@link Kind#serve}) --any exception--> opening, after a back-off
 *    +---failed---> opening, after a back-off; what was stashed is refused
 *    +---stop-----> stopped; what was stashed is refused
 * </pre>
 *
 * <p>A restart keeps the actor's address: whatever else arrives while it opens was begun by an earlier incarnation and is dropped.
 */
public final class PartitionOpening<C, R extends C, O extends C> {

    private static final double BACKOFF_JITTER = 0.2;

    /**
     * What a kind of partition adds.
     *
     * @param <C> all that the actor is told
     * @param <R> requests, which wait until it serves
     * @param <O> how the actor tells itself that it has opened, or could not
     */
    public interface Kind<C, R extends C, O extends C> {

        /** Claims and reads; does not block. */
        CompletionStage<O> open();

        /** The message that says that {@link #open} has failed. */
        O failed(Throwable error);

        /** Null if it has opened. */
        Throwable error(O opened);

        /** Answers a request that cannot be taken now. */
        void refuse(R request);

        Behavior<C> serve(ActorContext<C> context, O opened);
    }

    /** The classes of a kind's messages. */
    public record Messages<C, R extends C, O extends C>(Class<C> commands, Class<R> requests, Class<O> opened, C stop) {}

    /** @param maxPendingRequests stashed while it opens */
    public record Limits(int maxPendingRequests, long minRestartBackoffMillis, long maxRestartBackoffMillis) {}

    private final ActorContext<C> context;
    private final StashBuffer<C> stash;
    private final PartitionId partition;
    private final Messages<C, R, O> messages;
    private final Kind<C, R, O> kind;

    private PartitionOpening(ActorContext<C> context, StashBuffer<C> stash, PartitionId partition, Messages<C, R, O> messages, Kind<C, R, O> kind) {
        this.context = context;
        this.stash = stash;
        this.partition = partition;
        this.messages = messages;
        this.kind = kind;
    }

    public static <C, R extends C, O extends C> Behavior<C> create(
            PartitionId partition, Limits limits, Messages<C, R, O> messages, Kind<C, R, O> kind) {
        Behavior<C> opening = Behaviors.setup(context -> Behaviors.withStash(limits.maxPendingRequests(),
                stash -> new PartitionOpening<>(context, stash, partition, messages, kind).opening()));
        return Behaviors.supervise(opening).onFailure(Exception.class, SupervisorStrategy.restartWithBackoff(
                Duration.ofMillis(limits.minRestartBackoffMillis()), Duration.ofMillis(limits.maxRestartBackoffMillis()),
                BACKOFF_JITTER).withStashCapacity(limits.maxPendingRequests()).withLogLevel(Level.WARN));
    }

    /** What an actor that serves does after a failure of the store: it stops if another one serves now, otherwise its supervisor starts it anew. */
    public static <C> Behavior<C> stopOrOpenAnew(ActorContext<C> context, PartitionId partition, Throwable cause) {
        if (cause instanceof FencedException) {
            context.getLog().info("partition {} stops, it was claimed anew: {}", partition, cause.getMessage());
            return Behaviors.stopped();
        }
        throw new PartitionFailedException(partition, cause);
    }

    private Behavior<C> opening() {
        context.pipeToSelf(kind.open(), (opened, error) -> error == null ? opened : kind.failed(error));
        return Behaviors.receive(messages.commands())
                .onMessage(messages.requests(), this::stashed)
                .onMessage(messages.opened(), this::opened)
                .onMessageEquals(messages.stop(), () -> {
                    refuseStashed();
                    return Behaviors.stopped();
                })
                .onAnyMessage(ofFormerIncarnation -> Behaviors.same())
                .build();
    }

    private Behavior<C> stashed(R request) {
        if (stash.isFull()) {
            kind.refuse(request);
        } else {
            stash.stash(request);
        }
        return Behaviors.same();
    }

    private Behavior<C> opened(O opened) {
        if (kind.error(opened) != null) {
            refuseStashed();
            throw new PartitionFailedException(partition, kind.error(opened));
        }
        return stash.unstashAll(kind.serve(context, opened));
    }

    private void refuseStashed() {
        stash.forEach(command -> kind.refuse(messages.requests().cast(command)));
        stash.clear();
    }
}
