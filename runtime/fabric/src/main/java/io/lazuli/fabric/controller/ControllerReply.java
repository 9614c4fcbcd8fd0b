package io.lazuli.fabric.controller;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.FabricService.DeploymentInfo;
import io.lazuli.fabric.FabricService.InstanceInfo;
import io.lazuli.host.NodeAgentProtocol;
import io.lazuli.kernel.wire.WireMessage;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What the controller answers to those who ask on behalf of people. */
public sealed interface ControllerReply extends WireMessage {

    /** @param registration names this registration when it is cancelled */
    record Registered(long registration) implements ControllerReply {}

    record Acknowledged() implements ControllerReply {}

    record Deployments(List<DeploymentInfo> deployments) implements ControllerReply {
        public Deployments {
            deployments = List.copyOf(deployments);
        }
    }

    record Instances(List<InstanceInfo> instances) implements ControllerReply {
        public Instances {
            instances = List.copyOf(instances);
        }
    }

    /** The agent of the node that an instance runs on. */
    record Located(ActorRef<NodeAgentProtocol.Command> agent) implements ControllerReply {}

    /** {@code UNAVAILABLE} is worth another try. */
    record Refused(FabricErrorCode code, String message) implements ControllerReply {}
}
