package io.lazuli.storage.chunk.replication;

import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.ChunkNodeStatus;
import io.lazuli.storage.chunk.ChunkUpkeep;
import io.lazuli.storage.chunk.NamedRuns;
import io.lazuli.storage.chunk.NodeChunks;
import io.lazuli.storage.chunk.NodeChunks.EncodedRuns;
import io.lazuli.storage.chunk.NodeChunks.NodeSweep;
import io.lazuli.storage.chunk.SweepReport;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks all storage nodes, each for itself. */
public final class CloudUpkeep implements ChunkUpkeep {

    private static final Logger LOG = LoggerFactory.getLogger(CloudUpkeep.class);

    private final Peers peers;

    public CloudUpkeep(Peers peers) {
        this.peers = peers;
    }

    @Override
    public CompletionStage<SweepReport> sweep(NamedRuns named, long begunBeforeMillis) {
        EncodedRuns encoded = EncodedRuns.of(named);
        return askAll(node -> node.sweep(encoded, begunBeforeMillis)).thenApply(answers -> {
            long chunks = 0;
            long bytes = 0;
            SortedSet<NodeId> silent = new TreeSet<>();
            for (var answer : answers.entrySet()) {
                Optional<NodeSweep> sweep = answer.getValue();
                if (sweep.isEmpty()) {
                    silent.add(answer.getKey());
                    continue;
                }
                chunks += sweep.get().droppedChunks();
                bytes += sweep.get().droppedBytes();
            }
            return new SweepReport(chunks, bytes, silent);
        });
    }

    @Override
    public CompletionStage<SortedMap<NodeId, Optional<ChunkNodeStatus>>> status() {
        return askAll(NodeChunks::status);
    }

    private <T> CompletionStage<SortedMap<NodeId, Optional<T>>> askAll(Function<NodeChunks, CompletionStage<T>> question) {
        SortedMap<NodeId, CompletableFuture<Optional<T>>> asked = new TreeMap<>();
        for (NodeChunks node : peers.all()) {
            asked.put(node.node(), question.apply(node).handle((answer, failure) -> {
                if (failure != null) {
                    LOG.info("node {} did not answer: {}", node.node(), failure.toString());
                }
                return Optional.ofNullable(answer);
            }).toCompletableFuture());
        }
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new)).thenApply(all -> {
            SortedMap<NodeId, Optional<T>> answers = new TreeMap<>();
            asked.forEach((node, answer) -> answers.put(node, answer.join()));
            return answers;
        });
    }
}
