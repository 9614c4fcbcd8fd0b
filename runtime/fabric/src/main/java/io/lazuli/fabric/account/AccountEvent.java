package io.lazuli.fabric.account;

import io.lazuli.fabric.durable.DurableRecord;

/** What happened to the cloud's accounts; kept in the journal for as long as the cloud lives. */
public sealed interface AccountEvent extends DurableRecord {

    record Created(String name, AccountKey key1, AccountKey key2, long atMillis) implements AccountEvent {}

    /** @param number of the key that was replaced, 1 or 2 */
    record KeyRolled(String name, int number, AccountKey key, long atMillis) implements AccountEvent {}

    record DeletionRequested(String name, long atMillis) implements AccountEvent {}

    /** Storage may not delete everything of the account: it is as it was before. */
    record DeletionRefused(String name, long atMillis) implements AccountEvent {}

    /** Nothing is left of the account; its name is free. */
    record Gone(String name, long atMillis) implements AccountEvent {}

    /** A keeper has started, or has made sure that it is still the one. @param epoch greater than every one before */
    record EpochRaised(long epoch) implements AccountEvent {}
}
