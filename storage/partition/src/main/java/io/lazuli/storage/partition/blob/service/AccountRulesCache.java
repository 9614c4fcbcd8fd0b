package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.blob.AccountRules;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/** What accounts' settings say about changes, as read some seconds ago at most. Bounded: when it is full it is emptied. Any thread. */
final class AccountRulesCache {

    private static final int MAX_ACCOUNTS = 10_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private record Known(AccountRules rules, long readNanos) {}

    private final Function<String, CompletionStage<ServiceProperties>> reader;
    private final long maxAgeNanos;
    private final Clock clock;
    private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();

    AccountRulesCache(Function<String, CompletionStage<ServiceProperties>> reader, long maxAgeMillis, Clock clock) {
        this.reader = reader;
        this.maxAgeNanos = maxAgeMillis * NANOS_PER_MILLI;
        this.clock = clock;
    }

    CompletionStage<AccountRules> get(String account) {
        long now = clock.nanos();
        Known last = known.get(account);
        if (last != null && now - last.readNanos < maxAgeNanos) {
            return CompletableFuture.completedStage(last.rules);
        }
        return reader.apply(account).thenApply(properties -> {
            if (known.size() >= MAX_ACCOUNTS) {
                known.clear();
            }
            AccountRules rules = new AccountRules(properties.blobs().versioning(), properties.blobs().deleteRetentionDays());
            known.put(account, new Known(rules, now));
            return rules;
        });
    }

    void forget(String account) {
        known.remove(account);
    }
}
