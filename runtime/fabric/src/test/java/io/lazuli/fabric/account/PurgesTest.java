package io.lazuli.fabric.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PurgesTest {

    private final Purges purges = new Purges(100, 10);

    @Test
    void dataAreDeletedAtOnceAndLookedForAgainAfterTheQuietTime() {
        purges.keysAreVoid("shop", 0, 1_000);
        assertEquals(List.of("shop"), purges.begin(1_000));
        assertEquals(List.of(), purges.begin(1_001), "it runs");
        assertFalse(purges.ended("shop", false, 1_020));
        assertEquals(List.of(), purges.begin(1_099));
        assertEquals(List.of("shop"), purges.begin(1_100));
        assertTrue(purges.ended("shop", false, 1_110));
    }

    @Test
    void anAttemptThatBeganTooEarlyIsNotTheLastHoweverLongItTook() {
        purges.keysAreVoid("shop", 0, 1_000);
        purges.begin(1_000);
        assertFalse(purges.ended("shop", false, 5_000));
        assertEquals(List.of("shop"), purges.begin(5_000));
        assertTrue(purges.ended("shop", false, 5_001));
    }

    @Test
    void theLastLookWaitsUntilNobodyMayHonourTheKeysAnyMore() {
        purges.keysAreVoid("shop", 3_000, 1_000);
        assertEquals(List.of("shop"), purges.begin(1_000), "what there is by now is deleted at once");
        assertFalse(purges.ended("shop", false, 1_020));
        assertEquals(List.of(), purges.begin(3_099));
        assertEquals(List.of("shop"), purges.begin(3_100));
        assertTrue(purges.ended("shop", false, 3_110));
    }

    @Test
    void aFailedAttemptIsMadeAgainALittleLater() {
        purges.keysAreVoid("shop", 0, 1_000);
        purges.begin(1_200);
        assertFalse(purges.ended("shop", true, 1_300));
        assertEquals(List.of(), purges.begin(1_309));
        assertEquals(List.of("shop"), purges.begin(1_310));
    }

    @Test
    void whatIsSaidTwiceBeginsOnce() {
        purges.keysAreVoid("shop", 0, 1_000);
        purges.keysAreVoid("shop", 0, 1_050);
        purges.begin(1_060);
        purges.ended("shop", false, 1_070);
        assertEquals(List.of("shop"), purges.begin(1_100), "the first void counts");
    }

    @Test
    void onlySomeAreDeletedAtATime() {
        for (int i = 0; i < 2 * Purges.MAX_RUNNING; i++) {
            purges.keysAreVoid("shop" + i, 0, 1_000);
        }
        assertEquals(Purges.MAX_RUNNING, purges.begin(1_000).size());
        assertEquals(List.of(), purges.begin(1_000));
    }
}
