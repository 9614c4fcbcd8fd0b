package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;

/**
 * Who makes a pending copy. Only the latest attempt may change anything of it: whoever takes a copy up ends the attempt before, be its
 * node alive or not.
 *
 * @param number 0 for whoever began the copy
 */
public record CopyAttempt(String copyId, int number) implements WireMessage {}
