package io.lazuli.fabric.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PurgesTest {

    private final Purges purges = new Purges(100, 10);

    @Test
    void nothingIsTouchedWhileARequestMayStillBeUnderWay() {
        purges.keysAreVoid("shop", 1, 0, 1_000);
        assertEquals(List.of(), purges.begin(1_099));
        assertEquals(List.of("shop"), purges.begin(1_100));
        assertEquals(List.of(), purges.begin(1_101), "it runs");
        assertTrue(purges.ended("shop", 1_100, false, 1_110));
    }

    @Test
    void nothingIsTouchedWhileSomebodyMayHonourTheKeys() {
        purges.keysAreVoid("shop", 1, 3_000, 1_000);
        assertEquals(List.of(), purges.begin(3_099));
        assertEquals(List.of("shop"), purges.begin(3_100));
        assertTrue(purges.ended("shop", 3_100, false, 3_110));
    }

    @Test
    void aFailedAttemptIsMadeAgainALittleLater() {
        purges.keysAreVoid("shop", 1, 0, 1_000);
        purges.begin(1_200);
        assertFalse(purges.ended("shop", 1_200, true, 1_300));
        assertEquals(List.of(), purges.begin(1_309));
        assertEquals(List.of("shop"), purges.begin(1_310));
    }

    @Test
    void nothingIsDeletedUnderANameThatIsBeingFreed() {
        purges.keysAreVoid("shop", 1, 0, 1_000);
        purges.begin(1_100);
        assertTrue(purges.ended("shop", 1_100, false, 1_110));
        assertEquals(List.of(), purges.begin(9_000), "somebody may have the name by now");
        purges.perhapsOver("shop", 9_000);
        purges.keepOnly(Map.of("other", 1L));
        assertEquals(List.of(), purges.begin(10_000), "somebody has");
    }

    @Test
    void whatIsDeletedOnceMoreUnderANameBeginsAnew() {
        purges.keysAreVoid("shop", 1, 0, 1_000);
        purges.begin(1_100);
        purges.ended("shop", 1_100, false, 1_110);
        purges.over("shop");
        purges.keysAreVoid("shop", 3, 0, 1_120);
        assertEquals(List.of(), purges.begin(1_219));
        assertEquals(List.of("shop"), purges.begin(1_220));
    }

    @Test
    void whatIsDeletedOnceMoreBeginsAnewAlsoIfTheEndOfTheFirstDeletionWasNotHeard() {
        purges.keysAreVoid("shop", 1, 0, 1_000);
        purges.begin(1_100);
        purges.ended("shop", 1_100, false, 1_110);
        purges.perhapsOver("shop", 5_000);
        purges.keepOnly(Map.of("shop", 3L));
        assertEquals(List.of(), purges.begin(6_000), "its keys are not void again");
        purges.keysAreVoid("shop", 3, 0, 6_000);
        assertEquals(List.of("shop"), purges.begin(6_100));
    }

    @Test
    void theEndOfAnAttemptThatAFailedKeeperLeftCountsNothing() {
        assertFalse(purges.ended("shop", 900, false, 1_000));
        purges.keysAreVoid("shop", 1, 0, 1_000);
        purges.begin(1_200);
        assertFalse(purges.ended("shop", 900, false, 1_210));
        assertTrue(purges.ended("shop", 1_200, false, 1_220));
    }

    @Test
    void whatIsSaidTwiceBeginsOnce() {
        purges.keysAreVoid("shop", 1, 0, 1_000);
        purges.keepOnly(Map.of("shop", 1L));
        purges.keysAreVoid("shop", 1, 0, 1_050);
        assertEquals(List.of("shop"), purges.begin(1_100), "the first void counts");
    }

    @Test
    void onlySomeAreDeletedAtATime() {
        for (int i = 0; i < 2 * Purges.MAX_RUNNING; i++) {
            purges.keysAreVoid("shop" + i, 1, 0, 1_000);
        }
        assertEquals(Purges.MAX_RUNNING, purges.begin(1_100).size());
        assertEquals(List.of(), purges.begin(1_100));
    }
}
