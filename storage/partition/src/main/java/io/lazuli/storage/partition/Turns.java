package io.lazuli.storage.partition;

import io.lazuli.storage.store.FencedException;
import io.lazuli.storage.store.StoreUnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The turns of a partition's writer, which decides at once and answers when all that an answer tells is durable. Answers are collected
 * in the open <em>turn</em>; a turn ends in one commit, or, if it changed nothing, in one confirmation that the writer is still the
 * owner. Only so many are under way; therefore the busier the partition, the more requests share a commit. Answers leave in the order
 * of the turns.
 *
 * <pre>
 * open --begin--> in flight --settled, and all before it--> answered as decided
 *   |                 +------failed, abandoned------------> answered as refused, or as timed out if it may have been committed
 *   +--failed, abandoned--> answered as refused
 * </pre>
 *
 * <p>Bounded: turns under way by {@code maxInFlight}; a turn that has {@code maxRequests} is full, which its owner heeds.
 *
 * @param <R> answers
 */
public final class Turns<R> {

    private record Waiting<R>(Consumer<R> replyTo, R reply, long bytes) {

        private void answer(R now) {
            replyTo.accept(now);
        }
    }

    /** One commit or confirmation and the answers that wait for it. */
    public static final class Turn<R> {

        private final Optional<SealedBatch> changes;
        private final List<Waiting<R>> waiting;
        private boolean settled;

        private Turn(Optional<SealedBatch> changes, List<Waiting<R>> waiting) {
            this.changes = changes;
            this.waiting = waiting;
        }

        /** What it commits; empty if it only confirms. */
        public Optional<SealedBatch> changes() {
            return changes;
        }

        public int requests() {
            return waiting.size();
        }

        /** As was said with the answers. */
        public long bytes() {
            return waiting.stream().mapToLong(Waiting::bytes).sum();
        }

        public void answer() {
            waiting.forEach(answer -> answer.answer(answer.reply));
        }
    }

    private final int maxInFlight;
    private final int maxRequests;
    private final R busy;
    private final R timedOut;
    private final Deque<Turn<R>> inFlight = new ArrayDeque<>();
    private List<Waiting<R>> open = new ArrayList<>();
    private boolean closed;

    /**
     * @param busy the answer that nothing was changed
     * @param timedOut the answer that it is not known what was changed
     */
    public Turns(int maxInFlight, int maxRequests, R busy, R timedOut) {
        this.maxInFlight = maxInFlight;
        this.maxRequests = maxRequests;
        this.busy = busy;
        this.timedOut = timedOut;
    }

    /**
     * Answers with the open turn.
     *
     * @param bytes that the request holds until then
     */
    public void add(Consumer<R> replyTo, R reply, long bytes) {
        open.add(new Waiting<>(replyTo, reply, bytes));
    }

    /** The open turn takes nothing more. */
    public void close() {
        closed = true;
    }

    public boolean isFull() {
        return closed || open.size() >= maxRequests;
    }

    /** Nothing waits to be answered. */
    public boolean isEmpty() {
        return inFlight.isEmpty() && open.isEmpty();
    }

    public boolean nothingInFlight() {
        return inFlight.isEmpty();
    }

    /** @param changed whether there is something to be committed, be it that nobody waits for it */
    public boolean mayBegin(boolean changed) {
        return inFlight.size() < maxInFlight && (changed || !open.isEmpty());
    }

    /** Ends the open turn; the caller begins to commit {@code changes}, or to confirm if there are none. */
    public Turn<R> begin(Optional<SealedBatch> changes) {
        Turn<R> turn = new Turn<>(changes, open);
        open = new ArrayList<>();
        closed = false;
        inFlight.add(turn);
        return turn;
    }

    /** Its commit or confirmation has succeeded. Tells the turns that are to be answered now, in order. */
    public List<Turn<R>> settled(Turn<R> turn) {
        turn.settled = true;
        List<Turn<R>> done = new ArrayList<>();
        while (!inFlight.isEmpty() && inFlight.peek().settled) {
            done.add(inFlight.remove());
        }
        return done;
    }

    /**
     * Answers all. The outcome of what was to be committed before {@code failing} is unknown; what was to be committed behind it shares its fate.
     *
     * @param failing empty if what failed is no commit and no confirmation
     */
    public void failed(Optional<Turn<R>> failing, Throwable cause) {
        boolean nothingApplied = cause instanceof FencedException
                || cause instanceof StoreUnavailableException unavailable && unavailable.definitelyNotApplied();
        answerAll(failing.filter(turn -> nothingApplied && turn.changes.isPresent()));
    }

    /** Answers all, since their owner ends. */
    public void abandoned() {
        answerAll(Optional.empty());
    }

    /** @param refused neither it nor what was to be committed behind it was committed */
    private void answerAll(Optional<Turn<R>> refused) {
        R ofCommits = timedOut;
        for (Turn<R> turn : inFlight) {
            ofCommits = refused.filter(turn::equals).isPresent() ? busy : ofCommits;
            R reply = turn.changes.isPresent() ? ofCommits : busy;
            turn.waiting.forEach(waiting -> waiting.answer(reply));
        }
        open.forEach(waiting -> waiting.answer(busy));
        inFlight.clear();
        open.clear();
    }
}
