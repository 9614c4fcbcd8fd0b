package io.lazuli.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ManualClockTest {

    @Test
    void jumpOfTheWallClockLeavesTheMonotonicClockAlone() {
        ManualClock clock = new ManualClock(1_000);
        clock.advanceMillis(5);
        clock.jumpTo(10);
        assertEquals(10, clock.epochMillis());
        assertEquals(5_000_000, clock.nanos());
        assertThrows(IllegalArgumentException.class, () -> clock.advanceMillis(-1));
    }
}
