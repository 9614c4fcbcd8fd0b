package io.lazuli.node;

import io.lazuli.fabric.account.Account;
import io.lazuli.fabric.account.AccountService;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The names of all accounts of the cloud, whose data may be there: configured ones, created ones, and those that are being deleted. An account
 * that is configured no more, or not in this mode, is no deleted one: its rows stay, so its name is kept in the data directory for good.
 */
final class AccountNames {

    private static final int PAGE = 1_000;

    private final Set<String> configured;
    private final AccountService created;

    /** @param directory where the names of configured accounts are kept from now on */
    AccountNames(Set<String> configuredNow, NodeDirectory directory, AccountService created) {
        TreeSet<String> ever = new TreeSet<>(directory.configuredAccounts());
        if (ever.addAll(configuredNow)) {
            directory.rememberConfiguredAccounts(ever);
        }
        this.configured = ever;
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
