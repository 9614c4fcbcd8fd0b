package io.lazuli.storage.chunk.transport;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.chunk.ChunkBuffers;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ChunkNodeStatus;
import io.lazuli.storage.chunk.NodeChunks;
import io.lazuli.storage.chunk.SharedBuffer;
import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.chunk.local.BucketDigest;
import io.lazuli.storage.chunk.local.ChunkPart;
import io.lazuli.storage.model.ChunkRun;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Another storage node's chunks, over its chunk port; one {@link PeerLink} for each lane. */
public final class RemoteNode implements NodeChunks, AutoCloseable {

    private final NodeId node;
    private final InetSocketAddress address;
    private final TransportSettings settings;
    private final Map<Lane, PeerLink> links = new EnumMap<>(Lane.class);
    private volatile boolean unreachable;

    private interface Decoding<T> {
        T decode(byte[] body) throws ProtocolViolation;
    }

    public RemoteNode(
            NodeId node, InetSocketAddress address, String cloudName, NodeId self, TransportSettings settings, CallTimer timer, Clock clock) {
        this.node = node;
        this.address = address;
        this.settings = settings;
        PeerLink.LinkContext context = new PeerLink.LinkContext(cloudName, self, settings, timer, clock);
        for (Lane lane : Lane.values()) {
            links.put(lane, new PeerLink(node, address, lane, context));
        }
    }

    @Override
    public NodeId node() {
        return node;
    }

    public InetSocketAddress address() {
        return address;
    }

    /** What the cluster thinks of it. */
    public void unreachable(boolean isUnreachable) {
        if (unreachable && !isUnreachable) {
            links.values().forEach(PeerLink::endPause);
        }
        unreachable = isUnreachable;
    }

    @Override
    public boolean down() {
        return unreachable || links.get(Lane.WRITES).down() || links.get(Lane.READS).down();
    }

    @Override
    public CompletionStage<Void> append(ChunkId id, int[] checksums, SharedBuffer bytes) {
        byte[] head = Bodies.encode(out -> {
            Bodies.putId(out, id);
            out.writeInt(bytes.lengthBytes());
            for (int checksum : checksums) {
                out.writeInt(checksum);
            }
        });
        Call call = new Call(FrameType.WRITE, head, bytes, null);
        return ask(Lane.WRITES, call, FrameType.DONE, id, settings.writeTimeoutMillis(), body -> null);
    }

    @Override
    public CompletionStage<ChunkPart> read(ChunkId id, int offset, int maxBytes, ChunkBuffers buffers, Lane lane, long timeoutMillis) {
        long from = offset - offset % Slices.BYTES;
        long to = Math.min(ChunkRun.CHUNK_BYTES, ((long) offset + maxBytes + Slices.BYTES - 1) / Slices.BYTES * Slices.BYTES);
        return buffers.take((int) (to - from)).thenCompose(buffer -> {
            byte[] head = Bodies.encode(out -> {
                Bodies.putId(out, id);
                out.writeInt(offset);
                out.writeInt(maxBytes);
            });
            Call call = new Call(FrameType.READ, head, null, buffer);
            return ask(lane, call, FrameType.PART, id, timeoutMillis, body -> part(body, buffer))
                    .whenComplete((part, failure) -> {
                        if (failure != null) {
                            buffer.release();
                        }
                    });
        });
    }

    @Override
    public CompletionStage<List<BucketDigest>> digests(int group) {
        Call call = new Call(FrameType.DIGESTS, Bodies.encode(out -> out.writeInt(group)), null, null);
        return ask(Lane.UPKEEP, call, FrameType.DIGEST_LIST, null, settings.upkeepTimeoutMillis(), Bodies::readDigests);
    }

    @Override
    public CompletionStage<List<ChunkId>> ids(int group, long fromMillis, long toMillis, ChunkId after, int maxIds) {
        byte[] head = Bodies.encode(out -> {
            out.writeInt(group);
            out.writeLong(fromMillis);
            out.writeLong(toMillis);
            out.writeInt(maxIds);
            out.writeBoolean(after != null);
            if (after != null) {
                Bodies.putId(out, after);
            }
        });
        Call call = new Call(FrameType.IDS, head, null, null);
        return ask(Lane.UPKEEP, call, FrameType.ID_LIST, null, settings.upkeepTimeoutMillis(), Bodies::readIds);
    }

    @Override
    public CompletionStage<NodeSweep> sweep(EncodedRuns named, long begunBeforeMillis, long nowMillis) {
        byte[] head = Bodies.encode(out -> {
            out.writeLong(begunBeforeMillis);
            out.writeLong(nowMillis);
            out.write(named.bytes());
        });
        Call call = new Call(FrameType.SWEEP, head, null, null);
        return ask(Lane.UPKEEP, call, FrameType.SWEPT, null, settings.sweepTimeoutMillis(), Bodies::readSweep);
    }

    @Override
    public CompletionStage<ChunkNodeStatus> status() {
        Call call = new Call(FrameType.STATUS, new byte[0], null, null);
        return ask(Lane.UPKEEP, call, FrameType.STATUS_REPORT, null, settings.upkeepTimeoutMillis(), Bodies::readStatus);
    }

    @Override
    public void compareSoon() {
        Call call = new Call(FrameType.COMPARE_SOON, new byte[0], null, null);
        links.get(Lane.UPKEEP).send(call, settings.upkeepTimeoutMillis());
    }

    @Override
    public void close() {
        links.values().forEach(PeerLink::close);
    }

    private <T> CompletionStage<T> ask(
            Lane lane, Call call, FrameType expected, ChunkId id, long timeoutMillis, Decoding<T> decoding) {
        return links.get(lane).send(call, timeoutMillis).thenApply(answer -> {
            try {
                if (answer.type() == expected) {
                    return decoding.decode(answer.body());
                }
                if (answer.type() == FrameType.FAILED) {
                    throw Bodies.readFailure(answer.body(), id, "node " + node);
                }
                throw new ProtocolViolation(answer.type() + " in answer to " + call.type());
            } catch (ProtocolViolation e) {
                throw new CompletionException(e);
            }
        });
    }

    private static ChunkPart part(byte[] body, ChunkBuffer buffer) {
        PartHead head = PartHead.decode(body);
        return new ChunkPart(head.offset(), buffer, head.checksums(), head.chunkBytes());
    }
}
