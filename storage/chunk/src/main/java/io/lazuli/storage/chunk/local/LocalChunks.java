package io.lazuli.storage.chunk.local;

import io.lazuli.storage.chunk.ChunkBuffers;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.NamedRuns;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The chunks on the disk of one storage node, whatever other nodes hold. Any thread may call; none is blocked: all work is done on the
 * node's own few threads, behind bounded queues, and results come on these.
 *
 * <p>Too much under way is {@link io.lazuli.storage.model.StorageException} ServerBusy; no room InsufficientStorage; a failing disk or
 * closing InternalError.
 */
public interface LocalChunks extends AutoCloseable {

    /** Ids in one page at most. */
    int MAX_PAGE_IDS = 4096;

    /** Hears of trouble, on a thread of the node's disk: must return at once. */
    interface FaultListener {

        /** This chunk was just found damaged or unreadable; it waits for {@link #append} to bring it again. */
        void damaged(ChunkId id);

        /** Chunks of this group were lost with a file and are held no more. */
        void lost(int group);
    }

    /**
     * Stores a chunk: the bytes from position to limit, a direct buffer that must not change until this completes; it completes when they
     * are on disk. A chunk that is held already is not written again; one that is damaged is replaced. Fails with
     * {@link io.lazuli.storage.chunk.ChunkDamagedException} if the bytes do not have the checksums.
     *
     * @param checksums of all slices of the chunk ({@link io.lazuli.storage.chunk.Slices})
     */
    CompletionStage<Void> append(ChunkId id, int[] checksums, ByteBuffer bytes);

    /**
     * Reads the slices that hold the bytes from {@code offset} on, {@code maxBytes} of them or up to the end of the chunk. Fails with
     * {@link io.lazuli.storage.chunk.ChunkMissingException}, {@link io.lazuli.storage.chunk.ChunkDamagedException} (if one of these slices
     * is; good ones of a damaged chunk are given), or IllegalArgumentException beyond the end.
     */
    CompletionStage<ChunkPart> read(ChunkId id, int offset, int maxBytes, ChunkBuffers buffers);

    /** Whether a good copy is held, as far as is known. */
    CompletionStage<Boolean> holds(ChunkId id);

    /** What is held of a group, oldest first; from memory. Damaged chunks do not count: whoever compares finds them lacking. */
    List<BucketDigest> digests(int group);

    /**
     * The good chunks of a group with {@code fromMillis <= createdMillis < toMillis}, in order, from the first one behind {@code after}
     * (null: from the first). Fewer than {@code maxIds} (1 to {@link #MAX_PAGE_IDS}): there are no more.
     */
    CompletionStage<List<ChunkId>> ids(int group, long fromMillis, long toMillis, ChunkId after, int maxIds);

    /** Chunks of any group that are damaged or were lost and wait for {@link #append} to bring them again, in order, as {@link #ids}. */
    CompletionStage<List<ChunkId>> damaged(ChunkId after, int maxIds);

    /** Holds the chunk no more. It is no error if it is not there. */
    CompletionStage<Void> forget(ChunkId id);

    /**
     * Drops the chunks of a group whose runs were begun before a time and are not named. With an empty {@code named} and
     * {@link Long#MAX_VALUE}: the whole group. The room comes back as extents are compacted.
     */
    CompletionStage<DropReport> drop(int group, NamedRuns named, long begunBeforeMillis);

    /** Whether a drop since the start has found this chunk to be garbage, so that it need not be fetched from who has not dropped it yet. */
    boolean knownGarbage(ChunkId id);

    /** One at a time; a later one replaces it. */
    void onFault(FaultListener listener);

    LocalStatus status();

    /** Waits for what is under way. */
    @Override
    void close();
}
