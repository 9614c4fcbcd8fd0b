package io.lazuli.fabric.account;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The accounts whose data are being deleted. An account's data are touched only when its keys are void and no request let in before can still be
 * under way: so nobody makes anything of them from the first look on, and what must not be deleted is found before anything is.
 */
final class Purges {

    static final int MAX_RUNNING = 4;

    private static final class Purge {
        /** Of the account as it is being deleted: a later deletion of the same name is another. */
        private final long version;
        /** Or it has ended, and the account is being forgotten or restored. */
        private boolean running;
        private long beganNanos;
        private long notBeforeNanos;

        private Purge(long version, long notBeforeNanos) {
            this.version = version;
            this.notBeforeNanos = notBeforeNanos;
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
     * @param version of the account's deletion
     * @param everywhereNanos when they are so everywhere; may be past
     */
    void keysAreVoid(String account, long version, long everywhereNanos, long nowNanos) {
        long voidNanos = everywhereNanos - nowNanos > 0 ? everywhereNanos : nowNanos;
        purges.putIfAbsent(account, new Purge(version, voidNanos + quietNanos));
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
     * Returns whether the account is to be forgotten or restored now; if so, no further attempt begins: it could delete what is made under
     * the name from now on.
     *
     * @param beganNanos of the attempt; those of others, which a keeper that failed has left, are not heeded
     */
    boolean ended(String account, long beganNanos, boolean failed, long nowNanos) {
        Purge purge = purges.get(account);
        if (purge == null || !purge.running || purge.beganNanos != beganNanos) {
            return false;
        }
        if (failed) {
            purge.running = false;
            purge.notBeforeNanos = nowNanos + retryNanos;
        }
        return !failed;
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

    /** All others are forgotten. @param versions of the deletions that are under way, by account */
    void keepOnly(Map<String, Long> versions) {
        purges.entrySet().removeIf(entry -> !Long.valueOf(entry.getValue().version).equals(versions.get(entry.getKey())));
    }
}
