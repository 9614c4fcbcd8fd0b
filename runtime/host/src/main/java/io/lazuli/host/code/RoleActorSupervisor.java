package io.lazuli.host.code;

import io.lazuli.host.log.InstanceLog;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Runs one instance of an actor role as its only child and tells a listener how it ends. What the role throws, fatal
 * errors included, ends the child and nothing above it. On the dispatcher it is spawned on, and the child with it.
 */
public final class RoleActorSupervisor {

    /** STOP asks the role's actor; END stops it after the message that it is working on. */
    public enum Command { STOP, END }

    /** Called on the supervisor's thread. */
    interface Listener {
        void started(ActorRef<Command> self);

        void stopped();

        void failed(Throwable cause);
    }

    private RoleActorSupervisor() {}

    /** @param stopMessage null: the actor is simply stopped */
    static Behavior<Command> create(
            Behavior<Object> role, Object stopMessage, ClassLoader loader, InstanceLog log, Listener listener) {
        return Behaviors.setup(context -> {
            ActorRef<Object> child = context.spawn(
                    Behaviors.intercept(() -> new RoleScope(loader, log), role), "role", DispatcherSelector.sameAsParent());
            context.watch(child);
            listener.started(context.getSelf());
            return Behaviors.receive(Command.class)
                    .onMessage(Command.class, command -> {
                        switch (command) {
                            case STOP -> {
                                if (stopMessage == null) {
                                    context.stop(child);
                                } else {
                                    child.tell(stopMessage);
                                }
                            }
                            case END -> context.stop(child);
                        }
                        return Behaviors.same();
                    })
                    .onSignal(ChildFailed.class, failure -> {
                        Throwable cause = failure.getCause();
                        listener.failed(cause instanceof RoleError error ? error.getCause() : cause);
                        return Behaviors.stopped();
                    })
                    .onSignal(Terminated.class, terminated -> {
                        listener.stopped();
                        return Behaviors.stopped();
                    })
                    .build();
        });
    }

    /** An Error of role code, as an exception that ends the actor alone. */
    private static final class RoleError extends RuntimeException {
        RoleError(Throwable cause) {
            super(cause);
        }
    }

    /** Around every call into the role's actor: its class loader, its output, and its errors kept from the dispatcher. */
    private static final class RoleScope extends BehaviorInterceptor<Object, Object> {

        private final ClassLoader loader;
        private final InstanceLog log;

        RoleScope(ClassLoader loader, InstanceLog log) {
            super(Object.class);
            this.loader = loader;
            this.log = log;
        }

        @Override
        public Behavior<Object> aroundStart(TypedActorContext<Object> context, PreStartTarget<Object> target) {
            return inScope(() -> target.start(context));
        }

        @Override
        public Behavior<Object> aroundReceive(TypedActorContext<Object> context, Object message, ReceiveTarget<Object> target) {
            return inScope(() -> target.apply(context, message));
        }

        @Override
        public Behavior<Object> aroundSignal(TypedActorContext<Object> context, Signal signal, SignalTarget<Object> target) {
            return inScope(() -> target.apply(context, signal));
        }

        private Behavior<Object> inScope(Supplier<Behavior<Object>> call) {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(loader);
            RoleOutput.to(log);
            try {
                return call.get();
            } catch (Error e) {
                throw new RoleError(e);
            } finally {
                RoleOutput.toNobody();
                thread.setContextClassLoader(before);
            }
        }
    }
}
