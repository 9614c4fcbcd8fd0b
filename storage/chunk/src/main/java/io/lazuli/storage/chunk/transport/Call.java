package io.lazuli.storage.chunk.transport;

import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.chunk.SharedBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One question to another node and where its answer goes.
 *
 * <pre>
 * bytes that it carries:  queued --the writer takes it--> being written --> let go
 *                         queued --failed before that---------------------> let go
 * </pre>
 *
 * <p>Whoever removes a call from its connection's table of pending ones is the only one to complete it; its target is written into only by
 * the connection's reader after it has done so. So a call that has failed has a target that nobody touches any more.
 */
final class Call {

    private enum Carrying { QUEUED, BEING_WRITTEN, LET_GO }

    private final FrameType type;
    private final byte[] head;
    private final SharedBuffer bytes;
    private final ChunkBuffer target;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final AtomicReference<Carrying> carrying = new AtomicReference<>(Carrying.QUEUED);

    /**
     * @param body of every type but {@link FrameType#PART}, and the numbers before the bytes of that; its bytes are in the call's target,
     *     position 0 to limit
     */
    record Answer(FrameType type, byte[] body) {}

    /**
     * @param bytes what follows the head, null if nothing; held by the call until it is written or has failed
     * @param target for the bytes of the answer, null if it has none; stays the caller's
     */
    Call(FrameType type, byte[] head, SharedBuffer bytes, ChunkBuffer target) {
        this.type = type;
        this.head = head;
        this.bytes = bytes;
        this.target = target;
        if (bytes != null) {
            bytes.retain();
        }
    }

    ChunkBuffer target() {
        return target;
    }

    CompletableFuture<Answer> answer() {
        return answer;
    }

    FrameType type() {
        return type;
    }

    void write(FrameOutput output, int number) throws java.io.IOException {
        if (!carrying.compareAndSet(Carrying.QUEUED, Carrying.BEING_WRITTEN)) {
            return;
        }
        try {
            output.write(type, number, head, bytes == null ? null : bytes.view());
        } finally {
            carrying.set(Carrying.LET_GO);
            letGo();
        }
    }

    void fail(Throwable failure) {
        if (carrying.compareAndSet(Carrying.QUEUED, Carrying.LET_GO)) {
            letGo();
        }
        answer.completeExceptionally(failure);
    }

    private void letGo() {
        if (bytes != null) {
            bytes.release();
        }
    }
}
