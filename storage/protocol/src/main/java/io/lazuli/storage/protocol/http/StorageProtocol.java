package io.lazuli.storage.protocol.http;

import io.lazuli.security.StorageService;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.blob.ContainerState.PublicAccess;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One storage service's protocol behind the edge. Each event loop has its own instance and calls it on that loop only, so
 * an instance needs no locks; it must not block.
 */
public interface StorageProtocol {

    StorageService service();

    /** The {@code Server} header, e.g. {@code Lazuli-Queue/1.0}. */
    String serverName();

    /**
     * Decides from the head of a request, before any of its body is read, what it is and whether it may.
     *
     * @throws StorageException if it is wrong or not allowed
     */
    PlannedRequest plan(ServiceRequest request);

    /** Whether what is streamed waits for memory that slow clients may hold. Any thread. */
    default boolean isShortOfMemory() {
        return false;
    }

    /** Adds what browsers of other origins need to the answer of a planned request that has an {@code Origin} header. */
    CompletionStage<Reply> withCors(ServiceRequest request, Reply reply);

    /**
     * An error as this service's clients expect it: status and body; the headers of errors are added to it. It must not throw.
     *
     * @param request null if its head could not be read
     * @param requestId and {@code nowMillis} find the request in the log and belong into the message for people
     */
    default Reply errorReply(ServiceRequest request, StorageException failure, String requestId, long nowMillis) {
        return ErrorReplies.xml(failure, requestId, nowMillis);
    }

    /**
     * Has a body that is held whole, or one that is streamed, or none while it streams something else: two of the three executions are null.
     *
     * @param maxBodyBytes 0 for an operation without body, whose body, should there be one, is read over
     * @param expectedAnswerBytes 0 for a small answer or one whose body is streamed, else what a large one may take; room for it is made before it runs
     */
    record PlannedRequest(long maxBodyBytes, int expectedAnswerBytes, Execution execution, StreamingExecution streamingExecution,
            LastingExecution lastingExecution) {

        public PlannedRequest(int maxBodyBytes, int expectedAnswerBytes, Execution execution) {
            this(maxBodyBytes, expectedAnswerBytes, execution, null, null);
        }

        /** One with a small answer. */
        public PlannedRequest(int maxBodyBytes, Execution execution) {
            this(maxBodyBytes, 0, execution);
        }

        /** One that runs before its body comes, which it takes in as it comes. */
        public static PlannedRequest streaming(long maxBodyBytes, StreamingExecution execution) {
            return new PlannedRequest(maxBodyBytes, 0, null, execution, null);
        }

        /** One without a body that lasts as long as it says that bytes move. */
        public static PlannedRequest lasting(LastingExecution execution) {
            return new PlannedRequest(0, 0, null, null, execution);
        }

        /** This one, run only after {@code access} has been found good still, and been completed. */
        public PlannedRequest allowedBy(Access access, Function<String, CompletionStage<List<AccessPolicy>>> policies) {
            return allowedBy(access, () -> access.completed(policies));
        }

        /** The same for containers, whose public access may allow what nobody signed. */
        public PlannedRequest allowedBy(
                Access access, Function<String, CompletionStage<List<AccessPolicy>>> policies,
                Function<String, CompletionStage<PublicAccess>> publicAccess) {
            return allowedBy(access, () -> access.completed(policies, publicAccess));
        }

        private PlannedRequest allowedBy(Access access, Supplier<CompletionStage<Access>> completed) {
            return new PlannedRequest(maxBodyBytes, expectedAnswerBytes,
                    execution == null ? null : body -> allowed(access, completed, () -> execution.run(body)),
                    streamingExecution == null ? null : body -> allowed(access, completed, () -> streamingExecution.run(body)),
                    lastingExecution == null ? null : progress -> allowed(access, completed, () -> lastingExecution.run(progress)));
        }

        private static CompletionStage<Reply> allowed(
                Access access, Supplier<CompletionStage<Access>> completed, Supplier<CompletionStage<Reply>> execution) {
            if (access.isComplete()) {
                access.requireGoodKey();
                return execution.get();
            }
            return completed.get().thenCompose(allowed -> execution.get());
        }
    }

    @FunctionalInterface
    interface Execution {

        /**
         * Runs with the whole body; may throw, and the stage may fail, with {@code StorageException}. It may complete on any thread.
         *
         * @param body given away
         */
        CompletionStage<Reply> run(byte[] body);
    }

    @FunctionalInterface
    interface StreamingExecution {

        /**
         * Runs with a body of which nothing has been read, on any thread; may throw, and the stage may fail, with {@code StorageException}. It
         * may complete on any thread, also before the body has been taken in, whose rest is then nobody's.
         */
        CompletionStage<Reply> run(BodyStream body);
    }

    @FunctionalInterface
    interface LastingExecution {

        /** Runs as {@link Execution} does; it is given up when it has said nothing of any progress for {@code request-timeout}. */
        CompletionStage<Reply> run(Progress progress);
    }
}
