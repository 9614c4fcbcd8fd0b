package io.lazuli.storage.chunk.transport;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.NamedRuns;
import io.lazuli.storage.chunk.NodeChunks.EncodedRuns;
import io.lazuli.storage.chunk.NodeChunks.NodeSweep;
import io.lazuli.storage.chunk.SharedBuffer;
import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.chunk.local.ChunkPart;
import io.lazuli.storage.chunk.local.LocalChunks;
import io.lazuli.storage.chunk.transport.ChunkServer.ServerContext;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the chunk port: one thread reads requests and hands them to this node's chunks, another writes the answers as they
 * come. What is under way is bounded in bytes ({@code lazuli.chunk.transport.max-in-flight-bytes}): beyond, nothing more is read, and
 * the sender has to wait. Room is given back when the answer has been written.
 */
final class InboundConnection {

    private static final Logger LOG = LoggerFactory.getLogger(InboundConnection.class);

    /** What a request counts at least, so that small ones are bounded in number. */
    private static final int MIN_REQUEST_BYTES = 4 << 10;
    private static final int MAX_IDS_BYTES = 2 * Integer.BYTES + 2 * Long.BYTES + 1 + Bodies.CHUNK_ID_BYTES;
    private static final int PERMIT_BYTES = 1 << 10;
    /** For one answer to be taken by a reader. */
    private static final long WRITE_STALL_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long WRITING_NOTHING = Long.MIN_VALUE;

    /** @param buffer whose bytes follow the head, or null */
    private record Reply(FrameType type, int call, byte[] head, ChunkBuffer buffer, int permits) {}

    private static final Reply END = new Reply(FrameType.DONE, 0, new byte[0], null, 0);

    private final SocketChannel channel;
    private final ServerContext context;
    private final Consumer<InboundConnection> onEnd;
    private final FrameInput input;
    private final String remote;
    private final Semaphore room;
    private final LinkedBlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    private boolean ended;
    private volatile long writingSinceNanos = WRITING_NOTHING;

    InboundConnection(SocketChannel channel, ServerContext context, Consumer<InboundConnection> onEnd) {
        this.channel = channel;
        this.context = context;
        this.onEnd = onEnd;
        this.input = new FrameInput(channel);
        this.remote = String.valueOf(channel.socket().getRemoteSocketAddress());
        this.room = new Semaphore((int) (context.settings().maxInFlightBytes() / PERMIT_BYTES));
    }

    /** The other end's address. */
    String remote() {
        return remote;
    }

    /** Serves until the connection ends. */
    void run(Runnable onHandshake) throws ProtocolViolation {
        try {
            ChunkHandshake.read(input, context.cloudName());
            onHandshake.run();
            FrameOutput output = new FrameOutput(channel);
            output.writeRaw(ChunkHandshake.encode(context.cloudName(), context.self()));
            Thread.ofVirtual().name("lazuli-chunk-replies").start(() -> writeReplies(output));
            while (true) {
                readRequest();
            }
        } catch (ProtocolViolation e) {
            throw e;
        } catch (IOException e) {
            LOG.debug("a connection to the chunk port ended: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end("done");
        }
    }

    void end(String why) {
        synchronized (replies) {
            if (ended) {
                return;
            }
            ended = true;
            replies.add(END);
        }
        LOG.debug("ending a connection to the chunk port: {}", why);
        onEnd.accept(this);
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a connection", e);
        }
    }

    void endIfStalled() {
        long since = writingSinceNanos;
        if (since != WRITING_NOTHING && System.nanoTime() - since > WRITE_STALL_NANOS) {
            end("it does not read its answers");
        }
    }

