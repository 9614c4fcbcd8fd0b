package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.chunk.NamedRuns;
import io.lazuli.storage.model.ChunkRun;
import java.util.function.LongSupplier;

/**
 * The runs that rows name, gathered pass by pass. What a sweep keeps is what this complete pass or the complete one before it has seen: so bytes
 * that were named when a download or a command began to use them stay for a whole pass more, and a run that moves from row to row while
 * it is looked for is not missed. Therefore two filters fill at a time, each over two passes. Not for several threads at once.
 */
final class RunFilters {

    private static final double FALSE_POSITIVES = 0.01;
    /** Each run is added in two passes, and there will be more of them. */
    private static final int ROOM = 3;
    private static final long LEAST_RUNS = 100_000;

    private final LongSupplier salts;
    /** Begun in the complete pass before; null if there was none. */
    private NamedRuns elder;
    private NamedRuns younger;
    private long namedInPass;

    RunFilters(LongSupplier salts) {
        this.salts = salts;
    }

    /** @param expectedRuns as many as the last pass found */
    void beginPass(long expectedRuns) {
        younger = NamedRuns.sized(Math.max(LEAST_RUNS, expectedRuns * ROOM), FALSE_POSITIVES, salts.getAsLong());
        namedInPass = 0;
    }

    void add(ChunkRun run) {
        namedInPass++;
        younger.add(run);
        if (elder != null) {
            elder.add(run);
        }
    }

    /** Repetitions included. */
    long namedInPass() {
        return namedInPass;
    }

    /** The pass was complete. Returns what a sweep keeps; null if there was no complete pass before. */
    NamedRuns endPass() {
        NamedRuns kept = elder;
        elder = younger;
        younger = null;
        return kept;
    }
}
