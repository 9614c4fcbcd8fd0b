package io.lazuli.storage.store.raft.transport;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.option.NodeOptions;

/**
 * Options of one group's node that carry the transport of their host, so that the library's process-wide factory of RPC
 * clients needs no registry, and several hosts can live in one process.
 */
public final class RaftNodeOptions extends NodeOptions {

    private final RaftTransport transport;
    private volatile ReplicatorGroup replicators;

    public RaftNodeOptions(RaftTransport transport) {
        this.transport = transport;
    }

    RaftTransport transport() {
        return transport;
    }

    void attach(ReplicatorGroup group) {
        this.replicators = group;
    }

    /** What the leader replicates with; null until the node is initialised. */
    public ReplicatorGroup replicators() {
        return replicators;
    }
}
