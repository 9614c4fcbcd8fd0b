package io.lazuli.fabric.account;

import io.lazuli.fabric.account.Account.Phase;
import java.util.Map;
import java.util.TreeMap;

/**
 * The accounts as one node has heard of them, page by page. Changes are honoured as they come; when it has to start at
 * nothing, what it had before is honoured until it is complete anew. Bounded by the book.
 */
final class AccountCopy {

    private Map<String, Account> honoured = new TreeMap<>();
    /** Null unless it has started at nothing. */
    private Map<String, Account> fresh;
    private AccountsKnown known = AccountsKnown.NOTHING;

    AccountsKnown known() {
        return known;
    }

    /** Those that may sign, by name; not to be changed. */
    Map<String, Account> honoured() {
        return honoured;
    }

    /**
     * A page that does not follow on what is known, or says less, changes nothing; nor does one of a book that was older than the base, which is no
     * earlier than what is complete: accounts that vanished until then would come back with it, and nobody would be told again.
     */
    void apply(AccountChanges changes) {
        if (changes.currentVersion() < known.base()) {
            return;
        }
        if (changes.fromVersion() == 0) {
            fresh = new TreeMap<>();
            known = new AccountsKnown(known.complete(), 0, changes.currentVersion());
        } else if (changes.fromVersion() > known.position() || changes.toVersion() < known.position()) {
            return;
        }
        Map<String, Account> accounts = fresh == null ? honoured : fresh;
        for (Account account : changes.accounts()) {
            if (account.changedAtVersion() <= known.position()) {
                continue;
            }
            if (account.phase() == Phase.ACTIVE) {
                accounts.put(account.name(), account);
            } else {
                accounts.remove(account.name());
            }
        }
        known = new AccountsKnown(known.complete(), changes.toVersion(), known.base());
        if (changes.toVersion() == changes.currentVersion()) {
            honoured = accounts;
            fresh = null;
            known = new AccountsKnown(known.position(), known.position(), known.position());
        }
    }
}
