package io.lazuli.fabric.account;

import static io.lazuli.fabric.account.AccountSamples.KEY_3;
import static io.lazuli.fabric.account.AccountSamples.create;
import static io.lazuli.fabric.account.AccountSamples.gone;
import static io.lazuli.fabric.account.AccountSamples.key;
import static io.lazuli.fabric.account.AccountSamples.restored;
import static io.lazuli.fabric.account.AccountSamples.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.fabric.account.Account.Phase;
import io.lazuli.fabric.account.AccountRequest.Create;
import io.lazuli.fabric.account.AccountRequest.Delete;
import io.lazuli.fabric.account.AccountRequest.RollKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A copy that asks the book for what is new ends with the book's accounts, whatever was lost, repeated or overtaken. */
class AccountCopyTest {

    private static final int PAGE = 2;

    private final AccountCopy copy = new AccountCopy();

    @Test
    void anEmptyBookIsCompleteAtOnce() {
        tell(AccountBookState.empty());
        assertEquals(new AccountsKnown(0, 0, 0), copy.known());
    }

    @Test
    void nothingIsCompleteBeforeTheLastPage() {
        AccountBookState book = with(AccountBookState.empty(), create("one"), create("two"), create("three"));
        tell(book);
        assertEquals(-1, copy.known().complete());
        tell(book);
        assertEquals(3, copy.known().complete());
        assertEquals(Set.of("one", "two", "three"), copy.honoured().keySet());
    }

    @Test
    void aDeletedAccountIsHonouredNoMore() {
        AccountBookState book = with(AccountBookState.empty(), create("one"), create("two"));
        follow(book);
        follow(with(book, new Delete("one")));
        assertEquals(Set.of("two"), copy.honoured().keySet());
    }

    @Test
    void anAccountWhoseDeletionWasRefusedIsHonouredAgain() {
        AccountBookState book = with(AccountBookState.empty(), create("one"), create("two"));
        follow(book);
        AccountBookState deleting = with(book, new Delete("one"));
        follow(deleting);
        AccountBookState restored = restored(deleting, "one");
        follow(restored);
        assertEquals(active(restored), copy.honoured());
        assertEquals(Set.of("one", "two"), copy.honoured().keySet());
    }

    @Test
    void whoMissedADeletionStartsAnewAndHonoursWhatItHadUntilItIsComplete() {
        AccountBookState book = with(AccountBookState.empty(), create("one"), create("two"), create("three"));
        follow(book);
        AccountBookState later = gone(with(book, new Delete("one")), "one");
        later = with(later, new RollKey("two", 1, KEY_3), create("four"));
        tell(later);
        assertEquals(Set.of("one", "two", "three"), copy.honoured().keySet());
        assertEquals(3, copy.known().complete());
        follow(later);
        assertEquals(active(later), copy.honoured());
    }

    @Test
    void anOldPageBringsNothingBack() {
        AccountBookState book = with(AccountBookState.empty(), create("one"));
        follow(book);
        AccountChanges old = with(book, new RollKey("one", 1, key(9))).since(copy.known(), PAGE);
        AccountBookState now = with(book, new Delete("one"));
        follow(now);
        follow(gone(now, "one"));
        copy.apply(new AccountChanges(5, 9, 9, old.accounts()));
        assertEquals(Map.of(), copy.honoured(), "a page after a gap");
    }

    @Test
    void anOvertakenPageBringsNoDeletedAccountBack() {
        AccountBookState book = with(AccountBookState.empty(), create("one"), create("two"), create("three"), create("four"));
        AccountChanges overtaken = book.since(copy.known(), 3);
        AccountBookState later = gone(with(book, new Delete("three")), "three");
        tell(later);
        AccountChanges next = later.since(copy.known(), PAGE);
        copy.apply(overtaken);
        copy.apply(next);
        follow(later);
        assertEquals(active(later), copy.honoured());
    }

    /** With which a page that had been overtaken brought a deleted account back. */
    @Test
    void everyHistoryEndsWithTheAccountsOfTheBookAsItOnceDidNot() {
        everyHistoryEndsWithTheAccountsOfTheBook(-6571724611888178642L, false);
    }

    @Test
    void everyHistoryEndsWithTheAccountsOfTheBook() {
        everyHistoryEndsWithTheAccountsOfTheBook(new Random().nextLong(), true);
    }

    private static void everyHistoryEndsWithTheAccountsOfTheBook(long seed, boolean someAreRestored) {
        System.out.println("everyHistoryEndsWithTheAccountsOfTheBook seed " + seed);
        Random random = new Random(seed);
        for (int history = 0; history < 200; history++) {
            AccountCopy one = new AccountCopy();
            AccountBookState book = AccountBookState.empty();
            List<AccountChanges> underWay = new ArrayList<>();
            for (int step = 0; step < 100; step++) {
                switch (random.nextInt(5)) {
                    case 0, 1 -> book = changed(book, random, someAreRestored);
                    case 2, 3 -> underWay.add(book.since(one.known(), PAGE));
                    default -> {
                        if (!underWay.isEmpty()) {
                            one.apply(underWay.remove(random.nextInt(underWay.size())));
                        }
                    }
                }
            }
            underWay.forEach(one::apply);
            for (int page = 0; one.known().complete() < book.version(); page++) {
                assertTrue(page < 50, "does not end: " + one.known());
                one.apply(book.since(one.known(), PAGE));
            }
            assertEquals(active(book), one.honoured());
        }
    }

    private static AccountBookState changed(AccountBookState book, Random random, boolean someAreRestored) {
        String name = "name" + random.nextInt(6);
        Account account = book.accounts().get(name);
        if (account == null) {
            return with(book, new Create(name, key(random.nextInt()), key(random.nextInt())));
        }
        if (account.phase() == Phase.DELETING) {
            return someAreRestored && random.nextBoolean() ? restored(book, name) : gone(book, name);
        }
        return with(book, random.nextBoolean() ? new Delete(name) : new RollKey(name, 1 + random.nextInt(2), key(random.nextInt())));
    }

    private void tell(AccountBookState book) {
        copy.apply(book.since(copy.known(), PAGE));
    }

    private void follow(AccountBookState book) {
        while (copy.known().complete() < book.version()) {
            tell(book);
        }
    }

    private static Map<String, Account> active(AccountBookState book) {
        Map<String, Account> active = new TreeMap<>(book.accounts());
        active.values().removeIf(account -> account.phase() == Phase.DELETING);
        return active;
    }
}
