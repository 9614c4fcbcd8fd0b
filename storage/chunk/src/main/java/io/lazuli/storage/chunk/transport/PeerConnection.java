package io.lazuli.storage.chunk.transport;

import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.chunk.transport.PeerLink.LinkContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One connection to another node's chunk port: a thread that connects and writes calls in order, and one that reads answers, in whatever
 * order they come. A call that is not answered in time while nothing at all comes any more ends the connection, and so does an answer that
 * stops in its middle. Ends once, and with it every call that is under way.
 */
final class PeerConnection {

    private static final int MAX_SLICES = 1 << 10;

    private record Sent(int number, Call call) {}

    /** Tells the writer to stop. */
    private static final Sent END = new Sent(-1, null);

    private final NodeId node;
    private final InetSocketAddress address;
    private final Lane lane;
    private final LinkContext context;
    private final Runnable onHeard;
    private final Consumer<Throwable> onEnd;
    private final LinkedBlockingQueue<Sent> queue = new LinkedBlockingQueue<>();
    private final Map<Integer, Call> pending = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile SocketChannel channel;
    private volatile FrameInput input;
    private volatile Throwable ended;

    PeerConnection(
            NodeId node, InetSocketAddress address, Lane lane, LinkContext context, Runnable onHeard, Consumer<Throwable> onEnd) {
        this.node = node;
        this.address = address;
        this.lane = lane;
        this.context = context;
        this.onHeard = onHeard;
        this.onEnd = onEnd;
    }

    void start() {
        Thread.ofVirtual().name("lazuli-chunk-to-" + node + "-" + lane).start(this::connectAndWrite);
    }

    int calls() {
        return pending.size();
    }

    void send(Call call, long timeoutMillis) {
        int number = numbers.incrementAndGet();
        long receivedBefore = received();
        pending.put(number, call);
        Throwable failure = ended;
        if (failure != null) {
            if (pending.remove(number, call)) {
                call.fail(failure);
            }
            return;
        }
        queue.add(new Sent(number, call));
        Future<?> timeout = context.timer().after(timeoutMillis, () -> timedOut(number, call, receivedBefore, timeoutMillis));
        call.answer().whenComplete((answer, failed) -> timeout.cancel(false));
    }

    void end(Throwable why) {
        synchronized (this) {
            if (ended != null) {
                return;
            }
            ended = why instanceof PeerUnreachableException ? why : new PeerUnreachableException(node, why.toString());
        }
        onEnd.accept(why);
        close(channel);
        queue.add(END);
        List<Integer> left = new ArrayList<>(pending.keySet());
        for (int number : left) {
            Call call = pending.remove(number);
            if (call != null) {
                call.fail(ended);
            }
        }
    }

    private long received() {
        FrameInput current = input;
        return current == null ? 0 : current.receivedBytes();
    }

    private void timedOut(int number, Call call, long receivedBefore, long timeoutMillis) {
        if (pending.remove(number, call)) {
            PeerUnreachableException silence = new PeerUnreachableException(node, "no answer within " + timeoutMillis + " ms");
            call.fail(silence);
            if (received() == receivedBefore) {
                end(silence);
            }
        } else if (!call.answer().isDone()) {
            awaitRest(call, timeoutMillis);
        }
    }

    /** Its answer has begun to come and is not whole: somebody who stops in the middle of it is given no more time than one who is silent. */
    private void awaitRest(Call call, long timeoutMillis) {
        long receivedBefore = received();
        Future<?> timeout = context.timer().after(timeoutMillis, () -> {
            if (call.answer().isDone()) {
                return;
            }
            if (received() == receivedBefore) {
                end(new PeerUnreachableException(node, "an answer that goes on for " + timeoutMillis + " ms without a byte"));
            } else {
                awaitRest(call, timeoutMillis);
            }
        });
        call.answer().whenComplete((answer, failed) -> timeout.cancel(false));
    }

