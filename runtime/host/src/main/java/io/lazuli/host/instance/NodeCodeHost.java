package io.lazuli.host.instance;

import io.lazuli.host.code.CodeEvents;
import io.lazuli.host.code.CodeRunner;
import io.lazuli.host.code.CodeSpec;
import io.lazuli.host.code.InstanceCode;
import io.lazuli.host.code.RoleActorSupervisor;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;

/** Isolation {@code node}: the code runs in this JVM. */
final class NodeCodeHost implements CodeHost {

    private final CodeRunner runner;
    private final Consumer<CodeEvent> events;
    private final Consumer<Behavior<RoleActorSupervisor.Command>> spawner;
    private InstanceCode running;

    /** @param events and @param spawner may be called from any thread */
    NodeCodeHost(CodeRunner runner, Consumer<CodeEvent> events, Consumer<Behavior<RoleActorSupervisor.Command>> spawner) {
        this.runner = runner;
        this.events = events;
        this.spawner = spawner;
    }

    @Override
    public void start(CodeSpec code) {
        events.accept(new CodeEvent.Placed(code.run(), ProcessHandle.current().pid()));
        running = runner.start(code, new CodeEvents() {
            @Override
            public void ready() {
                events.accept(new CodeEvent.Ready(code.run()));
            }

            @Override
            public void ended(String error, boolean givenUp) {
                events.accept(new CodeEvent.Ended(code.run(), error));
            }
        }, spawner);
    }

    @Override
    public void stop(CodeSpec code) {
        running.stop();
    }

    @Override
    public void end(CodeSpec code) {
        running.end();
    }
}
