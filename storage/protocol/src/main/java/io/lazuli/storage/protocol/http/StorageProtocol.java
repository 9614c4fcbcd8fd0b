package io.lazuli.storage.protocol.http;

import io.lazuli.security.StorageService;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.AccessPolicy;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

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
     * @param maxBodyBytes 0 for an operation without body, whose body, should there be one, is read over
     * @param expectedAnswerBytes 0 for a small answer, else what a large one may take; room for it is made before it runs
     */
    record PlannedRequest(int maxBodyBytes, int expectedAnswerBytes, Execution execution) {

        /** One with a small answer. */
        public PlannedRequest(int maxBodyBytes, Execution execution) {
            this(maxBodyBytes, 0, execution);
        }

        /** This one, run only after {@code access} has been found good still, and been completed. */
        public PlannedRequest allowedBy(Access access, Function<String, CompletionStage<List<AccessPolicy>>> policies) {
            return new PlannedRequest(maxBodyBytes, expectedAnswerBytes, access.isComplete()
                    ? body -> {
                        access.requireGoodKey();
                        return execution.run(body);
                    }
                    : body -> access.completed(policies).thenCompose(allowed -> execution.run(body)));
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
}
