package io.lazuli.storage.chunk.replication;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** In which order replicas are asked for a chunk. Pure. */
final class ReadOrder {

    private ReadOrder() {}

    /**
     * This node's own copy costs no network; the others take turns, chunk by chunk; those that are down come last, because asking them may
     * cost a time-out.
     */
    static <N> List<N> of(Collection<N> replicas, Predicate<N> own, Predicate<N> down, int turn) {
        List<N> owned = replicas.stream().filter(own).toList();
        List<N> others = replicas.stream().filter(own.negate()).toList();
        List<N> rotated = new ArrayList<>();
        for (int i = 0; i < others.size(); i++) {
            rotated.add(others.get(Math.floorMod(turn + i, others.size())));
        }
        List<N> order = new ArrayList<>(owned);
        rotated.stream().filter(down.negate()).forEach(order::add);
        rotated.stream().filter(down).forEach(order::add);
        return order;
    }
}
