package io.lazuli.storage.chunk.transport;

import io.lazuli.kernel.NodeId;

/** A node was not reached, or did not answer in time: whether it did what was asked is not known. */
public final class PeerUnreachableException extends RuntimeException {

    public PeerUnreachableException(NodeId node, String why) {
        super("node " + node + ": " + why, null, false, false);
    }
}
