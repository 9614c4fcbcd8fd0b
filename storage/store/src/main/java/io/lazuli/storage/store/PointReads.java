package io.lazuli.storage.store;

import io.lazuli.storage.model.PartitionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Reads of single rows of the latest state on their way to a group's leader, here or on another node. A message between nodes costs
 * far more than a read, and so do a barrier and a change of threads; so, as with commits: while two journeys are under way, the
 * reads that come wait and travel together in the next one. A lone read leaves at once; nobody waits for a timer.
 *
 * <p>A journey that fails fails all that wait, too: most likely the leader is another by now, and whoever repeats a read finds it.
 *
 * <p>Bounded: {@link #MAX_UNDER_WAY} journeys, {@link #MAX_PER_JOURNEY} reads in each, {@link #MAX_WAITING} reads that wait, beyond
 * which they are refused. Safe for use by any threads.
 */
final class PointReads {

    static final int MAX_UNDER_WAY = 2;
    static final int MAX_PER_JOURNEY = 64;
    static final int MAX_WAITING = 10_000;

    /** What one read asks for. */
    record Wanted(PartitionId partition, List<byte[]> keys) {}

    /** Its answer: one of each read, in order, or fewer if the first ones filled it. */
    interface Journey extends Function<List<Wanted>, CompletionStage<List<RowsRead>>> {}

    private record Waiting(Wanted wanted, CompletableFuture<RowsRead> result) {}

    private final Journey journey;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int underWay;

    PointReads(Journey journey) {
        this.journey = journey;
    }

    CompletionStage<RowsRead> read(PartitionId partition, List<byte[]> keys) {
        Waiting read = new Waiting(new Wanted(partition, keys), new CompletableFuture<>());
        synchronized (this) {
            if (waiting.size() >= MAX_WAITING) {
                return CompletableFuture.failedStage(new StoreUnavailableException("too many reads wait", true));
            }
            waiting.add(read);
        }
        sendNext();
        return read.result;
    }

    private void sendNext() {
        List<Waiting> message = new ArrayList<>();
        synchronized (this) {
            if (underWay >= MAX_UNDER_WAY || waiting.isEmpty()) {
                return;
            }
            while (message.size() < MAX_PER_JOURNEY && !waiting.isEmpty()) {
                message.add(waiting.remove());
            }
            underWay++;
        }
        journey.apply(message.stream().map(Waiting::wanted).toList()).whenComplete((answers, failure) -> arrived(message, answers, failure));
    }

    /** The next message leaves before the answers are handed out, because that may take its time. */
    private void arrived(List<Waiting> message, List<RowsRead> answers, Throwable failure) {
        if (failure != null) {
            failed(message, failure);
            return;
        }
        synchronized (this) {
            underWay--;
            for (int i = message.size() - 1; i >= answers.size(); i--) {
                waiting.addFirst(message.get(i));
            }
        }
        sendNext();
        for (int i = 0; i < answers.size(); i++) {
            message.get(i).result.complete(answers.get(i));
        }
    }

    private void failed(List<Waiting> message, Throwable failure) {
        List<Waiting> failed = new ArrayList<>(message);
        synchronized (this) {
            underWay--;
            failed.addAll(waiting);
            waiting.clear();
        }
        failed.forEach(read -> read.result.completeExceptionally(failure));
    }
}
