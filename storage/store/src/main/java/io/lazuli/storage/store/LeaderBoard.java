package io.lazuli.storage.store;

import io.lazuli.kernel.NodeId;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.apache.pekko.cluster.UniqueAddress;

/**
 * Which node leads each Raft group, as last heard on this node: a hint that may be late, never a proof. Whoever acts on it
 * must bear being wrong (the store refuses what reaches the wrong node). Safe for use by any thread; nothing survives a
 * restart, a node learns it anew from the storage nodes within about a second.
 */
public interface LeaderBoard {

    /** The newest leader heard of, empty before the first; of two that claim a group the one of the newer term. */
    Optional<Leader> leaderOf(int group);

    /** All groups of the cloud as far as known here, ascending. */
    SortedSet<Integer> groups();

    /**
     * Calls {@code listener} with every change of a group's leader from now on, on a thread of the store: hand it over and
     * return. The listener stays until the returned subscription is closed.
     */
    Subscription onChange(Consumer<Leader> listener);

    /** @param member the leader's cluster member (a restarted node is another member at the same address) */
    record Leader(int group, long term, NodeId node, UniqueAddress member) {}

    /** Ends with {@link #close}. */
    interface Subscription extends AutoCloseable {

        @Override
        void close();
    }
}
