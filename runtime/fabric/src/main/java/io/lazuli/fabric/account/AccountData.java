package io.lazuli.fabric.account;

import java.util.concurrent.CompletionStage;

/** What storage keeps of an account; the node module provides it. */
@FunctionalInterface
public interface AccountData {

    /**
     * Deletes everything that storage keeps of the account and completes when a look at it finds nothing. May be begun anew
     * whatever became of the attempt before.
     */
    CompletionStage<Void> purge(String account);
}
