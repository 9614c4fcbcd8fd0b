package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;

/**
 * Which of a blob's states is meant: the current one, a snapshot or a version. Ticks as in {@link io.lazuli.storage.partition.table.Ticks},
 * written as {@code 2026-11-23T10:14:37.1234567Z}.
 *
 * @param name 1 to 1,024 characters, no NUL
 * @param snapshotTicks of the snapshot, 0 if none is meant
 * @param versionTicks of the version (which may be the current one), 0 if none is meant; never together with a snapshot
 */
public record BlobTarget(String name, long snapshotTicks, long versionTicks) implements WireMessage {

    public BlobTarget(String name) {
        this(name, 0, 0);
    }

    public boolean isCurrent() {
        return snapshotTicks == 0 && versionTicks == 0;
    }
}
