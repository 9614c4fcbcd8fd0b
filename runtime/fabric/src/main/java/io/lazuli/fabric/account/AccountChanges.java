package io.lazuli.fabric.account;

import java.util.List;

/**
 * What became of accounts between two versions of the book, as they are at its end.
 *
 * @param fromVersion 0 if it starts at nothing: then, when it is complete, there are no accounts but these
 * @param toVersion lower than {@code currentVersion} if more follows
 */
public record AccountChanges(long fromVersion, long toVersion, long currentVersion, List<Account> accounts) {

    public AccountChanges {
        accounts = List.copyOf(accounts);
    }
}
