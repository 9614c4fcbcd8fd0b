package io.lazuli.storage.chunk;

import io.lazuli.storage.chunk.local.BucketDigest;
import io.lazuli.storage.chunk.local.ChunkPart;
import io.lazuli.storage.chunk.local.DropReport;
import io.lazuli.storage.chunk.local.LocalChunks;
import io.lazuli.storage.chunk.local.LocalStatus;
import io.lazuli.storage.chunk.local.ScrubReport;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A node's chunks without a disk, whose troubles the test decides. */
final class MemoryChunks implements LocalChunks {

    private record Held(byte[] bytes, int[] checksums, boolean damaged) {}

    private final ConcurrentSkipListMap<ChunkId, Held> chunks = new ConcurrentSkipListMap<>();
    private final Set<ChunkId> garbage = ConcurrentHashMap.newKeySet();
    private volatile FaultListener listener;
    volatile boolean full;
    /** Of this one it does not tell which chunks it holds; -1 if there is none. */
    volatile int secretiveGroup = -1;
    /** Which chunks are damaged it does not tell. */
    volatile boolean hidesDamage;
    /** How often it was asked meanwhile. */
    final AtomicInteger damageHidden = new AtomicInteger();
    private final Set<CompletableFuture<?>> unanswered = ConcurrentHashMap.newKeySet();
    private volatile boolean stuck;

    /** From now on it takes what comes and answers nothing. */
    void stick() {
        stuck = true;
    }

    /** What came meanwhile fails. */
    void unstick() {
        stuck = false;
        unanswered.forEach(call -> call.completeExceptionally(new StorageException(StorageErrorCode.INTERNAL_ERROR)));
    }

    private <T> CompletionStage<T> noAnswer() {
        CompletableFuture<T> call = new CompletableFuture<>();
        unanswered.add(call);
        return call;
    }

    List<ChunkId> held() {
        return chunks.entrySet().stream().filter(chunk -> !chunk.getValue().damaged()).map(Map.Entry::getKey).toList();
    }

    /** One bit changes, and the next reader will see. */
    void flip(ChunkId id) {
        chunks.computeIfPresent(id, (key, held) -> new Held(held.bytes(), new int[held.checksums().length], false));
    }

    void loseAll() {
        Set<ChunkId> lost = Set.copyOf(chunks.keySet());
        chunks.clear();
        FaultListener told = listener;
        if (told != null) {
            lost.stream().map(ChunkId::group).distinct().forEach(told::lost);
        }
    }

    @Override
    public CompletionStage<Void> append(ChunkId id, int[] checksums, ByteBuffer bytes) {
        if (stuck) {
            return noAnswer();
        }
        if (full) {
            return CompletableFuture.failedStage(new StorageException(StorageErrorCode.INSUFFICIENT_STORAGE));
        }
        if (!Slices.match(bytes, checksums, 0)) {
            return CompletableFuture.failedStage(new ChunkDamagedException(id, "on its way"));
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        chunks.compute(id, (key, held) -> held == null || held.damaged() ? new Held(copy, checksums, false) : held);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<ChunkPart> read(ChunkId id, int offset, int maxBytes, ChunkBuffers buffers) {
        if (stuck) {
            return noAnswer();
        }
        Held held = chunks.get(id);
        if (held == null) {
            return CompletableFuture.failedStage(new ChunkMissingException(id));
        }
        int from = offset - offset % Slices.BYTES;
        int to = (int) Math.min(held.bytes().length, ((long) offset + maxBytes + Slices.BYTES - 1) / Slices.BYTES * Slices.BYTES);
        int[] checksums = java.util.Arrays.copyOfRange(held.checksums(), from / Slices.BYTES, Slices.count(to));
        if (held.damaged() || !Slices.match(ByteBuffer.wrap(held.bytes(), from, to - from), checksums, 0)) {
            chunks.put(id, new Held(held.bytes(), held.checksums(), true));
            FaultListener told = listener;
            if (told != null) {
                told.damaged(id);
            }
            return CompletableFuture.failedStage(new ChunkDamagedException(id, "here"));
        }
        return buffers.take(to - from).thenApply(buffer -> {
            buffer.bytes().put(held.bytes(), from, to - from).flip();
            return new ChunkPart(from, buffer, checksums, held.bytes().length);
        });
    }

    @Override
    public CompletionStage<Boolean> holds(ChunkId id) {
        Held held = chunks.get(id);
        return CompletableFuture.completedStage(held != null && !held.damaged());
    }

    @Override
    public List<BucketDigest> digests(int group) {
        Map<Long, BucketDigest> digests = new TreeMap<>();
        for (ChunkId id : held()) {
            if (id.group() == group) {
                long from = id.createdMillis() - id.createdMillis() % BucketDigest.BUCKET_MILLIS;
                digests.merge(from, new BucketDigest(from, 1, id.hashCode() * 31L), (a, b) ->
                        new BucketDigest(from, a.chunks() + b.chunks(), a.hash() ^ b.hash()));
            }
        }
        return List.copyOf(digests.values());
    }

    @Override
    public CompletionStage<List<ChunkId>> ids(int group, long fromMillis, long toMillis, ChunkId after, int maxIds) {
        if (group == secretiveGroup) {
            return CompletableFuture.failedStage(new StorageException(StorageErrorCode.INTERNAL_ERROR));
        }
        return CompletableFuture.completedStage(held().stream()
                .filter(id -> id.group() == group && id.createdMillis() >= fromMillis && id.createdMillis() < toMillis)
                .filter(id -> after == null || id.compareTo(after) > 0)
                .limit(maxIds)
                .toList());
    }

    @Override
    public CompletionStage<List<ChunkId>> damaged(ChunkId after, int maxIds) {
        if (hidesDamage) {
            damageHidden.incrementAndGet();
            return CompletableFuture.failedStage(new StorageException(StorageErrorCode.SERVER_BUSY));
        }
        return CompletableFuture.completedStage(chunks.entrySet().stream()
                .filter(chunk -> chunk.getValue().damaged())
                .map(Map.Entry::getKey)
                .filter(id -> after == null || id.compareTo(after) > 0)
                .limit(maxIds)
                .toList());
    }

    @Override
    public CompletionStage<Void> forget(ChunkId id) {
        chunks.remove(id);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<DropReport> drop(int group, NamedRuns named, long begunBeforeMillis) {
        long old = 0;
        long dropped = 0;
        long bytes = 0;
        for (ChunkId id : List.copyOf(chunks.keySet())) {
            if (id.group() == group && id.createdMillis() < begunBeforeMillis) {
                old++;
                if (!named.mayContain(id)) {
                    dropped++;
                    bytes += chunks.remove(id).bytes().length;
                    garbage.add(id);
                }
            }
        }
        return CompletableFuture.completedStage(new DropReport(group, old, dropped, bytes));
    }

    @Override
    public boolean knownGarbage(ChunkId id) {
        return garbage.contains(id);
    }

    @Override
    public void onFault(FaultListener faults) {
        listener = faults;
    }

    @Override
    public LocalStatus status() {
        Map<Integer, Long> byGroup = new TreeMap<>();
        List<ChunkId> held = new ArrayList<>(held());
        held.forEach(id -> byGroup.merge(id.group(), 1L, Long::sum));
        return new LocalStatus(full ? "full" : "", 0, byGroup, 0, 0, 0, 0, 0, new ScrubReport(0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Override
    public void close() {}
}
