package io.lazuli.node;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Decides how a node becomes a member: whom it asks, and whether it may form the cloud if nobody answers.
 *
 * <p>A node that never was a member and has nobody to ask forms a new cloud. After a stop of the whole cloud exactly one
 * node may form it again by itself: the one with the lowest remembered address, and only if none of the others answers.
 * Two halves that form at the same time could do no harm to data (the store needs its majorities), only to availability.
 *
 * @param seeds in the order of Pekko's seed nodes: the first may join itself if no other answers; never empty
 */
record Joining(List<HostPort> seeds) {

    Joining {
        seeds = List.copyOf(seeds);
    }

    static Joining decide(HostPort self, boolean form, Collection<HostPort> asked, Collection<HostPort> remembered) {
        TreeSet<HostPort> others = new TreeSet<>(asked);
        others.addAll(remembered);
        others.remove(self);
        if (form || others.isEmpty()) {
            return new Joining(List.of(self));
        }
        List<HostPort> seeds = new ArrayList<>();
        boolean lowestMember = remembered.contains(self) && self.equals(new TreeSet<>(remembered).first());
        if (lowestMember) {
            seeds.add(self);
        }
        seeds.addAll(others);
        return new Joining(seeds);
    }

    /** Whether this node asks others and forms the cloud if none of them answers. */
    boolean mayFormAgain(HostPort self) {
        return seeds.size() > 1 && seeds.getFirst().equals(self);
    }
}
