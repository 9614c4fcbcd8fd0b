package io.lazuli.fabric.account;

import io.lazuli.fabric.account.AccountReply.Changed;
import io.lazuli.fabric.account.AccountReply.Listed;
import java.util.concurrent.CompletionStage;

/**
 * The accounts that are created at run time. Stages fail with {@link io.lazuli.fabric.FabricException}. A change is durable
 * when it is answered, and known to every edge node except those that the answer names.
 */
public interface AccountService {

    /** Accounts in the order of their names, from {@code fromName} (empty: the first) on. */
    CompletionStage<Listed> list(String fromName, int maxAccounts);

    CompletionStage<Account> get(String name);

    /** Makes an account with two new keys. */
    CompletionStage<Changed> create(String name);

    /** Gives the account a new key in the place of key 1 or 2, which is good for nothing any more. */
    CompletionStage<Changed> rollKey(String name, int number);

    /** Makes the account's keys void, then deletes its data; until they are gone the account is DELETING. */
    CompletionStage<Changed> delete(String name);
}
