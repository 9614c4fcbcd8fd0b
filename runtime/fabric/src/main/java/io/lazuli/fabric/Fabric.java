package io.lazuli.fabric;

import io.lazuli.fabric.controller.Controller;
import io.lazuli.fabric.controller.MemberWatch;
import io.lazuli.fabric.deployment.Deployment;
import io.lazuli.host.PackageSource;
import io.lazuli.kernel.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.HashCodeMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;

/** Wires the fabric into a node. To be started on every node, after the journal works and the node has joined a cluster. */
public final class Fabric {

    private static final Duration CONTROLLER_RESTART_MIN = Duration.ofMillis(500);
    private static final Duration CONTROLLER_RESTART_MAX = Duration.ofSeconds(10);
    private static final double CONTROLLER_RESTART_JITTER = 0.2;

    /**
     * Starts this node's share of the deployments' entities and of the controller, which both live as long as the system.
     *
     * @param blocking runs the checks of packages, one each, and may block
     */
    public static FabricService start(ActorSystem<?> system, FabricSettings settings, PackageSource packages, Clock clock, Executor blocking) {
        ClusterSharding sharding = ClusterSharding.get(system);
        sharding.init(Entity.of(Deployment.TYPE_KEY, entity -> Deployment.create(entity.getEntityId(), settings.maxInstancesPerRole(), clock))
                .withMessageExtractor(new HashCodeMessageExtractor<>(settings.shards())));
        Function<String, RecipientRef<Deployment.Command>> deployments = name -> sharding.entityRefFor(Deployment.TYPE_KEY, name);
        ActorRef<Controller.Command> controller = ClusterSingleton.get(system).init(SingletonActor.of(
                Behaviors.supervise(Controller.create(settings, clock, deployments, MemberWatch::create, packages)).onFailure(
                        SupervisorStrategy.restartWithBackoff(CONTROLLER_RESTART_MIN, CONTROLLER_RESTART_MAX, CONTROLLER_RESTART_JITTER)),
                "fabric-controller"));
        return new ClusterFabricService(system, settings, controller, deployments, packages, blocking);
    }

    private Fabric() {}
}
