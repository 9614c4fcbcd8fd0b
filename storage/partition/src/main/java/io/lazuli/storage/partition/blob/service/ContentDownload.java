package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.chunk.ChunkStore;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobService.Download;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes on their way out, in order. While the receiver is busy with one buffer the next ones are read, {@value #MAX_AHEAD_BYTES} bytes
 * ahead at most. What the chunk store gives must be exactly as long as the rows say; otherwise the download fails.
 */
final class ContentDownload implements Download {

    private static final Logger LOG = LoggerFactory.getLogger(ContentDownload.class);
    /** What is read at a time: long enough that reading it costs little, short enough that a client that is slow to take it holds little memory. */
    static final int PART_BYTES = 256 << 10;
    private static final long MAX_AHEAD_BYTES = PART_BYTES;
    private static final int MAX_AHEAD_READS = 16;

    private record Read(CompletableFuture<ChunkBuffer> buffer, long lengthBytes) {}

    private final ChunkStore chunks;
    private final ContentSource source;
    private final long end;

    /** Of the first byte that no read was begun for. */
    private long offset;
    /** Those from {@link #offset} on that are known, the first one from its byte {@code pieceOffset} on. */
    private final ArrayDeque<ContentPiece> pieces = new ArrayDeque<>();
    private long pieceOffset;
    private final ArrayDeque<Read> ahead = new ArrayDeque<>();
    private long aheadBytes;
    private boolean closed;

    ContentDownload(ChunkStore chunks, ContentSource source, long offset, long lengthBytes) {
        this.chunks = chunks;
        this.source = source;
        this.offset = offset;
        this.end = offset + lengthBytes;
    }

    @Override
    public CompletionStage<ChunkBuffer> next() {
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedStage(new IllegalStateException("a download was closed"));
            }
            if (ahead.isEmpty()) {
                if (offset == end) {
                    return CompletableFuture.completedStage(null);
                }
                if (!pieces.isEmpty()) {
                    readAhead();
                }
            }
            Read first = ahead.poll();
            if (first != null) {
                aheadBytes -= first.lengthBytes;
                while (offset < end && !pieces.isEmpty() && aheadBytes < MAX_AHEAD_BYTES && ahead.size() < MAX_AHEAD_READS) {
                    readAhead();
                }
                return first.buffer;
            }
        }
        return source.from(offset, end).thenCompose(this::goOn);
    }

    private CompletionStage<ChunkBuffer> goOn(List<ContentPiece> found) {
        if (found.isEmpty()) {
            LOG.error("the rows of a blob tell nothing about its bytes from {} on, up to {}", offset, end);
            return CompletableFuture.failedStage(new StorageException(StorageErrorCode.INTERNAL_ERROR));
        }
        synchronized (this) {
            pieces.addAll(found);
        }
        return next();
    }

    /** Begins to read what comes next: to the end of a piece, a part of a chunk, or the download. */
    private void readAhead() {
        ContentPiece piece = pieces.peek();
        long wanted = Math.min(piece.lengthBytes() - pieceOffset, end - offset);
        Read read = switch (piece) {
            case ContentPiece.Held held -> new Read(
                    CompletableFuture.completedFuture(HeapChunk.of(held.bytes(), (int) pieceOffset, (int) wanted)), wanted);
            case ContentPiece.Zeroes zeroes -> {
                HeapChunk some = HeapChunk.zeroes(wanted);
                yield new Read(CompletableFuture.completedFuture(some), some.bytes().remaining());
            }
            case ContentPiece.Stored stored -> stored(stored.run(), stored.offset() + pieceOffset, wanted);
        };
        ahead.add(read);
        aheadBytes += read.lengthBytes;
        offset += read.lengthBytes;
        pieceOffset += read.lengthBytes;
        if (pieceOffset == piece.lengthBytes()) {
            pieces.remove();
            pieceOffset = 0;
        }
    }

    private Read stored(ChunkRun run, long from, long wanted) {
        int length = (int) Math.min(wanted, PART_BYTES - from % PART_BYTES);
        return new Read(chunks.read(run, from, length).thenApply(buffer -> {
            int found = buffer.bytes().remaining();
            if (found != length) {
                buffer.release();
                LOG.error("{} bytes at {} of {} were {}", length, from, run, found);
                throw new StorageException(StorageErrorCode.INTERNAL_ERROR);
            }
            return (ChunkBuffer) buffer;
        }).toCompletableFuture(), length);
    }

    @Override
    public void close() {
        List<Read> unwanted;
        synchronized (this) {
            closed = true;
            unwanted = List.copyOf(ahead);
            ahead.clear();
        }
        unwanted.forEach(read -> read.buffer.thenAccept(ChunkBuffer::release));
    }
}
