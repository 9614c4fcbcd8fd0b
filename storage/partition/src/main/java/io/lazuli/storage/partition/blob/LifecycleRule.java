package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;
import java.util.List;

/**
 * What becomes of an account's blobs with age, without anybody asking. Source: "Configure a lifecycle management policy".
 *
 * @param prefixes beginnings of {@code container/blob}, one of which must match; none: all blobs
 * @param kinds of blobs that it is for
 * @param baseBlob, snapshot, version what becomes of current states, snapshots and former versions
 */
public record LifecycleRule(
        String name, boolean enabled, List<String> prefixes, List<BlobKind> kinds, Ages baseBlob, Ages snapshot, Ages version)
        implements WireMessage {

    /** How many an account can have. */
    public static final int MAX_RULES = 100;
    public static final int MAX_PREFIXES = 10;
    public static final int MAX_NAME_CHARS = 256;

    public LifecycleRule {
        prefixes = List.copyOf(prefixes);
        kinds = List.copyOf(kinds);
    }

    /** More than so many days after its last change (of a snapshot or version: after it was made); null: never. */
    public record Ages(Integer toCoolDays, Integer toColdDays, Integer toArchiveDays, Integer deleteDays) implements WireMessage {

        public static final Ages NEVER = new Ages(null, null, null, null);
    }
}
