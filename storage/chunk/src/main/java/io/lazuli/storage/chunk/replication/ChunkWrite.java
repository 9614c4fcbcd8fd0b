package io.lazuli.storage.chunk.replication;

import io.lazuli.kernel.Failures;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.NodeChunks;
import io.lazuli.storage.chunk.SharedBuffer;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one chunk to the nodes of its group: all at once, done when a majority has it, and asked again as long as it takes to get one. What
 * has been told to the caller is told once.
 *
 * <pre>
 * open --majority, few bytes lag--> told --all have answered--> over
 * open --majority, many lag-------> waiting for the slowest --all have answered, or patience ends--> told
 * open --no room, or too late----------------------------------------------------------------------> told
 * </pre>
 *
 * <p>Its own hold of the bytes ends when no node will be asked again; each node that is being asked holds them for itself, for as long as one
 * call takes at most. A node that missed the chunk is told to compare.
 */
final class ChunkWrite {

    private static final Logger LOG = LoggerFactory.getLogger(ChunkWrite.class);
    private static final long RETRY_MILLIS = 200;

    private final ReplicatedChunkStore store;
    private final ChunkId id;
    private final int[] checksums;
    private final SharedBuffer bytes;
    private final int lengthBytes;
    private final CompletableFuture<Void> told = new CompletableFuture<>();
    private final WriteVotes votes = new WriteVotes();
    private final Map<NodeId, NodeChunks> nodes = new HashMap<>();
    private Future<?> deadline;
    /** Nobody will be asked any more. */
    private boolean settled;
    private boolean lagging;
    private boolean retryScheduled;
    private Throwable lastFailure;

    /** @param bytes given away */
    ChunkWrite(ReplicatedChunkStore store, ChunkId id, int[] checksums, SharedBuffer bytes) {
        this.store = store;
        this.id = id;
        this.checksums = checksums;
        this.bytes = bytes;
        this.lengthBytes = bytes.lengthBytes();
    }

    CompletionStage<Void> start() {
        synchronized (this) {
            deadline = store.timer().after(store.settings().appendTimeoutMillis(), this::tooLate);
        }
        ask(true);
        return told;
    }

    /** @param first whether nodes that are known to be down are spared */
    private void ask(boolean first) {
        List<NodeChunks> asked = new ArrayList<>();
        synchronized (this) {
            retryScheduled = false;
            if (settled) {
                return;
            }
            store.placementOf(id.group()).ifPresent(placement -> {
                placement.nodes().forEach(node -> nodes.put(node.node(), node));
                votes.place(placement.voters(), placement.majority(), placement.nodes().stream().map(NodeChunks::node).toList());
            });
            boolean enoughUp = votes.toAsk().stream().anyMatch(node -> !nodes.get(node).down());
            for (NodeId node : votes.toAsk()) {
                if (!first || !enoughUp || !nodes.get(node).down()) {
                    votes.asked(node);
                    bytes.retain();
                    asked.add(nodes.get(node));
                }
            }
        }
        for (NodeChunks node : asked) {
            node.append(id, checksums, bytes).whenComplete((stored, failure) -> answered(node.node(), failure));
            bytes.release();
        }
        decide();
    }

    private void answered(NodeId node, Throwable failure) {
        synchronized (this) {
            if (failure == null) {
                votes.stored(node);
            } else if (Failures.cause(failure) instanceof StorageException refused && refused.error() == StorageErrorCode.INSUFFICIENT_STORAGE) {
                votes.noRoom(node);
            } else {
                LOG.debug("chunk {} is not on node {} yet: {}", id, node, failure.toString());
                lastFailure = failure;
                votes.failed(node);
            }
        }
        decide();
    }

    private void decide() {
        Runnable then = () -> { };
        synchronized (this) {
            boolean over = votes.allAnswered();
            if (settled) {
                if (over && lagging) {
                    lagging = false;
                    store.lags(-lengthBytes);
                    then = () -> {
                        told.complete(null);
                        tellLacking();
                    };
                }
            } else {
                switch (votes.verdict()) {
                    case STORED -> {
                        settle();
                        if (over) {
                            then = () -> {
                                told.complete(null);
                                tellLacking();
                            };
                        } else {
                            lagging = true;
                            boolean patient = store.lags(lengthBytes) > store.settings().maxLaggingBytes();
                            then = () -> afterMajority(patient);
                        }
                    }
                    case NO_ROOM -> {
                        settle();
                        then = () -> told.completeExceptionally(new StorageException(StorageErrorCode.INSUFFICIENT_STORAGE));
                    }
                    case OPEN -> {
                        if (store.isClosed() && over) {
                            settle();
                            then = () -> told.completeExceptionally(new StorageException(StorageErrorCode.SERVER_BUSY));
                        } else {
                            retryLater();
                        }
                    }
                }
            }
        }
        then.run();
    }

    private void afterMajority(boolean patient) {
        if (patient) {
            Future<?> patience = store.timer().after(store.settings().lagPatienceMillis(), () -> told.complete(null));
            told.whenComplete((done, failure) -> patience.cancel(false));
        } else {
            told.complete(null);
        }
    }

    private void retryLater() {
        if (!retryScheduled && (votes.allAnswered() || !votes.toAsk().isEmpty())) {
            retryScheduled = true;
            store.timer().after(RETRY_MILLIS, () -> ask(false));
        }
    }

    private void tooLate() {
        synchronized (this) {
            if (settled) {
                return;
            }
            settle();
            LOG.warn("chunk {} found no majority in time: {}", id, String.valueOf(lastFailure));
        }
        told.completeExceptionally(new StorageException(StorageErrorCode.SERVER_BUSY));
    }

    private void settle() {
        settled = true;
        deadline.cancel(false);
        bytes.release();
    }

    private void tellLacking() {
        List<NodeChunks> lacking;
        synchronized (this) {
            lacking = votes.lacking().stream().map(nodes::get).toList();
        }
        lacking.forEach(store::lacks);
    }
}
