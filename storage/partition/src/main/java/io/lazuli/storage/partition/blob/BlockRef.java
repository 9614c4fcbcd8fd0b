package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.model.ChunkRun;

/** @param id 1 to 64 bytes, decoded; empty for the one block of a blob that was put whole, and for those of an append blob */
public record BlockRef(byte[] id, ChunkRun run) implements WireMessage {}
