package io.lazuli.host;

import io.lazuli.kernel.wire.WireMessage;

/**
 * What a node tells of one instance it runs.
 *
 * @param restartCount restarts since it was first started on this node
 * @param sinceMillis when it entered {@code state}, epoch milliseconds
 * @param lastError one line, empty if there was none
 * @param pid the process its code runs in
 */
public record InstanceStatus(
        InstanceKey key, long generation, InstanceState state, int restartCount, long sinceMillis, String lastError, long pid)
        implements WireMessage {}
