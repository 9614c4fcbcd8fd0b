package io.lazuli.storage.partition.blob.service;

import java.util.HashMap;
import java.util.Map;

/** Which background copies get on: look by look, when the blob of each was last seen to have changed. Not for several threads at once. */
final class PendingCopies {

    private static final int MAX_COPIES = 100_000;

    private record Sight(long change, long sinceMillis) {}

    private final long staleMillis;
    private final Map<String, Sight> before = new HashMap<>();
    private final Map<String, Sight> now = new HashMap<>();

    PendingCopies(long staleMillis) {
        this.staleMillis = staleMillis;
    }

    /** Whether a copy that is pending has stood still for too long. @param change of the blob, which every report of progress alters */
    boolean isStale(String copyId, long change, long nowMillis) {
        Sight last = before.get(copyId);
        Sight sight = last != null && last.change == change ? last : new Sight(change, nowMillis);
        if (now.size() < MAX_COPIES) {
            now.put(copyId, sight);
        }
        return nowMillis - sight.sinceMillis >= staleMillis;
    }

    /** @param complete whether copies that were not seen in this look are over */
    void endLook(boolean complete) {
        if (complete || before.size() >= MAX_COPIES) {
            before.clear();
        }
        before.putAll(now);
        now.clear();
    }
}
