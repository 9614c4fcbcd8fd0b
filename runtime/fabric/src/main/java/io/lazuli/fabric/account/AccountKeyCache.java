package io.lazuli.fabric.account;

import io.lazuli.kernel.Clock;
import io.lazuli.security.AccountKeys;
import io.lazuli.security.KeysUnknownException;
import io.lazuli.security.SigningKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys of all accounts, in the memory of an edge node: read by event loops, written by the {@link AccountKeyFeed}. Knows
 * nothing until it has been filled once, nor when it was last right longer ago than the lease.
 */
public final class AccountKeyCache implements AccountKeys {

    private record Entry(Account account, List<SigningKey> keys) {}

    private final Clock clock;
    private final long leaseNanos;
    private volatile Map<String, Entry> entries = Map.of();
    private volatile boolean filled;
    private volatile long rightAtNanos;

    public AccountKeyCache(Clock clock, Duration lease) {
        this.clock = clock;
        this.leaseNanos = lease.toNanos();
    }

    @Override
    public List<SigningKey> keysOf(String account) {
        if (!isRight()) {
            throw new KeysUnknownException("the cloud's accounts are not known here at this moment");
        }
        Entry entry = entries.get(account);
        return entry == null ? List.of() : entry.keys();
    }

    /** Whether it can say of every name whether there is such an account. */
    public boolean isRight() {
        return filled && clock.nanos() - rightAtNanos <= leaseNanos;
    }

    /** From one thread at a time. @param accounts all that may sign, by name */
    void honour(Map<String, Account> accounts) {
        Map<String, Entry> before = entries;
        Map<String, Entry> after = HashMap.newHashMap(accounts.size());
        accounts.forEach((name, account) -> {
            Entry known = before.get(name);
            after.put(name, known != null && known.account().equals(account) ? known : new Entry(account, List.of(
                    signingKey(known, account, 1), signingKey(known, account, 2))));
        });
        entries = after;
    }

    /** The one that is known, if the key is the same: whoever remembers which key signed compares by identity. */
    private static SigningKey signingKey(Entry known, Account account, int number) {
        AccountKey key = account.key(number);
        return known != null && known.account().key(number).equals(key) ? known.keys().get(number - 1) : SigningKey.ofBase64(key.base64());
    }

    /** From one thread at a time. What is honoured was all there was at this time of the clock. */
    void wasRightAt(long nanos) {
        if (!filled || nanos - rightAtNanos > 0) {
            rightAtNanos = nanos;
            filled = true;
        }
    }
}
