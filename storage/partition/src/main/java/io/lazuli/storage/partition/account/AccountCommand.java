package io.lazuli.storage.partition.account;

/** Everything that an {@link AccountPartition} receives. */
public sealed interface AccountCommand permits AccountRequest, AccountCommand.Stop, AccountPartition.Internal {

    /** Of the shard: finish what is under way and stop. */
    enum Stop implements AccountCommand {
        STOP
    }
}
