package io.lazuli.admin;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What an account's owner sets for its blobs beside the blob service's own protocol; the node module provides it. Stages fail with
 * {@link AdminException}. A change is durable when it is answered and followed by all front ends within seconds.
 */
public interface BlobSettingsOperations {

    /** The longest time for which deleted containers can be kept. */
    int MAX_CONTAINER_RETENTION_DAYS = 365;

    CompletionStage<BlobSettings> blobSettings(String account);

    /** Changes what is given. */
    CompletionStage<BlobSettings> setBlobSettings(String account, Optional<Boolean> versioning, Optional<Integer> containerRetentionDays);

    /** The rules for what becomes of blobs with age, as a management policy in JSON; without rules if there is none. */
    CompletionStage<String> lifecycle(String account);

    /**
     * Replaces them. Answered with what is kept.
     *
     * @param policy a management policy in JSON; InvalidLifecyclePolicy (400) tells what in it is not understood
     */
    CompletionStage<String> setLifecycle(String account, byte[] policy);

    CompletionStage<String> clearLifecycle(String account);

    /**
     * @param versioning whether former states of blobs are kept as versions
     * @param containerRetentionDays for how long deleted containers can be had back, 0 if not at all
     */
    record BlobSettings(boolean versioning, int containerRetentionDays) {}
}