    private void readRequest() throws IOException, InterruptedException {
        int length = input.readInt() - FrameOutput.OVERHEAD_BYTES;
        FrameType type = FrameType.of(input.readByte());
        int call = input.readInt();
        switch (type) {
            case WRITE -> readWrite(call, length);
            case READ -> readRead(call, body(length, Bodies.CHUNK_ID_BYTES + 2 * Integer.BYTES));
            case DIGESTS -> {
                int group = Bodies.decode(body(length, Integer.BYTES), DataInputStream::readInt);
                answer(call, acquire(MIN_REQUEST_BYTES), () -> context.chunks().digests(group), FrameType.DIGEST_LIST, Bodies::digests);
            }
            case IDS -> readIds(call, body(length, MAX_IDS_BYTES));
            case SWEEP -> readSweep(call, length);
            case STATUS -> {
                body(length, 0);
                answer(call, acquire(MIN_REQUEST_BYTES), () -> context.chunks().status(), FrameType.STATUS_REPORT, Bodies::status);
            }
            case COMPARE_SOON -> {
                body(length, 0);
                context.chunks().compareSoon();
                reply(new Reply(FrameType.DONE, call, new byte[0], null, acquire(MIN_REQUEST_BYTES)));
            }
            case DONE, PART, DIGEST_LIST, ID_LIST, SWEPT, STATUS_REPORT, FAILED ->
                    throw new ProtocolViolation(type + " where a request is due");
        }
    }

    private byte[] body(int length, int maxBytes) throws IOException {
        if (length < 0 || length > maxBytes) {
            throw new ProtocolViolation("a request of " + length + " bytes");
        }
        return input.readBytes(length);
    }

    private void readWrite(int call, int length) throws IOException, InterruptedException {
        int fixed = Bodies.CHUNK_ID_BYTES + Integer.BYTES;
        if (length < fixed) {
            throw new ProtocolViolation("a write of " + length + " bytes");
        }
        ChunkId id = Bodies.readId(input);
        int chunkBytes = input.readInt();
        if (chunkBytes < 1 || chunkBytes > ChunkRun.CHUNK_BYTES
                || length != fixed + Slices.count(chunkBytes) * Integer.BYTES + chunkBytes) {
            throw new ProtocolViolation("a chunk of " + chunkBytes + " bytes in a write of " + length);
        }
        int[] checksums = input.readInts(Slices.count(chunkBytes));
        int permits = acquire(chunkBytes);
        ChunkBuffer buffer;
        try {
            buffer = context.buffers().take(chunkBytes).toCompletableFuture().get();
        } catch (ExecutionException e) {
            input.skip(chunkBytes);
            fail(call, permits, new StorageException(StorageErrorCode.SERVER_BUSY));
            return;
        }
        try {
            input.readFully(buffer.bytes().limit(chunkBytes));
            buffer.bytes().flip();
        } catch (IOException e) {
            buffer.release();
            throw e;
        }
        SharedBuffer bytes = SharedBuffer.of(buffer);
        answer(call, permits, () -> context.chunks().append(id, checksums, bytes), FrameType.DONE, done -> new byte[0]);
        bytes.release();
    }

    private void readRead(int call, byte[] body) throws IOException, InterruptedException {
        record Wanted(ChunkId id, int offset, int maxBytes) {}
        Wanted wanted = Bodies.decode(body, in -> new Wanted(Bodies.readId(in), in.readInt(), in.readInt()));
        if (wanted.offset() < 0 || wanted.offset() >= ChunkRun.CHUNK_BYTES || wanted.maxBytes() < 1
                || wanted.maxBytes() > ChunkRun.CHUNK_BYTES) {
            throw new ProtocolViolation("a read of " + wanted.maxBytes() + " bytes from " + wanted.offset());
        }
        int permits = acquire(wanted.maxBytes());
        CompletionStage<ChunkPart> reading = context.chunks().read(
                wanted.id(), wanted.offset(), wanted.maxBytes(), context.buffers(), Lane.READS, context.settings().readTimeoutMillis());
        reading.whenComplete((part, failure) -> {
            if (failure != null) {
                fail(call, permits, failure);
            } else {
                reply(new Reply(FrameType.PART, call, PartHead.encode(part), part.buffer(), permits));
            }
        });
    }

    private void readIds(int call, byte[] body) throws IOException, InterruptedException {
        record Wanted(int group, long fromMillis, long toMillis, int maxIds, ChunkId after) {}
        Wanted wanted = Bodies.decode(body, in -> new Wanted(
                in.readInt(), in.readLong(), in.readLong(), in.readInt(), in.readBoolean() ? Bodies.readId(in) : null));
        if (wanted.maxIds() < 1 || wanted.maxIds() > LocalChunks.MAX_PAGE_IDS) {
            throw new ProtocolViolation("a page of " + wanted.maxIds() + " ids");
        }
        answer(call, acquire(wanted.maxIds() * Bodies.CHUNK_ID_BYTES),
                () -> context.chunks().ids(wanted.group(), wanted.fromMillis(), wanted.toMillis(), wanted.after(), wanted.maxIds()),
                FrameType.ID_LIST, Bodies::ids);
    }

