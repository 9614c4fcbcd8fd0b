package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.model.ChunkRun;

/** Bytes that have been taken in and are about to become a blob's, or a part of one's. */
public sealed interface NewContent extends WireMessage {

    /** Contents up to this length travel and live with the rows. */
    int MAX_INLINE_BYTES = 32 << 10;

    long lengthBytes();

    /** 0 to {@link #MAX_INLINE_BYTES} bytes. */
    record Inline(byte[] bytes) implements NewContent {

        @Override
        public long lengthBytes() {
            return bytes.length;
        }
    }

    /** In the chunk store, on disk on a majority. */
    record Stored(ChunkRun run) implements NewContent {

        @Override
        public long lengthBytes() {
            return run.lengthBytes();
        }
    }
}
