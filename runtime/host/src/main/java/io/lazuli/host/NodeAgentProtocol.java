package io.lazuli.host;

import io.lazuli.kernel.wire.WireMessage;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/** What a node agent is told by the fabric controller and asked by others. Agents register under {@link #SERVICE_KEY}. */
public final class NodeAgentProtocol {

    public static final ServiceKey<Command> SERVICE_KEY = ServiceKey.create(Command.class, "node-agent");

    public sealed interface Command extends WireMessage permits Assign, Report, ReadLog, LocalCommand {}

    /**
     * The whole list of what this node shall run from now on: what is missing is started, what is not listed is stopped.
     * An assignment of an older controller epoch is ignored. {@code peers} is what roles see as their deployment's instances.
     */
    public record Assign(long controllerEpoch, List<InstanceSpec> instances, List<PeerInfo> peers, ActorRef<NodeReport> replyTo)
            implements Command {
        public Assign {
            instances = List.copyOf(instances);
            peers = List.copyOf(peers);
        }
    }

    public record PeerInfo(InstanceKey key, String node, InstanceState state) implements WireMessage {}

    /** Asks for a report now, and another whenever an instance's state changes, until the subscriber ends. */
    public record Report(ActorRef<NodeReport> subscriber) implements Command {}

    /** Reads an instance's log from {@code offset} (negative: that many bytes before its end), at most {@code maxBytes} (1 to 1 MiB). */
    public record ReadLog(InstanceKey key, long offset, int maxBytes, ActorRef<LogPage> replyTo) implements Command {}

    /** @param nextOffset where the next page starts; @param text whole UTF-8 lines where possible */
    public record LogPage(InstanceKey key, long nextOffset, String text) implements WireMessage {}

    /** The agent's own messages, which never leave its node. */
    public non-sealed interface LocalCommand extends Command {}

    private NodeAgentProtocol() {}
}
