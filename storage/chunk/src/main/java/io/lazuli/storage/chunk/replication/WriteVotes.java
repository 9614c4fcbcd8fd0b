package io.lazuli.storage.chunk.replication;

import io.lazuli.kernel.NodeId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who has stored one chunk, and what follows from it. Pure; not safe for several threads.
 *
 * <pre>
 * node:   not asked --asked--> under way --stored--> stored
 *                                        --failed--> not asked
 *                                        --no room-> without room
 * </pre>
 */
final class WriteVotes {

    enum Verdict {
        OPEN,
        /** A majority has it. */
        STORED,
        /** So many voters have no room that no majority can have it. */
        NO_ROOM
    }

    private final Set<NodeId> stored = new HashSet<>();
    private final Set<NodeId> underWay = new HashSet<>();
    private final Set<NodeId> withoutRoom = new HashSet<>();
    private List<NodeId> nodes = List.of();
    private int voters;
    private int majority = Integer.MAX_VALUE;

    /** Whose votes count from now on; what is known of nodes stays known. */
    void place(int voterCount, int majorityCount, List<NodeId> voterNodes) {
        voters = voterCount;
        majority = majorityCount;
        nodes = List.copyOf(voterNodes);
    }

    List<NodeId> toAsk() {
        return nodes.stream().filter(node -> !stored.contains(node) && !underWay.contains(node) && !withoutRoom.contains(node)).toList();
    }

    void asked(NodeId node) {
        underWay.add(node);
    }

    void stored(NodeId node) {
        underWay.remove(node);
        stored.add(node);
    }

    void noRoom(NodeId node) {
        underWay.remove(node);
        withoutRoom.add(node);
    }

    void failed(NodeId node) {
        underWay.remove(node);
    }

    Verdict verdict() {
        if (nodes.stream().filter(stored::contains).count() >= majority) {
            return Verdict.STORED;
        }
        long refusing = nodes.stream().filter(withoutRoom::contains).count();
        return voters > 0 && voters - refusing < majority ? Verdict.NO_ROOM : Verdict.OPEN;
    }

    boolean allAnswered() {
        return underWay.isEmpty();
    }

    /** Voters that lack the chunk and are not about to get it. */
    List<NodeId> lacking() {
        return nodes.stream().filter(node -> !stored.contains(node) && !underWay.contains(node)).toList();
    }
}
