package io.lazuli.storage.store;

import io.lazuli.storage.store.raft.NotLeaderException;
import io.lazuli.storage.store.raft.RaftException;
import io.lazuli.storage.store.raft.RaftGroup;
import io.lazuli.storage.store.raft.RaftStateMachine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** A group of one replica without consensus: applies what is submitted, and replays its log, which tests keep, when opened. */
final class SoloRaft implements RaftGroup {

    /** What would be on disk. */
    static final class Log {
        private final List<byte[]> entries = new ArrayList<>();

        synchronized long append(byte[] entry) {
            entries.add(entry);
            return entries.size();
        }

        synchronized List<byte[]> after(long index) {
            return List.copyOf(entries.subList((int) index, entries.size()));
        }

        synchronized int size() {
            return entries.size();
        }
    }

    private final int group;
    private final Log log;
    private final RaftStateMachine machine;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private volatile boolean leading = true;
    private volatile boolean losesAnswers;

    SoloRaft(int group, Log log, RaftStateMachine machine) {
        this.group = group;
        this.log = log;
        this.machine = machine;
        long index = machine.appliedIndex();
        for (byte[] entry : log.after(index)) {
            machine.apply(++index, ByteBuffer.wrap(entry));
        }
        machine.flushApplied();
        machine.onLeadership(true, 1);
    }

    /** Whether submissions are refused. */
    void leading(boolean leading) {
        this.leading = leading;
    }

    /** Whether entries are applied but answered by a failure. */
    void losesAnswers(boolean losesAnswers) {
        this.losesAnswers = losesAnswers;
    }

    @Override
    public int group() {
        return group;
    }

    @Override
    public CompletionStage<Applied> submit(byte[] entry) {
        if (!leading) {
            return CompletableFuture.failedFuture(new NotLeaderException(group));
        }
        boolean answered = !losesAnswers;
        return onThread(() -> {
            long index = log.append(entry);
            byte[] result = machine.apply(index, ByteBuffer.wrap(entry));
            machine.flushApplied();
            if (!answered) {
                throw new RaftException("the answer is lost");
            }
            return new Applied(index, result);
        });
    }

    @Override
    public CompletionStage<Long> readBarrier() {
        return leading ? onThread(machine::appliedIndex) : CompletableFuture.failedFuture(new NotLeaderException(group));
    }

    @Override
    public RaftStatus status() {
        RaftPeer self = new RaftPeer("localhost:1");
        return new RaftStatus(group, leading, 1, self, List.of(self), machine.appliedIndex(), log.size(), List.of(), null);
    }

    @Override
    public CompletionStage<Void> addPeer(RaftPeer peer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> removePeer(RaftPeer peer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> transferLeadership(RaftPeer peer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> snapshot() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        thread.close();
    }

    private <T> CompletionStage<T> onThread(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, thread);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new NotLeaderException(group));
        }
    }
}
