package io.lazuli.node;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Decides how a node becomes a member: whom it asks, and whether it may form the cloud if nobody answers.
 *
 * <p>A node that never was a member and has nobody to ask forms a new cloud. After a stop of the whole cloud exactly one
 * node may form it again by itself: the one with the lowest remembered address, only if none of the others answers for
 * long, and never if this start names a node to join: then somebody knows that the cloud is there. Two halves that form
 * at the same time could do no harm to data (the store needs its majorities), only to availability.
 *
 * @param seeds in the order of Pekko's seed nodes: the first may join itself if no other answers; never empty
 * @param retryMillis how long a node waits for an answer before it asks again, or forms the cloud if it may
 */
record Joining(List<HostPort> seeds, long retryMillis) {

    static final long ASK_AGAIN_MILLIS = 500;
    /** Members that are alive answer within milliseconds, but a start takes its time on a busy machine, and two clouds out of one are worse than a late one. */
    static final long FORM_AFTER_MILLIS = 30_000;
    /** The others downed this node, so they were alive: only if all of them are gone by now may it go on alone. */
    static final long FORM_AFTER_DOWNED_MILLIS = 180_000;

    Joining {
        seeds = List.copyOf(seeds);
    }

    /**
     * @param named given with this very start, or known to be running
     * @param configured asked as well, running or not
     */
    static Joining decide(
            HostPort self, boolean form, Collection<HostPort> named, Collection<HostPort> configured, Collection<HostPort> remembered) {
        TreeSet<HostPort> others = new TreeSet<>(named);
        others.addAll(configured);
        others.addAll(remembered);
        others.remove(self);
        if (form || others.isEmpty()) {
            return new Joining(List.of(self), ASK_AGAIN_MILLIS);
        }
        boolean lowestMember = remembered.contains(self) && self.equals(new TreeSet<>(remembered).first());
        if (!named.isEmpty() || !lowestMember) {
            return new Joining(List.copyOf(others), ASK_AGAIN_MILLIS);
        }
        List<HostPort> seeds = new ArrayList<>(List.of(self));
        seeds.addAll(others);
        return new Joining(seeds, FORM_AFTER_MILLIS);
    }

    /** How a node joins again that left the cluster without being told to. */
    static Joining again(HostPort self, Collection<HostPort> configured, Collection<HostPort> remembered) {
        Joining joining = decide(self, false, List.of(), configured, remembered);
        boolean mayForm = joining.retryMillis == FORM_AFTER_MILLIS;
        return mayForm ? new Joining(joining.seeds, FORM_AFTER_DOWNED_MILLIS) : joining;
    }
}
