package io.lazuli.fabric.account;

import io.lazuli.kernel.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Which edge nodes know which version of the accounts. A node that has not been heard for its lease honours no account any
 * more, so nobody needs to wait for it.
 *
 * @param <C> what tells one node's copy from another
 */
final class Confirmations<C> {

    private record Copy(NodeId node, AccountsKnown known, long heardNanos) {}

    private final long leaseNanos;
    private final Map<C, Copy> copies = new HashMap<>();
    private long unheardUntilNanos;

    /** @param startedNanos before it, nodes may have heard of another keeper what they still honour */
    Confirmations(long leaseNanos, long startedNanos) {
        this.leaseNanos = leaseNanos;
        this.unheardUntilNanos = startedNanos + leaseNanos;
    }

    /** Returns whether the copy was not known before. */
    boolean heard(C copy, NodeId node, AccountsKnown known, long nowNanos) {
        return copies.put(copy, new Copy(node, known, nowNanos)) == null;
    }

    /** The copy has ended with its node, or its node is cut off and was removed from the cluster. */
    void gone(C copy) {
        Copy last = copies.remove(copy);
        if (last != null && last.heardNanos() + leaseNanos - unheardUntilNanos > 0) {
            unheardUntilNanos = last.heardNanos() + leaseNanos;
        }
    }

    /** Nodes that may honour what was before {@code version}. */
    Set<NodeId> lacking(long version, long nowNanos) {
        return copies.values().stream()
                .filter(copy -> nowNanos - copy.heardNanos() <= leaseNanos && copy.known().complete() < version)
                .map(Copy::node)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Until then nodes that are not known here, because they are cut off, may honour whatever they heard last. */
    long unheardUntilNanos() {
        return unheardUntilNanos;
    }

    void forEach(BiConsumer<C, AccountsKnown> each) {
        copies.forEach((copy, state) -> each.accept(copy, state.known()));
    }
}
