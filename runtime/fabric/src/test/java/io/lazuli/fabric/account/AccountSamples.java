package io.lazuli.fabric.account;

import io.lazuli.fabric.account.AccountBookState.Decision;
import java.util.Random;

/** Accounts and books for tests. */
final class AccountSamples {

    static final AccountKey KEY_1 = key(1);
    static final AccountKey KEY_2 = key(2);
    static final AccountKey KEY_3 = key(3);

    private AccountSamples() {}

    static AccountKey key(long seed) {
        return AccountKey.random(new Random(seed));
    }

    static AccountRequest.Create create(String name) {
        return new AccountRequest.Create(name, KEY_1, KEY_2);
    }

    static AccountBookState with(AccountBookState book, AccountRequest... requests) {
        AccountBookState after = book;
        for (AccountRequest request : requests) {
            Decision decision = after.decide(request, 10_000, 7);
            after = after.apply(decision.event().orElseThrow(() -> new AssertionError(decision)));
        }
        return after;
    }

    static AccountBookState gone(AccountBookState book, String name) {
        return book.apply(new AccountEvent.Gone(name, 8));
    }

    static AccountBookState restored(AccountBookState book, String name) {
        return book.apply(new AccountEvent.DeletionRefused(name, 8));
    }
}
