package io.lazuli.fabric.controller;

import io.lazuli.fabric.placement.ComputeNode.Presence;
import io.lazuli.host.NodeAgentProtocol;
import io.lazuli.kernel.NodeId;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** A compute node of the cluster, and its agent once that is known. */
public record ComputeMember(NodeId node, String faultDomain, Presence presence, Optional<ActorRef<NodeAgentProtocol.Command>> agent) {}
