package io.lazuli.storage.chunk.transport;

import io.lazuli.storage.chunk.ChunkDamagedException;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ChunkMissingException;
import io.lazuli.storage.chunk.ChunkNodeStatus;
import io.lazuli.storage.chunk.ChunkNodeStatus.GroupProgress;
import io.lazuli.storage.chunk.ChunkNodeStatus.RepairTally;
import io.lazuli.storage.chunk.ClockDiffersException;
import io.lazuli.storage.chunk.NodeChunks.NodeSweep;
import io.lazuli.storage.chunk.local.BucketDigest;
import io.lazuli.storage.chunk.local.LocalStatus;
import io.lazuli.storage.chunk.local.ScrubReport;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The bodies of frames that are no chunks: numbers, big-endian, in the order of the records' components. */
final class Bodies {

    /** What a body other than a sweep's is at most; the digests of ten years of hours are 2 MiB. */
    static final int MAX_BYTES = 4 << 20;
    static final int CHUNK_ID_BYTES = 4 + 8 + 8 + 4;

    private static final int MAX_TEXT_BYTES = 1_000;
    private static final int MAX_GROUPS = 1_024;
    private static final byte STATUS_VERSION = 2;

    private static final int MISSING = 1;
    private static final int DAMAGED = 2;
    private static final int BUSY = 3;
    private static final int NO_ROOM = 4;
    private static final int INTERNAL = 5;
    private static final int CLOCK_DIFFERS = 6;

    private Bodies() {}

    interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    static byte[] encode(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writing.to(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws ProtocolViolation if the body is not exactly what is read from it */
    static <T> T decode(byte[] body, Reading<T> reading) throws ProtocolViolation {
        ByteArrayInputStream bytes = new ByteArrayInputStream(body);
        try {
            T value = reading.from(new DataInputStream(bytes));
            if (bytes.available() == 0) {
                return value;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ProtocolViolation("a body of " + body.length + " bytes that means nothing: " + e);
        }
        throw new ProtocolViolation("a body with " + bytes.available() + " bytes too many");
    }

    static void putId(DataOutputStream out, ChunkId id) throws IOException {
        out.writeInt(id.group());
        out.writeLong(id.createdMillis());
        out.writeLong(id.nonce());
        out.writeInt(id.index());
    }

    static ChunkId readId(DataInputStream in) throws IOException {
        return new ChunkId(in.readInt(), in.readLong(), in.readLong(), in.readInt());
    }

    static ChunkId readId(FrameInput in) throws IOException {
        try {
            return new ChunkId(in.readInt(), in.readLong(), in.readLong(), in.readInt());
        } catch (IllegalArgumentException e) {
            throw new ProtocolViolation(e.getMessage());
        }
    }

    static byte[] ids(List<ChunkId> ids) {
        return encode(out -> {
            for (ChunkId id : ids) {
                putId(out, id);
            }
        });
    }

    static List<ChunkId> readIds(byte[] body) throws ProtocolViolation {
        return decode(body, in -> {
            List<ChunkId> ids = new ArrayList<>(body.length / CHUNK_ID_BYTES);
            while (in.available() > 0) {
                ids.add(readId(in));
            }
            return ids;
        });
    }

    static byte[] digests(List<BucketDigest> digests) {
        return encode(out -> {
            for (BucketDigest digest : digests) {
                out.writeLong(digest.fromMillis());
                out.writeLong(digest.chunks());
                out.writeLong(digest.hash());
            }
        });
    }

    static List<BucketDigest> readDigests(byte[] body) throws ProtocolViolation {
        return decode(body, in -> {
            List<BucketDigest> digests = new ArrayList<>();
            while (in.available() > 0) {
                digests.add(new BucketDigest(in.readLong(), in.readLong(), in.readLong()));
            }
            return digests;
        });
    }

    static byte[] sweep(NodeSweep sweep) {
        return encode(out -> {
            out.writeLong(sweep.droppedChunks());
            out.writeLong(sweep.droppedBytes());
        });
    }

    static NodeSweep readSweep(byte[] body) throws ProtocolViolation {
        return decode(body, in -> new NodeSweep(in.readLong(), in.readLong()));
    }

    static byte[] failure(Throwable failure) {
        int code = switch (failure) {
            case ChunkMissingException missing -> MISSING;
            case ChunkDamagedException damaged -> DAMAGED;
            case ClockDiffersException differs -> CLOCK_DIFFERS;
            case StorageException storage when storage.error() == StorageErrorCode.SERVER_BUSY -> BUSY;
            case StorageException storage when storage.error() == StorageErrorCode.INSUFFICIENT_STORAGE -> NO_ROOM;
            default -> INTERNAL;
        };
        return encode(out -> {
            out.writeByte(code);
            String text = String.valueOf(failure.getMessage());
            out.writeUTF(text.length() <= MAX_TEXT_BYTES ? text : text.substring(0, MAX_TEXT_BYTES));
        });
    }

    /** @param id the chunk that was asked for, null if none */
    static RuntimeException readFailure(byte[] body, ChunkId id, String node) throws ProtocolViolation {
        return decode(body, in -> {
            int code = in.readByte();
            String text = in.readUTF();
            return switch (code) {
                case MISSING -> new ChunkMissingException(id);
                case DAMAGED -> new ChunkDamagedException(id, "on " + node);
                case BUSY -> new StorageException(StorageErrorCode.SERVER_BUSY);
                case CLOCK_DIFFERS -> new ClockDiffersException(node + ": " + text);
                case NO_ROOM -> new StorageException(StorageErrorCode.INSUFFICIENT_STORAGE);
                default -> new StorageException(StorageErrorCode.INTERNAL_ERROR, Map.of("Reason", node + ": " + text));
            };
        });
    }

    static byte[] status(ChunkNodeStatus status) {
        return encode(out -> {
            out.writeByte(STATUS_VERSION);
            LocalStatus local = status.local();
            out.writeUTF(local.notWritable());
            out.writeLong(local.chunkBytes());
            out.writeInt(local.chunksByGroup().size());
            for (Map.Entry<Integer, Long> group : new TreeMap<>(local.chunksByGroup()).entrySet()) {
                out.writeInt(group.getKey());
                out.writeLong(group.getValue());
            }
            out.writeInt(local.extents());
            out.writeLong(local.extentBytes());
            out.writeLong(local.freeBytes());
            out.writeLong(local.appends());
            out.writeLong(local.forces());
            putScrub(out, local.scrub());
            out.writeInt(status.groups().size());
            for (GroupProgress group : status.groups()) {
                out.writeInt(group.group());
                out.writeBoolean(group.voter());
                out.writeLong(group.heldChunks());
                out.writeLong(group.missingChunks());
                out.writeLong(group.comparedAtMillis());
            }
            RepairTally repairs = status.repairs();
            out.writeLong(repairs.fetchedChunks());
            out.writeLong(repairs.fetchedBytes());
            out.writeLong(repairs.failedFetches());
            out.writeLong(repairs.handedOverChunks());
            out.writeLong(status.refusedForClock());
        });
    }

    static ChunkNodeStatus readStatus(byte[] body) throws ProtocolViolation {
        return decode(body, in -> {
            if (in.readByte() != STATUS_VERSION) {
                throw new ProtocolViolation("a status of another version");
            }
            String notWritable = in.readUTF();
            long chunkBytes = in.readLong();
            Map<Integer, Long> chunksByGroup = new TreeMap<>();
            for (int left = count(in); left > 0; left--) {
                chunksByGroup.put(in.readInt(), in.readLong());
            }
            LocalStatus local = new LocalStatus(
                    notWritable, chunkBytes, chunksByGroup, in.readInt(), in.readLong(), in.readLong(), in.readLong(), in.readLong(),
                    readScrub(in));
            List<GroupProgress> groups = new ArrayList<>();
            for (int left = count(in); left > 0; left--) {
                groups.add(new GroupProgress(in.readInt(), in.readBoolean(), in.readLong(), in.readLong(), in.readLong()));
            }
            return new ChunkNodeStatus(
                    local, groups, new RepairTally(in.readLong(), in.readLong(), in.readLong(), in.readLong()), in.readLong());
        });
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MAX_GROUPS) {
            throw new ProtocolViolation(count + " groups");
        }
        return count;
    }

    private static void putScrub(DataOutputStream out, ScrubReport scrub) throws IOException {
        for (long number : new long[] {
                scrub.passBeganMillis(), scrub.passChunks(), scrub.lastPassEndedMillis(), scrub.verifiedChunks(), scrub.verifiedBytes(),
                scrub.damagedFound(), scrub.lostFound(), scrub.repaired(), scrub.damagedNow()}) {
            out.writeLong(number);
        }
    }

    private static ScrubReport readScrub(DataInputStream in) throws IOException {
        return new ScrubReport(
                in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong(),
                in.readLong());
    }
}
