package io.lazuli.host.instance;

import io.lazuli.host.code.CodeSpec;
import io.lazuli.host.process.RoleHost;
import org.apache.pekko.actor.typed.ActorRef;

/** Isolation {@code service}: the code runs in the role host of its deployment. */
final class ServiceCodeHost implements CodeHost {

    private final ActorRef<RoleHost.Command> roleHost;
    private final ActorRef<CodeEvent> events;

    ServiceCodeHost(ActorRef<RoleHost.Command> roleHost, ActorRef<CodeEvent> events) {
        this.roleHost = roleHost;
        this.events = events;
    }

    @Override
    public void start(CodeSpec code) {
        roleHost.tell(new RoleHost.StartCode(code, events));
    }

    @Override
    public void stop(CodeSpec code) {
        roleHost.tell(new RoleHost.StopCode(code.key(), code.run()));
    }

    @Override
    public void end(CodeSpec code) {
        roleHost.tell(new RoleHost.EndCode(code.key(), code.run()));
    }
}
