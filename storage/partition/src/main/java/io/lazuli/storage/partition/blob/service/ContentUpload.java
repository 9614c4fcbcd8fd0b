package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.chunk.ChunkStore;
import io.lazuli.storage.chunk.ChunkStore.RunWriter;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.partition.blob.BlobService.Received;
import io.lazuli.storage.partition.blob.BlobService.Upload;
import io.lazuli.storage.partition.blob.NewContent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Bytes on their way in. Short ones stay on the heap until the end; all others are collected in a buffer, small at first, so that a client
 * that sends little or slowly holds little, and leave for the chunk store a chunk at a time while the next one fills. What leaves is
 * digested meanwhile on another thread, in order; its memory goes back after both.
 *
 * <p>Bounded: {@link RunWriter#MAX_UNDER_WAY} chunks sent or being digested and the one that fills; besides a part that waits for room, of
 * whatever size the sender made it.
 */
final class ContentUpload implements Upload {

    /** The buffer that is taken first of all; the next are of a whole chunk. */
    static final int FIRST_BUFFER_BYTES = 64 << 10;
    private static final int FIRST_SHORT_BYTES = 4 << 10;

    private final ChunkStore store;
    private final int group;
    private final long announcedBytes;
    private final Executor digesting;
    private final ContentDigest digest;

    /** What came while it may yet live with the rows, then null. */
    private byte[] shortContent;
    private RunWriter run;
    /** Being filled: what came is before its position. */
    private ChunkBuffer filling;
    private CompletableFuture<ChunkBuffer> taking;
    private long received;
    private int underWay;
    private CompletableFuture<Void> digested = CompletableFuture.completedFuture(null);
    /** Completes when a chunk is no longer under way; null while nobody waits. */
    private CompletableFuture<Void> landing;
    private boolean ended;
    private Throwable failure;

    /** @param announcedBytes -1 if unknown */
    ContentUpload(ChunkStore store, int group, long announcedBytes, boolean inlineAllowed, boolean md5Wanted, Executor digesting) {
        this.store = store;
        this.group = group;
        this.announcedBytes = announcedBytes;
        this.digesting = digesting;
        this.digest = new ContentDigest(md5Wanted);
        if (inlineAllowed && announcedBytes <= NewContent.MAX_INLINE_BYTES) {
            shortContent = new byte[announcedBytes < 0 ? FIRST_SHORT_BYTES : (int) Math.min(announcedBytes, FIRST_SHORT_BYTES)];
        }
    }

    @Override
    public synchronized CompletionStage<Void> write(ByteBuffer part) {
        if (failure != null) {
            return CompletableFuture.failedStage(failure);
        }
        if (ended) {
            throw new IllegalStateException("a part after the end of an upload");
        }
        if (shortContent == null) {
            return takeIn(part, false);
        }
        int length = (int) received;
        if (length + part.remaining() <= NewContent.MAX_INLINE_BYTES) {
            keepShort(part, length);
            return null;
        }
        ByteBuffer whole = ByteBuffer.allocate(length + part.remaining()).put(shortContent, 0, length).put(part).flip();
        shortContent = null;
        received = 0;
        return takeIn(whole, true);
    }

    private void keepShort(ByteBuffer part, int length) {
        int needed = length + part.remaining();
        if (needed > shortContent.length) {
            shortContent = Arrays.copyOf(shortContent, Math.min(NewContent.MAX_INLINE_BYTES, Math.max(needed, 2 * shortContent.length)));
        }
        part.get(shortContent, length, needed - length);
        received = needed;
    }

    /** @param own whether the part stays as it is after the call
     * @return null if all of it was taken */
    private CompletionStage<Void> takeIn(ByteBuffer part, boolean own) {
        while (part.hasRemaining()) {
            CompletionStage<Void> room = room();
            if (failure != null) {
                return CompletableFuture.failedStage(failure);
            }
            if (room != null) {
                ByteBuffer rest = own ? part : ByteBuffer.allocate(part.remaining()).put(part).flip();
                return room.handle((made, error) -> goOn(rest)).thenCompose(went -> went);
            }
            ByteBuffer target = filling.bytes();
            int bytes = Math.min(target.remaining(), part.remaining());
            target.put(part.slice(part.position(), bytes));
            part.position(part.position() + bytes);
            received += bytes;
        }
        return null;
    }

    private synchronized CompletionStage<Void> goOn(ByteBuffer rest) {
        if (failure != null) {
            return CompletableFuture.failedStage(failure);
        }
        CompletionStage<Void> more = takeIn(rest, true);
        return more == null ? CompletableFuture.completedStage(null) : more;
    }

    /** Sees to it that the buffer has room; null if it has (or the upload has failed), otherwise completes when to look again. */
    private CompletionStage<Void> room() {
        if (filling != null && filling.bytes().hasRemaining()) {
            return null;
        }
        boolean isChunk = filling != null && filling.bytes().position() == ChunkRun.CHUNK_BYTES;
        if (isChunk) {
            if (underWay == RunWriter.MAX_UNDER_WAY) {
                return landing();
            }
            send();
            if (failure != null) {
                return null;
            }
        }
        int held = filling == null ? 0 : filling.bytes().position();
        int most = received == 0 ? FIRST_BUFFER_BYTES : ChunkRun.CHUNK_BYTES;
        long expected = announcedBytes - (received - held);
        int capacity = expected > held ? (int) Math.min(most, expected) : most;
        CompletableFuture<ChunkBuffer> taken = store.buffers().take(capacity).toCompletableFuture();
        taking = taken;
        CompletableFuture<Void> adopted = taken.thenAccept(this::adopt);
        if (adopted.isDone() && !adopted.isCompletedExceptionally()) {
            return null;
        }
        return adopted.whenComplete((made, error) -> {
            if (error != null) {
                fail(error);
            }
        });
    }

    private void adopt(ChunkBuffer buffer) {
        ChunkBuffer unwanted;
        synchronized (this) {
            taking = null;
            if (failure != null) {
                unwanted = buffer;
            } else {
                unwanted = filling;
                if (filling != null) {
                    buffer.bytes().put(filling.bytes().flip());
                }
                filling = buffer;
            }
        }
        if (unwanted != null) {
            unwanted.release();
        }
    }

    private CompletableFuture<Void> landing() {
        if (landing == null) {
            landing = new CompletableFuture<>();
        }
        return landing;
    }

    /** What was collected leaves. */
    private void send() {
        if (run == null) {
            run = store.begin(group);
        }
        SharedChunk chunk = new SharedChunk(filling);
        filling = null;
        underWay++;
        chunk.bytes().flip();
        ByteBuffer toDigest = chunk.bytes().duplicate();
        CompletableFuture<Void> digestedNow = digested.thenRunAsync(() -> digest.update(toDigest), digesting);
        digested = digestedNow.whenComplete((done, error) -> chunk.release());
        CompletableFuture<Void> stored = run.append(chunk).toCompletableFuture();
        CompletableFuture.allOf(stored, digested).whenComplete((done, error) -> landed(error));
    }

    private void landed(Throwable error) {
        CompletableFuture<Void> waiting;
        synchronized (this) {
            underWay--;
            waiting = landing;
            landing = null;
        }
        if (error != null) {
            fail(error);
        }
        if (waiting != null) {
            if (error == null) {
                waiting.complete(null);
            } else {
                waiting.completeExceptionally(error);
            }
        }
    }

    @Override
    public synchronized CompletionStage<Received> end() {
        if (failure != null) {
            return CompletableFuture.failedStage(failure);
        }
        ended = true;
        if (shortContent != null) {
            byte[] bytes = received == shortContent.length ? shortContent : Arrays.copyOf(shortContent, (int) received);
            digest.update(ByteBuffer.wrap(bytes));
            return CompletableFuture.completedStage(received(bytes.length == 0 ? null : new NewContent.Inline(bytes)));
        }
        if (received == 0) {
            return CompletableFuture.completedStage(received(null));
        }
        return settle();
    }

    /** Sends the rest and waits for all. */
    private synchronized CompletionStage<Received> settle() {
        if (failure != null) {
            return CompletableFuture.failedStage(failure);
        }
        if (filling != null && underWay < RunWriter.MAX_UNDER_WAY) {
            send();
            if (failure != null) {
                return CompletableFuture.failedStage(failure);
            }
        }
        if (filling != null || underWay > 0) {
            return landing().thenCompose(landed -> settle());
        }
        return CompletableFuture.completedStage(received(new NewContent.Stored(run.end())));
    }

    private Received received(NewContent content) {
        return new Received(content, received, digest.md5Digest(), digest.crc64Value());
    }

    @Override
    public void abandon() {
        fail(new CancellationException("the upload was abandoned"));
    }

    /** Gives back what it holds; what is under way is given back when it lands. */
    private void fail(Throwable error) {
        ChunkBuffer held;
        CompletableFuture<ChunkBuffer> wanted;
        RunWriter begun;
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = Failures.cause(error);
            held = filling;
            filling = null;
            wanted = taking;
            taking = null;
            begun = run;
        }
        if (wanted != null) {
            wanted.cancel(false);
        }
        if (held != null) {
            held.release();
        }
        if (begun != null) {
            begun.abandon();
        }
    }
}
