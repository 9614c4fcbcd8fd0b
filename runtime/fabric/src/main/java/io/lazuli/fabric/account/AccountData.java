package io.lazuli.fabric.account;

import java.util.concurrent.CompletionStage;

/** What storage keeps of an account; the node module provides it. */
@FunctionalInterface
public interface AccountData {

    /**
     * Deletes everything that storage keeps of the account and completes, in whatever time it takes, when a look at it finds nothing.
     * Is begun anew after an attempt that failed, also if that was another node's and is still under way. Nobody has access to the account. Fails
     * with {@link DataRetainedException}, having deleted nothing, if something may not be deleted.
     */
    CompletionStage<Void> purge(String account);
}
