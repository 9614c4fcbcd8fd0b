package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;

/**
 * The blob of this cloud that a background copy reads, kept with its destination while the copy is pending, so that any node can go on with it.
 *
 * @param etag of the state that is copied, and no other
 */
public record CopyOrigin(String account, String container, BlobTarget target, String etag) implements WireMessage {}
