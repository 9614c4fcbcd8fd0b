package io.lazuli.kernel.wire;

/** Marks what travels between nodes: Pekko hands such classes to the serializer of this package. */
public interface WireMessage {}
