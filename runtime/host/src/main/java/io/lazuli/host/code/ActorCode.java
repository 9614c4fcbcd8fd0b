package io.lazuli.host.code;

import io.lazuli.host.log.InstanceLog;
import io.lazuli.role.ActorRole;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * One run of an actor role: the role object makes its behavior on a virtual thread, and a supervisor actor
 * ({@link RoleActorSupervisor}) of ours runs it as its child.
 */
final class ActorCode implements InstanceCode {

    private final CodeSpec spec;
    private final InstanceContext context;
    private final InstanceLog log;
    private final CodeEvents events;
    private final Consumer<Behavior<RoleActorSupervisor.Command>> spawner;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Object phase = new Object();
    /** Null until the supervisor has started. Guarded by {@code phase}, as the next. */
    private ActorRef<RoleActorSupervisor.Command> supervisor;
    private boolean stopAsked;

    private ActorCode(
            CodeSpec spec, InstanceContext context, InstanceLog log, CodeEvents events,
            Consumer<Behavior<RoleActorSupervisor.Command>> spawner) {
        this.spec = spec;
        this.context = context;
        this.log = log;
        this.events = events;
        this.spawner = spawner;
    }

    /** @param spawner spawns a supervisor in an actor system of this process, some time later */
    static ActorCode start(
            CodeSpec spec, InstanceContext context, InstanceLog log, CodeEvents events,
            Consumer<Behavior<RoleActorSupervisor.Command>> spawner) {
        ActorCode code = new ActorCode(spec, context, log, events, spawner);
        Thread.ofVirtual().name(spec.key().toString()).start(code::load);
        return code;
    }

    @Override
    public void stop() {
        context.stop();
        tellSupervisor(true, RoleActorSupervisor.Command.STOP);
    }

    @Override
    public void end() {
        tellSupervisor(true, RoleActorSupervisor.Command.END);
        finish("did not stop in time and was given up", true);
    }

    private void load() {
        RoleOutput.to(log);
        log.write("INFO", "starting, run " + spec.run());
        try {
            LoadedRole<?> loaded = LoadedRole.load(spec, ActorRole.class);
            try {
                @SuppressWarnings("unchecked")
                ActorRole<Object> role = (ActorRole<Object>) loaded.role();
                Behavior<Object> behavior = role.behavior(context);
                spawner.accept(RoleActorSupervisor.create(behavior, role.stopMessage(), loaded.loader(), log, new Life(loaded)));
            } catch (Throwable e) {
                loaded.close();
                throw e;
            }
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void failed(Throwable thrown) {
        log.write("ERROR", "failed", thrown);
        finish(Errors.describe(thrown), false);
    }

    private void tellSupervisor(boolean stop, RoleActorSupervisor.Command command) {
        synchronized (phase) {
            stopAsked |= stop;
            if (supervisor != null) {
                supervisor.tell(command);
            }
        }
    }

    private void finish(String error, boolean givenUp) {
        if (ended.compareAndSet(false, true)) {
            log.close();
            events.ended(error, givenUp);
        }
    }

    /** What the supervisor tells. */
    private final class Life implements RoleActorSupervisor.Listener {

        private final LoadedRole<?> loaded;

        Life(LoadedRole<?> loaded) {
            this.loaded = loaded;
        }

        @Override
        public void started(ActorRef<RoleActorSupervisor.Command> self) {
            synchronized (phase) {
                supervisor = self;
                if (stopAsked) {
                    self.tell(RoleActorSupervisor.Command.STOP);
                    return;
                }
            }
            events.ready();
        }

        @Override
        public void stopped() {
            close();
            finish(context.stopping() ? "" : "the actor stopped", false);
        }

        @Override
        public void failed(Throwable cause) {
            ActorCode.this.failed(cause);
            close();
        }

        private void close() {
            try {
                loaded.close();
            } catch (IOException e) {
                log.write("WARNING", "cannot close the role's class loader", e);
            }
        }
    }
}
