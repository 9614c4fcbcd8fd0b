package io.lazuli.storage.chunk.replication;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.Failures;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.ChunkNodeStatus;
import io.lazuli.storage.chunk.ChunkUpkeep;
import io.lazuli.storage.chunk.ClockDiffersException;
import io.lazuli.storage.chunk.NamedRuns;
import io.lazuli.storage.chunk.NodeChunks;
import io.lazuli.storage.chunk.NodeChunks.EncodedRuns;
import io.lazuli.storage.chunk.NodeChunks.NodeSweep;
import io.lazuli.storage.chunk.SweepReport;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks all storage nodes, each for itself. */
public final class CloudUpkeep implements ChunkUpkeep {

    private static final Logger LOG = LoggerFactory.getLogger(CloudUpkeep.class);

    private final Peers peers;
    private final Clock clock;

    public CloudUpkeep(Peers peers, Clock clock) {
        this.peers = peers;
        this.clock = clock;
    }

    /** This node last, and not if another one's clock differs: nobody can tell which of the two is wrong. */
    @Override
    public CompletionStage<SweepReport> sweep(NamedRuns named, long begunBeforeMillis) {
        EncodedRuns encoded = EncodedRuns.of(named);
        Function<NodeChunks, CompletionStage<NodeSweep>> sweeping =
                node -> node.sweep(encoded, begunBeforeMillis, clock.epochMillis());
        List<NodeChunks> others = peers.all().stream().filter(node -> !peers.isOwn(node)).toList();
        List<NodeChunks> own = peers.all().stream().filter(peers::isOwn).toList();
        AtomicReference<Throwable> clockDiffers = new AtomicReference<>();
        return ask(others, node -> sweeping.apply(node).whenComplete((swept, failure) -> {
            if (failure != null && Failures.cause(failure) instanceof ClockDiffersException differs) {
                LOG.warn("node {} drops no garbage: {}", node.node(), differs.getMessage());
                clockDiffers.set(differs);
            }
        })).thenCompose(answers -> ask(own, node -> clockDiffers.get() == null
                ? sweeping.apply(node)
                : CompletableFuture.<NodeSweep>failedStage(clockDiffers.get())).thenApply(ownAnswer -> {
                    answers.putAll(ownAnswer);
                    return report(answers);
                }));
    }

    private static SweepReport report(SortedMap<NodeId, Optional<NodeSweep>> answers) {
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
    }

    @Override
    public CompletionStage<SortedMap<NodeId, Optional<ChunkNodeStatus>>> status() {
        return ask(peers.all(), NodeChunks::status);
    }

    private <T> CompletionStage<SortedMap<NodeId, Optional<T>>> ask(
            List<NodeChunks> nodes, Function<NodeChunks, CompletionStage<T>> question) {
        SortedMap<NodeId, CompletableFuture<Optional<T>>> asked = new TreeMap<>();
        for (NodeChunks node : nodes) {
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
