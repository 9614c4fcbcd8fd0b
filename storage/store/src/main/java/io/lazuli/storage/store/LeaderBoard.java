package io.lazuli.storage.store;

import io.lazuli.kernel.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.apache.pekko.cluster.UniqueAddress;

/**
 * Which node leads each Raft group and which nodes have its replicas, as last heard on this node: a hint that may be late, never a proof. Whoever acts on it
 * must bear being wrong (the store refuses what reaches the wrong node). Safe for use by any thread; nothing survives a
 * restart, a node learns it anew from the storage nodes within about a second.
 */
public interface LeaderBoard {

    /** The newest leader heard of, empty before the first; of two that claim a group the one of the newer term. */
    Optional<Leader> leaderOf(int group);

    /** The voters of the group as its leader last told, empty before the first word of it. */
    Optional<Replicas> replicasOf(int group);

    /** All groups of the cloud as far as known here, ascending. */
    SortedSet<Integer> groups();

    /**
     * Calls {@code listener} with every change of a group's leader from now on, on a thread of the store: hand it over and
     * return. The listener stays until the returned subscription is closed.
     */
    Subscription onChange(Consumer<Leader> listener);

    /** @param member the leader's cluster member (a restarted node is another member at the same address) */
    record Leader(int group, long term, NodeId node, UniqueAddress member) {}

    /**
     * @param term of the leader that told it
     * @param voters how many there are: a majority is more than half of it
     * @param nodes of the voters, by id; fewer than {@code voters} if one left the cloud before the group's leader
     *     started, which then knows its address only
     */
    record Replicas(int group, long term, int voters, List<NodeId> nodes) {

        public int majority() {
            return voters / 2 + 1;
        }
    }

    /** Ends with {@link #close}. */
    interface Subscription extends AutoCloseable {

        @Override
        void close();
    }
}
