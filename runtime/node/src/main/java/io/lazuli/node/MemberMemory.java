package io.lazuli.node;

import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Keeps the addresses of all members ever met in the node's directory, so that a restarted node finds its cloud again
 * whoever is up then. Members that leave stay remembered: asking a node that is gone costs nothing. Bounded by
 * {@link #MAX_MEMBERS}. Runs on the blocking dispatcher, because it writes files.
 */
final class MemberMemory extends AbstractBehavior<MemberMemory.Command> {

    private static final int MAX_MEMBERS = 200;

    sealed interface Command {}

    private record Joined(Member member) implements Command {}

    static Behavior<Command> create(NodeDirectory directory) {
        return Behaviors.setup(context -> new MemberMemory(context, directory));
    }

    static HostPort addressOf(Address address) {
        return new HostPort(address.host().get(), (Integer) address.port().get());
    }

    private final NodeDirectory directory;
    private final Set<HostPort> members;

    private MemberMemory(ActorContext<Command> context, NodeDirectory directory) {
        super(context);
        this.directory = directory;
        this.members = new TreeSet<>(directory.members());
        Cluster.get(context.getSystem()).subscriptions().tell(Subscribe.create(
                context.messageAdapter(ClusterEvent.MemberUp.class, up -> new Joined(up.member())), ClusterEvent.MemberUp.class));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onMessage(Joined.class, this::onJoined).build();
    }

    private Behavior<Command> onJoined(Joined joined) {
        if (members.size() < MAX_MEMBERS && members.add(addressOf(joined.member().address()))) {
            directory.remember(members);
        }
        return this;
    }
}
