package io.lazuli.storage.partition.blob.service;

import java.util.HashMap;
import java.util.Map;

/** Which background copies get on: pass by pass, how much of each was copied when it was last seen to have grown. Not for several threads at once. */
final class PendingCopies {

    private static final int MAX_COPIES = 100_000;

    private record Progress(long copiedBytes, long sinceMillis) {}

    private final long staleMillis;
    private final Map<String, Progress> before = new HashMap<>();
    private final Map<String, Progress> now = new HashMap<>();

    PendingCopies(long staleMillis) {
        this.staleMillis = staleMillis;
    }

    /** Whether a copy that is pending has stood still for too long. */
    boolean isStale(String copyId, long copiedBytes, long nowMillis) {
        Progress last = before.get(copyId);
        Progress progress = last != null && last.copiedBytes == copiedBytes ? last : new Progress(copiedBytes, nowMillis);
        if (now.size() < MAX_COPIES) {
            now.put(copyId, progress);
        }
        return nowMillis - progress.sinceMillis >= staleMillis;
    }

    /** Copies that were not seen in this pass are over. */
    void endPass() {
        before.clear();
        before.putAll(now);
        now.clear();
    }
}
