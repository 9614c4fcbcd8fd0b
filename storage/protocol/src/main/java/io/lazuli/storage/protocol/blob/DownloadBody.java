package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.partition.blob.BlobService.Download;
import io.lazuli.storage.protocol.http.ReplyBody;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** A blob's bytes as an answer's body. */
record DownloadBody(Download download) implements ReplyBody {

    private record BufferPart(ChunkBuffer buffer) implements Part {

        @Override
        public ByteBuffer bytes() {
            return buffer.bytes();
        }

        @Override
        public void release() {
            buffer.release();
        }
    }

    @Override
    public CompletionStage<Part> next() {
        return download.next().thenApply(buffer -> buffer == null ? null : new BufferPart(buffer));
    }

    @Override
    public void close() {
        download.close();
    }
}
