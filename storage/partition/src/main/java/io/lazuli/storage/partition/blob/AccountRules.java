package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.partition.ServiceProperties;

/**
 * What the account's settings say about changes, as known to the front end that sends one (at most some seconds old).
 *
 * @param versioning whether the former state is kept as a version
 * @param deleteRetentionDays for how long what is deleted or overwritten can be had back, 0 if not at all
 */
public record AccountRules(boolean versioning, int deleteRetentionDays) implements WireMessage {

    public static final AccountRules NONE = new AccountRules(false, 0);

    public static AccountRules of(ServiceProperties properties) {
        return new AccountRules(properties.blobs().versioning(), properties.blobs().deleteRetentionDays());
    }
}
