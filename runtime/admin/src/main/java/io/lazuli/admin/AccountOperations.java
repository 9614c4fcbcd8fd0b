package io.lazuli.admin;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The cloud's storage accounts; the node module provides it. Names are validated by the caller. Stages fail with
 * {@link AdminException} or {@link io.lazuli.fabric.FabricException}. A change is durable when it is answered.
 */
public interface AccountOperations {

    /** Accounts in the order of their names, from {@code marker} (empty: the first) on. */
    CompletionStage<AccountPage> list(String marker, int maxResults);

    /** Makes an account with two new keys; its name must be free. */
    CompletionStage<AccountChange> create(String account);

    CompletionStage<Keys> keys(String account);

    /** Replaces key 1 or 2, which is good for nothing any more. */
    CompletionStage<AccountChange> rollKey(String account, int number);

    /**
     * Refused while a container of it holds an immutable blob. Otherwise makes the account's keys void, then deletes all that storage keeps of it;
     * until that is done its name is not free. If something is immutable by then nothing is deleted, and the account is active again.
     */
    CompletionStage<AccountChange> delete(String account);

    /** @param nextMarker where the next page starts */
    record AccountPage(List<AccountInfo> accounts, Optional<String> nextMarker) {
        public AccountPage {
            accounts = List.copyOf(accounts);
        }
    }

    /**
     * @param createdAtMillis 0 if it is in the nodes' configuration
     * @param state {@code active}, {@code deleting} or {@code configured}: the last is in the nodes' configuration and changed only there
     */
    record AccountInfo(String name, long createdAtMillis, String state) {}

    /** @param key1 Base64, so also {@code key2}, which a configured account may lack */
    record Keys(String account, String key1, Optional<String> key2) {

        /** Without the keys. */
        @Override
        public String toString() {
            return "Keys[" + account + "]";
        }
    }

    /** @param unconfirmedNodes edge nodes that could not be reached and may go by what was before for up to the lease */
    record AccountChange(AccountInfo account, Set<String> unconfirmedNodes) {
        public AccountChange {
            unconfirmedNodes = Set.copyOf(unconfirmedNodes);
        }
    }
}
