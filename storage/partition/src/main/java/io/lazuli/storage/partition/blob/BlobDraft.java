package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;
import java.util.Map;

/**
 * What is said of a blob by whoever writes it whole.
 *
 * @param metadata in the case in which it was given; names compare without it
 * @param tags null if none were said
 * @param tier null for the account's default, which is Hot
 * @param immutability null if none was said
 */
public record BlobDraft(
        BlobHeaders headers, Map<String, String> metadata, Map<String, String> tags, AccessTier tier, ImmutabilityPolicy immutability,
        boolean legalHold) implements WireMessage {

    /** Whether the blob is to be immutable from the beginning. */
    public boolean protects() {
        return immutability != null || legalHold;
    }
}
