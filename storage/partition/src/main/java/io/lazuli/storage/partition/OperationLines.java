package io.lazuli.storage.partition;

import io.lazuli.storage.model.StorageErrorCode;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The operations that a directory is about: those on the same name run one after the other, on different names side by side, and those
 * on no name beside all of them.
 *
 * <pre>
 * in the line of its name --those before it finished--> running --> finished
 *    +--overdue--> dropped, its request timed out          +--overdue--> goes on, its request timed out
 *    +--abandoned--> its request is refused                +--abandoned--> its request timed out
 * </pre>
 *
 * <p>Bounded, as long as its owner begins nothing while it {@link #isFull}: by the requests that wait, and by the operations that run.
 *
 * @param <Q> requests
 */
public final class OperationLines<Q, O extends OperationLines.Operation<Q>> {

    /** One change under way. */
    public abstract static class Operation<Q> {

        private final Optional<String> name;
        private Optional<Q> request;

        /**
         * @param request empty if nobody asked for it
         * @param name empty if it is not about one
         */
        protected Operation(Optional<Q> request, Optional<String> name) {
            this.request = request;
            this.name = name;
        }

        /** Empty if it is not about one. */
        public final Optional<String> name() {
            return name;
        }

        /** Empty if nobody waits for it, or nobody does any more. */
        public final Optional<Q> request() {
            return request;
        }
    }

    private final int maxRequests;
    private final int maxRunning;
    private final BiConsumer<Q, StorageErrorCode> refuse;
    private final Set<O> running = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Of each name that has an operation running: that one and the ones after it. */
    private final Map<String, Deque<O>> byName = new HashMap<>();
    private int requests;

    /** @param refuse answers a request */
    public OperationLines(int maxRequests, int maxRunning, BiConsumer<Q, StorageErrorCode> refuse) {
        this.maxRequests = maxRequests;
        this.maxRunning = maxRunning;
        this.refuse = refuse;
    }

    /** As many requests wait, or operations run, as may. */
    public boolean isFull() {
        return requests >= maxRequests || !mayRunMore();
    }

    public boolean mayRunMore() {
        return running.size() < maxRunning;
    }

    public boolean isIdle() {
        return running.isEmpty();
    }

    /** The one that runs; empty if nothing is under way with that name. */
    public Optional<O> running(String name) {
        return Optional.ofNullable(byName.get(name)).map(Deque::peek);
    }

    /** Takes an operation on a name; true if it runs at once. */
    public boolean join(O operation) {
        Deque<O> line = byName.computeIfAbsent(operation.name().orElseThrow(), name -> new ArrayDeque<>());
        line.add(operation);
        count(operation);
        return line.size() == 1 && running.add(operation);
    }

    /** Takes an operation on no name, which runs at once. */
    public void joinBeside(O operation) {
        count(operation);
        running.add(operation);
    }

    /** Takes off an operation that ran. Tells the one behind it, which runs from now on. */
    public Optional<O> finish(O operation, Consumer<Q> answer) {
        running.remove(operation);
        release(operation, answer);
        return operation.name().flatMap(name -> {
            Deque<O> line = byName.get(name);
            line.remove();
            Optional<O> next = Optional.ofNullable(line.peek());
            next.ifPresentOrElse(running::add, () -> byName.remove(name));
            return next;
        });
    }

    /** Its request, if there still is one, has waited too long. What runs goes on without it; true if it had only waited and was dropped. */
    public boolean overdue(O operation) {
        if (operation.request().isEmpty()) {
            return false;
        }
        release(operation, request -> refuse.accept(request, StorageErrorCode.OPERATION_TIMED_OUT));
        return !running.contains(operation) && byName.get(operation.name().orElseThrow()).remove(operation);
    }

    /** Answers all, since their owner ends. */
    public void abandon() {
        running.forEach(operation -> release(operation, request -> refuse.accept(request, StorageErrorCode.OPERATION_TIMED_OUT)));
        byName.values().forEach(line -> line.forEach(operation ->
                release(operation, request -> refuse.accept(request, StorageErrorCode.SERVER_BUSY))));
        running.clear();
        byName.clear();
    }

    private void count(O operation) {
        requests += operation.request().isPresent() ? 1 : 0;
    }

    private void release(Operation<Q> operation, Consumer<Q> answer) {
        operation.request.ifPresent(request -> {
            answer.accept(request);
            operation.request = Optional.empty();
            requests--;
        });
    }
}
