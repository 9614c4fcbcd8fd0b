package io.lazuli.storage.partition.blob.service;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** All containers of an account by the numbers that their ranges are kept under, those deleted softly included: a container keeps its number for life. */
public interface ContainerNumbers {

    /**
     * Names of accounts with containers, deleted ones included, in the order of their names behind {@code account}; none if there are no more.
     * As the rows say, so whether or not anybody knows the account.
     */
    CompletionStage<List<String>> accounts(String account);

    /** The lowest one above {@code number}; those that are created later are above it. */
    CompletionStage<Optional<Long>> above(String account, long number);

    /** Fails with ServerBusy if a range is not there for long. */
    ContainerRanges ranges(String account, long number);
}
