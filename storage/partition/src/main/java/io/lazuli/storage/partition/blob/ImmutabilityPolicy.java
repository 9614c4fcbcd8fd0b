package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;

/** Until when a blob's state may be neither changed nor deleted. An unlocked policy may be shortened or taken away, a locked one only extended. */
public record ImmutabilityPolicy(long untilMillis, boolean locked) implements WireMessage {}
