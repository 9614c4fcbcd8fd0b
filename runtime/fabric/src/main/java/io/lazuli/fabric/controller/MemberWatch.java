package io.lazuli.fabric.controller;

import io.lazuli.fabric.controller.Controller.MembersChanged;
import io.lazuli.fabric.placement.ComputeNode.Presence;
import io.lazuli.host.NodeAgentProtocol;
import io.lazuli.kernel.MemberFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.ClusterEvent.ReachabilityEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Puts together what the cluster says of its members and what the receptionist says of node agents, and tells the
 * controller all compute nodes whenever that changes. A member that the cluster has declared dead is not among them, one
 * that does not answer is. Keeps nothing over a restart; bounded by the number of members.
 */
public final class MemberWatch extends AbstractBehavior<MemberWatch.Command> {

    sealed interface Command {}

    private record Moved(MemberEvent event) implements Command {}

    private record Reached(ReachabilityEvent event) implements Command {}

    private record AgentsListed(Set<ActorRef<NodeAgentProtocol.Command>> agents) implements Command {}

    private final ActorRef<? super MembersChanged> listener;
    private final Address ownAddress;
    private final Map<UniqueAddress, Member> members = new HashMap<>();
    private final Set<UniqueAddress> unreachable = new HashSet<>();
    private Map<Address, ActorRef<NodeAgentProtocol.Command>> agents = Map.of();
    private List<ComputeMember> told;

    public static Behavior<?> create(ActorRef<? super MembersChanged> listener) {
        return Behaviors.<Command>setup(context -> new MemberWatch(context, listener));
    }

    private MemberWatch(ActorContext<Command> context, ActorRef<? super MembersChanged> listener) {
        super(context);
        this.listener = listener;
        Cluster cluster = Cluster.get(context.getSystem());
        ownAddress = cluster.selfMember().address();
        cluster.subscriptions().tell(Subscribe.create(context.messageAdapter(MemberEvent.class, Moved::new), MemberEvent.class));
        cluster.subscriptions().tell(Subscribe.create(context.messageAdapter(ReachabilityEvent.class, Reached::new), ReachabilityEvent.class));
        context.getSystem().receptionist().tell(Receptionist.subscribe(NodeAgentProtocol.SERVICE_KEY, context.messageAdapter(
                Receptionist.Listing.class, listing -> new AgentsListed(listing.getServiceInstances(NodeAgentProtocol.SERVICE_KEY)))));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Moved.class, this::onMoved)
                .onMessage(Reached.class, this::onReached)
                .onMessage(AgentsListed.class, this::onAgentsListed)
                .build();
    }

    private Behavior<Command> onMoved(Moved moved) {
        Member member = moved.event().member();
        if (member.status() == MemberStatus.removed() || member.status() == MemberStatus.down()) {
            members.remove(member.uniqueAddress());
            unreachable.remove(member.uniqueAddress());
        } else {
            members.put(member.uniqueAddress(), member);
        }
        return tellIfChanged();
    }

    private Behavior<Command> onReached(Reached reached) {
        UniqueAddress address = reached.event().member().uniqueAddress();
        if (reached.event() instanceof ClusterEvent.UnreachableMember) {
            unreachable.add(address);
        } else {
            unreachable.remove(address);
        }
        return tellIfChanged();
    }

    private Behavior<Command> onAgentsListed(AgentsListed listed) {
        Map<Address, ActorRef<NodeAgentProtocol.Command>> now = new HashMap<>();
        for (ActorRef<NodeAgentProtocol.Command> agent : listed.agents()) {
            Address address = agent.path().address().hasLocalScope() ? ownAddress : agent.path().address();
            boolean known = agent.equals(agents.get(address));
            now.merge(address, agent, (one, other) -> known ? one : other);
        }
        agents = now;
        return tellIfChanged();
    }

    private Behavior<Command> tellIfChanged() {
        List<ComputeMember> now = new ArrayList<>();
        for (Member member : members.values()) {
            if (member.getRoles().contains(MemberFacts.COMPUTE) && hasJoined(member)) {
                MemberFacts facts = MemberFacts.ofClusterRoles(member.getRoles());
                Optional<ActorRef<NodeAgentProtocol.Command>> agent = Optional.ofNullable(agents.get(member.address()));
                now.add(new ComputeMember(facts.node(), facts.faultDomain(), presence(member, agent.isPresent()), agent));
            }
        }
        now.sort(Comparator.comparing(ComputeMember::node));
        if (!now.equals(told)) {
            told = now;
            listener.tell(new MembersChanged(now));
        }
        return this;
    }

    private static boolean hasJoined(Member member) {
        return member.status() == MemberStatus.up() || member.status() == MemberStatus.leaving() || member.status() == MemberStatus.exiting();
    }

    private Presence presence(Member member, boolean hasAgent) {
        if (member.status() != MemberStatus.up()) {
            return Presence.LEAVING;
        }
        return hasAgent && !unreachable.contains(member.uniqueAddress()) ? Presence.AVAILABLE : Presence.UNREACHABLE;
    }
}
