package io.lazuli.fabric.account;

import io.lazuli.fabric.FabricAsking;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;

/** Wires the accounts into a node. To be started on every node, after the journal works and the node has joined a cluster. */
public final class Accounts {

    private static final Duration KEEPER_RESTART_MIN = Duration.ofMillis(500);
    private static final Duration KEEPER_RESTART_MAX = Duration.ofSeconds(10);
    private static final double KEEPER_RESTART_JITTER = 0.2;

    private final AccountSettings settings;
    private final Clock clock;
    private final ActorRef<AccountKeeper.Command> keeper;
    private final AccountService service;

    private Accounts(AccountSettings settings, Clock clock, ActorRef<AccountKeeper.Command> keeper, AccountService service) {
        this.settings = settings;
        this.clock = clock;
        this.keeper = keeper;
        this.service = service;
    }

    /**
     * Starts this node's share of the keeper, which lives as long as the system.
     *
     * @param configured names of the accounts of this node's configuration, the same on every node
     * @param random cryptographically strong; makes keys
     */
    public static Accounts start(
            ActorSystem<?> system, AccountSettings settings, Set<String> configured, AccountData data, Clock clock, RandomGenerator random) {
        ActorRef<AccountKeeper.Command> keeper = ClusterSingleton.get(system).init(SingletonActor.of(
                Behaviors.supervise(AccountKeeper.create(settings, configured, data, clock)).onFailure(
                        SupervisorStrategy.restartWithBackoff(KEEPER_RESTART_MIN, KEEPER_RESTART_MAX, KEEPER_RESTART_JITTER)),
                "account-keeper"));
        FabricAsking asking = new FabricAsking(system, settings.requestTimeout());
        return new Accounts(settings, clock, keeper, new ClusterAccountService(asking, settings, keeper, random));
    }

    public AccountService service() {
        return service;
    }

    /** An edge node's own copy of the keys; empty until a {@link #feed} fills it. */
    public AccountKeyCache newCache() {
        return new AccountKeyCache(clock, settings.lease());
    }

    /** The actor that keeps the cache right; the caller spawns it and restarts it when it fails. */
    public Behavior<AccountKeyFeed.Command> feed(NodeId node, AccountKeyCache cache) {
        return AccountKeyFeed.create(node, keeper, cache, settings.reportInterval(), clock);
    }
}