    private void readSweep(int call, int length) throws IOException, InterruptedException {
        int filterBytes = length - 2 * Long.BYTES;
        if (filterBytes < 1 || filterBytes > NamedRuns.MAX_BYTES) {
            throw new ProtocolViolation("a sweep of " + length + " bytes");
        }
        long begunBeforeMillis = input.readLong();
        long nowMillis = input.readLong();
        int permits = acquire(MIN_REQUEST_BYTES);
        if (!context.sweeps().tryAcquire()) {
            input.skip(filterBytes);
            fail(call, permits, new StorageException(StorageErrorCode.SERVER_BUSY));
            return;
        }
        try {
            byte[] encoded = input.readBytes(filterBytes);
            EncodedRuns named = new EncodedRuns(NamedRuns.decode(encoded), encoded);
            answer(call, permits, () -> sweep(named, begunBeforeMillis, nowMillis), FrameType.SWEPT, Bodies::sweep);
        } catch (IOException e) {
            context.sweeps().release();
            throw e;
        } catch (IllegalArgumentException e) {
            context.sweeps().release();
            throw new ProtocolViolation(e.getMessage());
        }
    }

    /** The turn is over before the answer leaves: who has the answer may ask again at once. */
    private CompletionStage<NodeSweep> sweep(EncodedRuns named, long begunBeforeMillis, long nowMillis) {
        CompletionStage<NodeSweep> sweeping;
        try {
            sweeping = context.chunks().sweep(named, begunBeforeMillis, nowMillis);
        } catch (RuntimeException e) {
            LOG.error("a sweep for another node failed", e);
            sweeping = CompletableFuture.failedStage(e);
        }
        return sweeping.whenComplete((swept, failure) -> context.sweeps().release());
    }

    /** Waits for room. */
    private int acquire(int bytes) throws InterruptedException {
        int permits = Math.max(MIN_REQUEST_BYTES, bytes) / PERMIT_BYTES;
        room.acquire(permits);
        return permits;
    }

    private interface Asking<T> {
        CompletionStage<T> ask();
    }

    private <T> void answer(int call, int permits, Asking<T> asking, FrameType type, Function<T, byte[]> encoding) {
        CompletionStage<T> asked;
        try {
            asked = asking.ask();
        } catch (RuntimeException e) {
            LOG.error("a request of another node failed", e);
            asked = CompletableFuture.failedStage(e);
        }
        asked.whenComplete((value, failure) -> {
            if (failure != null) {
                fail(call, permits, failure);
            } else {
                reply(new Reply(type, call, encoding.apply(value), null, permits));
            }
        });
    }

    private void fail(int call, int permits, Throwable failure) {
        Throwable cause = Failures.cause(failure);
        reply(new Reply(FrameType.FAILED, call, Bodies.failure(cause), null, permits));
    }

    private void reply(Reply reply) {
        synchronized (replies) {
            if (!ended) {
                replies.add(reply);
                return;
            }
        }
        letGo(reply);
    }

    private void writeReplies(FrameOutput output) {
        try {
            for (Reply reply = replies.take(); reply != END; reply = replies.take()) {
                try {
                    writingSinceNanos = System.nanoTime();
                    output.write(reply.type(), reply.call(), reply.head(), reply.buffer() == null ? null : bytes(reply));
                    writingSinceNanos = WRITING_NOTHING;
                } finally {
                    letGo(reply);
                }
            }
        } catch (IOException e) {
            end(e.toString());
        } catch (InterruptedException e) {
            end("interrupted");
            Thread.currentThread().interrupt();
        }
        for (Reply left = replies.poll(); left != null; left = replies.poll()) {
            letGo(left);
        }
    }

    private static ByteBuffer bytes(Reply reply) {
        return reply.buffer().bytes();
    }

    private void letGo(Reply reply) {
        if (reply.buffer() != null) {
            reply.buffer().release();
        }
        room.release(reply.permits());
    }
}
