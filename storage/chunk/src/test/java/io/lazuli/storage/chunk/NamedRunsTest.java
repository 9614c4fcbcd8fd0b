package io.lazuli.storage.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.ChunkRun;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A run that is named is never taken for garbage; garbage is taken for named about as seldom as promised. */
class NamedRunsTest {

    private static final int RUNS = 20_000;

    @Test
    void whatWasAddedIsFoundAndOtherRunsAboutAsSeldomAsPromised() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        for (double rate : new double[] {0.1, 0.01, 0.001}) {
            Random random = new Random(seed);
            NamedRuns named = NamedRuns.sized(RUNS, rate, seed);
            NamedRuns copy = NamedRuns.sized(RUNS, rate, seed);
            for (int i = 0; i < RUNS; i++) {
                (i % 2 == 0 ? named : copy).add(run(random, i));
            }
            named.addAll(copy);
            named = NamedRuns.decode(named.encode());
            assertEquals(RUNS, named.added());
            Random again = new Random(seed);
            for (int i = 0; i < RUNS; i++) {
                ChunkRun run = run(again, i);
                assertTrue(named.mayContain(run.group(), run.createdMillis(), run.nonce()));
                assertTrue(named.mayContain(ChunkId.of(run, 5)));
            }
            int found = 0;
            for (int i = 0; i < RUNS; i++) {
                ChunkRun other = run(again, i);
                found += named.mayContain(other.group(), other.createdMillis(), other.nonce()) ? 1 : 0;
            }
            assertTrue(found < 2 * rate * RUNS + 20, found + " at " + rate);
        }
    }

    @Test
    void anotherSaltFindsOtherGarbage() {
        int both = 0;
        int first = 0;
        NamedRuns one = NamedRuns.sized(1000, 0.1, 1);
        NamedRuns two = NamedRuns.sized(1000, 0.1, 2);
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            ChunkRun run = run(random, i);
            one.add(run);
            two.add(run);
        }
        for (int i = 0; i < 10_000; i++) {
            ChunkRun other = run(random, i);
            boolean inOne = one.mayContain(other.group(), other.createdMillis(), other.nonce());
            first += inOne ? 1 : 0;
            both += inOne && two.mayContain(other.group(), other.createdMillis(), other.nonce()) ? 1 : 0;
        }
        assertTrue(first > 500 && both < first / 3, first + " and " + both);
    }

    @Test
    void theSizeIsBoundedAndOtherBytesAreRefused() {
        assertTrue(NamedRuns.sized(Long.MAX_VALUE / 1000, 0.0001, 1).encode().length <= NamedRuns.MAX_BYTES);
        assertFalse(NamedRuns.none().mayContain(1, 2, 3));
        byte[] good = NamedRuns.sized(10, 0.01, 1).encode();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            if ((length - 18) % 8 != 0 || length < 26) {
                assertThrows(IllegalArgumentException.class, () -> NamedRuns.decode(cut));
            }
        }
        good[0] = 2;
        assertThrows(IllegalArgumentException.class, () -> NamedRuns.decode(good));
    }

    private static ChunkRun run(Random random, int i) {
        return new ChunkRun(i % 3, 1_700_000_000_000L + i / 10, random.nextLong(), 1);
    }
}