    private void connectAndWrite() {
        try {
            SocketChannel opened = SocketChannel.open();
            channel = opened;
            if (ended != null) {
                close(opened);
                return;
            }
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            opened.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            Future<?> deadline = context.timer().after(
                    context.settings().connectTimeoutMillis(), () -> end(new PeerUnreachableException(node, "no connection in time")));
            opened.connect(new InetSocketAddress(address.getHostString(), address.getPort()));
            FrameOutput output = new FrameOutput(opened);
            output.writeRaw(ChunkHandshake.encode(context.cloudName(), context.self()));
            FrameInput received = new FrameInput(opened);
            NodeId there = ChunkHandshake.read(received, context.cloudName());
            deadline.cancel(false);
            if (!there.equals(node)) {
                throw new ProtocolViolation("node " + there + " answers at the address of node " + node);
            }
            input = received;
            Thread.ofVirtual().name("lazuli-chunk-from-" + node + "-" + lane).start(() -> readAnswers(received));
            for (Sent next = queue.take(); next != END; next = queue.take()) {
                next.call().write(output, next.number());
            }
        } catch (IOException | RuntimeException e) {
            end(e);
        } catch (InterruptedException e) {
            end(e);
            Thread.currentThread().interrupt();
        }
    }

    private void readAnswers(FrameInput in) {
        try {
            while (true) {
                int length = in.readInt() - FrameOutput.OVERHEAD_BYTES;
                FrameType type = FrameType.of(in.readByte());
                int number = in.readInt();
                if (length < 0 || type.isRequest()) {
                    throw new ProtocolViolation("no answer: " + type + " of " + length + " bytes");
                }
                onHeard.run();
                Call call = pending.remove(number);
                if (call == null) {
                    in.skip(length);
                    continue;
                }
                try {
                    call.answer().complete(type == FrameType.PART ? readPart(in, length, call) : readBody(in, type, length));
                } catch (IOException | RuntimeException e) {
                    call.fail(new PeerUnreachableException(node, e.toString()));
                    throw e;
                }
            }
        } catch (IOException | RuntimeException e) {
            end(e);
        }
    }

    private static Call.Answer readBody(FrameInput in, FrameType type, int length) throws IOException {
        if (length > Bodies.MAX_BYTES) {
            throw new ProtocolViolation(type + " of " + length + " bytes");
        }
        return new Call.Answer(type, in.readBytes(length));
    }

    /** Head: where the part begins, the chunk's length, how many bytes follow, and their slices' checksums. */
    private static Call.Answer readPart(FrameInput in, int length, Call call) throws IOException {
        if (call.target() == null || length < PartHead.FIXED_BYTES) {
            throw new ProtocolViolation("bytes that nobody asked for");
        }
        byte[] fixed = in.readBytes(PartHead.FIXED_BYTES);
        int partBytes = ByteBuffer.wrap(fixed).getInt(PartHead.PART_BYTES_AT);
        ByteBuffer into = call.target().bytes();
        if (partBytes < 1 || partBytes > into.capacity()) {
            throw new ProtocolViolation("a part of " + partBytes + " bytes");
        }
        int slices = Slices.count(partBytes);
        if (slices > MAX_SLICES || length != PartHead.FIXED_BYTES + slices * Integer.BYTES + partBytes) {
            throw new ProtocolViolation("a part of " + partBytes + " bytes in a frame of " + length);
        }
        byte[] checksums = in.readBytes(slices * Integer.BYTES);
        in.readFully(into.clear().limit(partBytes));
        into.flip();
        byte[] head = new byte[fixed.length + checksums.length];
        System.arraycopy(fixed, 0, head, 0, fixed.length);
        System.arraycopy(checksums, 0, head, fixed.length, checksums.length);
        return new Call.Answer(FrameType.PART, head);
    }

    private static void close(SocketChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // it is of no use any more
            }
        }
    }
}
