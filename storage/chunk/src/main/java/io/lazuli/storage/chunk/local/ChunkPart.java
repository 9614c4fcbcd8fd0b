package io.lazuli.storage.chunk.local;

import io.lazuli.storage.chunk.ChunkBuffer;

/**
 * Whole slices of a chunk, verified when they left the disk. Whoever reads asks for bytes within them, verifies again and cuts off the rest.
 *
 * @param offset where in the chunk the bytes begin, a multiple of {@link io.lazuli.storage.chunk.Slices#BYTES}
 * @param buffer position 0 to limit; the receiver's to release
 * @param checksums of these slices
 * @param chunkBytes length of the whole chunk
 */
public record ChunkPart(int offset, ChunkBuffer buffer, int[] checksums, int chunkBytes) {}
