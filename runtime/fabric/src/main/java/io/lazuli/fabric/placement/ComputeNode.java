package io.lazuli.fabric.placement;

import io.lazuli.kernel.NodeId;

/** A node that can run instances, as placement sees it. @param maxInstances 0 until its agent has reported */
public record ComputeNode(NodeId node, String faultDomain, Presence presence, int maxInstances) {

    public enum Presence {
        /** Up, and its agent answers. */
        AVAILABLE,
        /** It, or its agent, does not answer, but it has not been declared dead: what it runs may be running. */
        UNREACHABLE,
        /** It is about to go. */
        LEAVING
    }
}
