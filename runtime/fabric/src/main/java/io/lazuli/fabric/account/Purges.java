package io.lazuli.fabric.account;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The accounts whose data are being deleted. One attempt is made as soon as an account's keys are void; what an attempt has found, nothing or
 * something that may not be deleted, counts if it began so long after that no request let in before can still be under way.
 */
final class Purges {

    static final int MAX_RUNNING = 4;

    /** What became of an attempt. */
    enum Outcome {
        NOTHING_LEFT,
        /** Something may not be deleted. */
        RETAINED,
        FAILED
    }

    private static final class Purge {
        private final long voidNanos;
        /** Or its outcome counts, and the account is being forgotten or restored. */
        private boolean running;
        private long beganNanos;
        private long notBeforeNanos;

        private Purge(long voidNanos, long nowNanos) {
            this.voidNanos = voidNanos;
            this.notBeforeNanos = nowNanos;
        }
    }

    private final long quietNanos;
    private final long retryNanos;
    private final Map<String, Purge> purges = new HashMap<>();

    Purges(long quietNanos, long retryNanos) {
        this.quietNanos = quietNanos;
        this.retryNanos = retryNanos;
    }

    /**
     * The account's keys are good for nothing any more, on no node that is heard.
     *
     * @param everywhereNanos when they are so everywhere; may be past
     */
    void keysAreVoid(String account, long everywhereNanos, long nowNanos) {
        long voidNanos = everywhereNanos - nowNanos > 0 ? everywhereNanos : nowNanos;
        purges.putIfAbsent(account, new Purge(voidNanos, nowNanos));
    }

    /** Accounts whose data the caller deletes now; it says with {@link #ended} what became of each. */
    List<String> begin(long nowNanos) {
        List<String> begun = new ArrayList<>();
        long running = purges.values().stream().filter(purge -> purge.running).count();
        for (Map.Entry<String, Purge> entry : purges.entrySet()) {
            Purge purge = entry.getValue();
            if (!purge.running && nowNanos - purge.notBeforeNanos >= 0 && running < MAX_RUNNING) {
                purge.running = true;
                purge.beganNanos = nowNanos;
                running++;
                begun.add(entry.getKey());
            }
        }
        return begun;
    }

    /**
     * Returns whether the outcome counts; if so, no further attempt begins: it could delete what is made under the name from now on.
     *
     * @param beganNanos of the attempt; those of others, which a keeper that failed has left, are not heeded
     */
    boolean ended(String account, long beganNanos, Outcome outcome, long nowNanos) {
        Purge purge = purges.get(account);
        if (purge == null || !purge.running || purge.beganNanos != beganNanos) {
            return false;
        }
        long lastLookNanos = purge.voidNanos + quietNanos;
        boolean failed = outcome == Outcome.FAILED;
        boolean last = !failed && beganNanos - lastLookNanos >= 0;
        purge.running = last;
        purge.notBeforeNanos = failed ? nowNanos + retryNanos : lastLookNanos;
        return last;
    }

    /** The account is forgotten or restored. */
    void over(String account) {
        purges.remove(account);
    }

    /** It is not known whether the account was forgotten or restored. */
    void perhapsOver(String account, long nowNanos) {
        Purge purge = purges.get(account);
        if (purge != null) {
            purge.running = false;
            purge.notBeforeNanos = nowNanos + retryNanos;
        }
    }

    /** All others are forgotten. */
    void keepOnly(Set<String> accounts) {
        purges.keySet().retainAll(accounts);
    }
}
