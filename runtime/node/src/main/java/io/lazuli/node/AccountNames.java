package io.lazuli.node;

import io.lazuli.fabric.account.Account;
import io.lazuli.fabric.account.AccountService;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The names of all accounts of the cloud, whose data may be there: configured ones, created ones, and those that are being deleted. Keeps nothing. */
final class AccountNames {

    private static final int PAGE = 1_000;

    private final Set<String> configured;
    private final AccountService created;

    AccountNames(Set<String> configured, AccountService created) {
        this.configured = configured;
        this.created = created;
    }

    /** Fails unless all are known. */
    CompletionStage<Set<String>> all() {
        return from("", new HashSet<>(configured));
    }

    private CompletionStage<Set<String>> from(String name, Set<String> found) {
        return created.list(name, PAGE).thenCompose(page -> {
            page.accounts().stream().map(Account::name).forEach(found::add);
            return page.next().isEmpty() ? CompletableFuture.completedStage(found) : from(page.next().get(), found);
        });
    }
}
