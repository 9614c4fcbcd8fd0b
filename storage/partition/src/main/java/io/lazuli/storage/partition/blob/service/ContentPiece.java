package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.ChunkRun;

/** A stretch of a blob's content and where its bytes are. */
sealed interface ContentPiece {

    long lengthBytes();

    /** Bytes of a run from {@code offset} on. */
    record Stored(ChunkRun run, long offset, long lengthBytes) implements ContentPiece {

        public Stored {
            if (offset < 0 || lengthBytes < 1 || offset + lengthBytes > run.lengthBytes()) {
                throw new IllegalArgumentException(lengthBytes + " bytes at " + offset + " of " + run);
            }
        }
    }

    /** Bytes at hand, all of them. */
    record Held(byte[] bytes) implements ContentPiece {

        @Override
        public long lengthBytes() {
            return bytes.length;
        }
    }

    /** Nobody ever wrote there. */
    record Zeroes(long lengthBytes) implements ContentPiece {}
}
