package io.lazuli.fabric.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.fabric.account.Purges.Outcome;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PurgesTest {

    private final Purges purges = new Purges(100, 10);

    @Test
    void dataAreDeletedAtOnceAndLookedForAgainAfterTheQuietTime() {
        purges.keysAreVoid("shop", 0, 1_000);
        assertEquals(List.of("shop"), purges.begin(1_000));
        assertEquals(List.of(), purges.begin(1_001), "it runs");
        assertFalse(purges.ended("shop", 1_000, Outcome.NOTHING_LEFT, 1_020));
        assertEquals(List.of(), purges.begin(1_099));
        assertEquals(List.of("shop"), purges.begin(1_100));
        assertTrue(purges.ended("shop", 1_100, Outcome.NOTHING_LEFT, 1_110));
    }

    @Test
    void anAttemptThatBeganTooEarlyIsNotTheLastHoweverLongItTook() {
        purges.keysAreVoid("shop", 0, 1_000);
        purges.begin(1_000);
        assertFalse(purges.ended("shop", 1_000, Outcome.NOTHING_LEFT, 5_000));
        assertEquals(List.of("shop"), purges.begin(5_000));
        assertTrue(purges.ended("shop", 5_000, Outcome.NOTHING_LEFT, 5_001));
    }

    @Test
    void theLastLookWaitsUntilNobodyMayHonourTheKeysAnyMore() {
        purges.keysAreVoid("shop", 3_000, 1_000);
        assertEquals(List.of("shop"), purges.begin(1_000), "what there is by now is deleted at once");
        assertFalse(purges.ended("shop", 1_000, Outcome.NOTHING_LEFT, 1_020));
        assertEquals(List.of(), purges.begin(3_099));
        assertEquals(List.of("shop"), purges.begin(3_100));
        assertTrue(purges.ended("shop", 3_100, Outcome.NOTHING_LEFT, 3_110));
    }

    @Test
    void whatMayNotBeDeletedCountsOnlyWhenNobodyMayHonourTheKeysAnyMore() {
        purges.keysAreVoid("shop", 3_000, 1_000);
        purges.begin(1_000);
        assertFalse(purges.ended("shop", 1_000, Outcome.RETAINED, 1_020));
        assertEquals(List.of(), purges.begin(3_099));
        assertEquals(List.of("shop"), purges.begin(3_100));
        assertTrue(purges.ended("shop", 3_100, Outcome.RETAINED, 3_110));
        assertEquals(List.of(), purges.begin(9_000), "its owner has it back by now");
    }

    @Test
    void aFailedAttemptIsMadeAgainALittleLater() {
        purges.keysAreVoid("shop", 0, 1_000);
        purges.begin(1_200);
        assertFalse(purges.ended("shop", 1_200, Outcome.FAILED, 1_300));
        assertEquals(List.of(), purges.begin(1_309));
        assertEquals(List.of("shop"), purges.begin(1_310));
    }

    @Test
    void nothingIsDeletedUnderANameThatIsBeingFreed() {
        purges.keysAreVoid("shop", 0, 1_000);
        purges.begin(1_100);
        assertTrue(purges.ended("shop", 1_100, Outcome.NOTHING_LEFT, 1_110));
        assertEquals(List.of(), purges.begin(9_000), "somebody may have the name by now");
        purges.perhapsOver("shop", 9_000);
        purges.keepOnly(Set.of("other"));
        assertEquals(List.of(), purges.begin(10_000), "somebody has");
    }

    @Test
    void whatIsDeletedOnceMoreUnderANameBeginsAnew() {
        purges.keysAreVoid("shop", 0, 1_000);
        purges.begin(1_100);
        purges.ended("shop", 1_100, Outcome.NOTHING_LEFT, 1_110);
        purges.over("shop");
        purges.keysAreVoid("shop", 0, 1_120);
        assertEquals(List.of("shop"), purges.begin(1_120));
    }

    @Test
    void theEndOfAnAttemptThatAFailedKeeperLeftCountsNothing() {
        assertFalse(purges.ended("shop", 900, Outcome.NOTHING_LEFT, 1_000));
        purges.keysAreVoid("shop", 0, 1_000);
        purges.begin(1_200);
        assertFalse(purges.ended("shop", 900, Outcome.NOTHING_LEFT, 1_210));
        assertTrue(purges.ended("shop", 1_200, Outcome.NOTHING_LEFT, 1_220));
    }

    @Test
    void whatIsSaidTwiceBeginsOnce() {
        purges.keysAreVoid("shop", 0, 1_000);
        purges.keysAreVoid("shop", 0, 1_050);
        purges.begin(1_060);
        purges.ended("shop", 1_060, Outcome.NOTHING_LEFT, 1_070);
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
