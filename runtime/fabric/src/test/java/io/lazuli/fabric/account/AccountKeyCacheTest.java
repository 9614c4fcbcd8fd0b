package io.lazuli.fabric.account;

import static io.lazuli.fabric.account.AccountSamples.create;
import static io.lazuli.fabric.account.AccountSamples.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.kernel.ManualClock;
import io.lazuli.security.KeysUnknownException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountKeyCacheTest {

    private final ManualClock clock = new ManualClock(1_000);
    private final AccountKeyCache cache = new AccountKeyCache(clock, Duration.ofSeconds(60));
    private final AccountBookState book = with(AccountBookState.empty(), create("shop"));

    @Test
    void nothingIsKnownBeforeItIsFilled() {
        assertThrows(KeysUnknownException.class, () -> cache.keysOf("shop"));
        cache.honour(book.accounts());
        assertThrows(KeysUnknownException.class, () -> cache.keysOf("shop"));
        cache.wasRightAt(clock.nanos());
        assertEquals(2, cache.keysOf("shop").size());
        assertEquals(List.of(), cache.keysOf("other"));
    }

    @Test
    void whatWasNotConfirmedForItsLeaseIsKnownNoMore() {
        cache.honour(book.accounts());
        cache.wasRightAt(clock.nanos());
        clock.advanceMillis(60_000);
        assertEquals(2, cache.keysOf("shop").size());
        clock.advanceMillis(1);
        assertThrows(KeysUnknownException.class, () -> cache.keysOf("shop"));
        cache.wasRightAt(clock.nanos());
        assertEquals(2, cache.keysOf("shop").size());
    }

    @Test
    void anAnswerToAnOldQuestionProlongsNothing() {
        long asked = clock.nanos();
        clock.advanceMillis(50_000);
        cache.wasRightAt(clock.nanos());
        cache.wasRightAt(asked);
        clock.advanceMillis(59_000);
        assertEquals(List.of(), cache.keysOf("shop"));
    }

    @Test
    void keysThatAreNotRolledStayTheSameObjects() {
        cache.honour(book.accounts());
        cache.wasRightAt(clock.nanos());
        var before = cache.keysOf("shop");
        cache.honour(with(book, create("other")).accounts());
        assertSame(before, cache.keysOf("shop"));
        cache.honour(with(book, new AccountRequest.RollKey("shop", 1, AccountSamples.KEY_3)).accounts());
        assertNotSame(before.getFirst(), cache.keysOf("shop").getFirst());
        assertSame(before.getLast(), cache.keysOf("shop").getLast(), "requests that this one signed may be under way");
    }
}
