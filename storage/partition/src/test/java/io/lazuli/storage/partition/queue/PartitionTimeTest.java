package io.lazuli.storage.partition.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.kernel.ManualClock;
import org.junit.jupiter.api.Test;

class PartitionTimeTest {

    private final ManualClock clock = new ManualClock(10_000);

    @Test
    void timeIsTheClocksTime() {
        PartitionTime time = new PartitionTime(clock, 9_000);
        assertEquals(10_000, time.nowMillis());
        clock.advanceMillis(5);
        assertEquals(10_005, time.nowMillis());
    }

    @Test
    void newOwnerWhoseClockIsBehindGoesOnAtHalfSpeedUntilItHasCaughtUp() {
        PartitionTime time = new PartitionTime(clock, 11_000);
        assertEquals(11_000, time.nowMillis());
        clock.advanceMillis(1_000);
        assertEquals(11_500, time.nowMillis());
        clock.advanceMillis(2_000);
        assertEquals(13_000, time.nowMillis());
        clock.advanceMillis(1);
        assertEquals(13_001, time.nowMillis());
    }

    @Test
    void clockThatIsSetBackDoesNotTakeTimeBack() {
        PartitionTime time = new PartitionTime(clock, 0);
        assertEquals(10_000, time.nowMillis());
        clock.jumpTo(4_000);
        assertEquals(10_000, time.nowMillis());
        clock.advanceMillis(100);
        assertEquals(10_050, time.nowMillis());
        clock.jumpTo(20_000);
        assertEquals(20_000, time.nowMillis());
    }
}
