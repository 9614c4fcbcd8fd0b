package io.lazuli.node;

import io.lazuli.kernel.NodeId;
import io.lazuli.kernel.wire.WireMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/**
 * What the nodes tell each other of themselves beyond {@link io.lazuli.kernel.MemberFacts}: process, start, endpoints.
 * Every node runs one; each introduces itself to every other whenever the receptionist's listing changes. Nothing is
 * kept over a restart: a restarted node is told again. A node that is gone stays listed, as the last that was known of
 * it; bounded by {@link #MAX_NODES}.
 */
final class Roster extends AbstractBehavior<Roster.Command> {

    static final ServiceKey<Command> SERVICE_KEY = ServiceKey.create(Command.class, "roster");
    private static final int MAX_NODES = 1_000;

    sealed interface Command {}

    /** {@code card} is the sender's own. */
    record Introduce(NodeCard card) implements Command, WireMessage {}

    record Ask(ActorRef<Known> replyTo) implements Command {}

    private record Listed(Set<ActorRef<Command>> rosters) implements Command {}

    /** Reply to {@link Ask}. */
    record Known(Map<NodeId, NodeCard> cards) {
        Known {
            cards = Map.copyOf(cards);
        }
    }

    /**
     * @param endpoints URL or {@code host:port} by {@code blob, queue, table, admin, gateway, cluster, raft}
     * @param clusterAddress {@code host:port}, as in the cluster's member addresses
     */
    record NodeCard(NodeId node, long pid, long startedAtMillis, String clusterAddress, Set<String> roles, String faultDomain, Map<String, String> endpoints)
            implements WireMessage {
        NodeCard {
            roles = Set.copyOf(roles);
            endpoints = Map.copyOf(endpoints);
        }
    }

    static Behavior<Command> create(NodeCard own) {
        return Behaviors.setup(context -> new Roster(context, own));
    }

    private final NodeCard own;
    private final Map<NodeId, NodeCard> cards = new HashMap<>();

    private Roster(ActorContext<Command> context, NodeCard own) {
        super(context);
        this.own = own;
        cards.put(own.node(), own);
        ActorRef<Receptionist.Listing> listings =
                context.messageAdapter(Receptionist.Listing.class, listing -> new Listed(listing.getServiceInstances(SERVICE_KEY)));
        context.getSystem().receptionist().tell(Receptionist.register(SERVICE_KEY, context.getSelf()));
        context.getSystem().receptionist().tell(Receptionist.subscribe(SERVICE_KEY, listings));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Introduce.class, this::onIntroduce)
                .onMessage(Ask.class, this::onAsk)
                .onMessage(Listed.class, this::onListed)
                .build();
    }

    private Behavior<Command> onIntroduce(Introduce introduce) {
        if (cards.size() < MAX_NODES || cards.containsKey(introduce.card().node())) {
            cards.put(introduce.card().node(), introduce.card());
        }
        return this;
    }

    private Behavior<Command> onAsk(Ask ask) {
        ask.replyTo().tell(new Known(cards));
        return this;
    }

    private Behavior<Command> onListed(Listed listed) {
        listed.rosters().stream()
                .filter(roster -> !roster.equals(getContext().getSelf()))
                .forEach(roster -> roster.tell(new Introduce(own)));
        return this;
    }
}
