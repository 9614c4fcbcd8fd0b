package io.lazuli.storage.protocol.queue;

import io.lazuli.security.HttpDates;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.partition.queue.QueueService.MessageDraft;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.service.Parameters;
import java.util.OptionalInt;

/**
 * The operations on messages: parameters checked from the head of the request, then run with its body. Source: "Put Message",
 * "Get Messages", "Peek Messages", "Delete Message", "Clear Messages", "Update Message".
 */
final class MessageRequests {

    static final int MAX_VISIBILITY_SECONDS = 7 * 24 * 3600;
    static final int MAX_OLD_VISIBILITY_SECONDS = 2 * 3600;
    static final int DEFAULT_RECEIVE_VISIBILITY_SECONDS = 30;
    static final int MAX_OLD_TIME_TO_LIVE_SECONDS = 7 * 24 * 3600;
    static final int DEFAULT_TIME_TO_LIVE_SECONDS = 7 * 24 * 3600;
    static final int NEVER = -1;
    static final int MAX_RECEIVED = 32;
    static final int MAX_POP_RECEIPT_CHARS = 1024;
    static final int MAX_MESSAGE_ID_CHARS = 64;

    private static final String VISIBILITY_SINCE = "2011-08-18";
    private static final String ANSWER_TO_PUT_SINCE = "2016-05-31";
    private static final String LONG_LIFE_SINCE = "2017-07-29";
    private static final String VISIBILITY = "visibilitytimeout";
    private static final String TIME_TO_LIVE = "messagettl";

    private final QueueService queues;

    MessageRequests(QueueService queues) {
        this.queues = queues;
    }

    PlannedRequest put(ServiceRequest request, String queue) {
        requireVisibilityAllowed(request);
        int visibilitySeconds = Parameters.numberWithin(request, VISIBILITY, 0, MAX_VISIBILITY_SECONDS, 0);
        int timeToLiveSeconds = timeToLiveSeconds(request);
        if (timeToLiveSeconds != NEVER && visibilitySeconds >= timeToLiveSeconds) {
            throw BadRequests.invalidParameter(VISIBILITY, Integer.toString(visibilitySeconds), "must be shorter than messagettl");
        }
        long timeToLiveMillis = timeToLiveSeconds == NEVER ? NEVER : timeToLiveSeconds * 1000L;
        return new PlannedRequest(MessageBodies.MAX_BODY_BYTES, body -> {
            byte[] text = MessageBodies.readText(body, request.version());
            return queues.put(request.account(), queue, new MessageDraft(text, timeToLiveMillis, visibilitySeconds * 1000L))
                    .thenApply(message -> request.version().isSince(ANSWER_TO_PUT_SINCE)
                            ? Reply.xml(201, MessageBodies.write(message))
                            : Reply.empty(201));
        });
    }

    private static int timeToLiveSeconds(ServiceRequest request) {
        OptionalInt asked = Parameters.number(request, TIME_TO_LIVE);
        if (asked.isEmpty()) {
            return DEFAULT_TIME_TO_LIVE_SECONDS;
        }
        int seconds = asked.getAsInt();
        String text = request.query().first(TIME_TO_LIVE);
        if (!request.version().isSince(LONG_LIFE_SINCE)) {
            return Parameters.numberWithin(request, TIME_TO_LIVE, 1, MAX_OLD_TIME_TO_LIVE_SECONDS, 0);
        }
        if (seconds != NEVER && seconds < 1) {
            throw BadRequests.invalidParameter(TIME_TO_LIVE, text, "must be 1 or more, or -1 for a message that does not expire");
        }
        return seconds;
    }

    PlannedRequest receive(ServiceRequest request, String queue) {
        boolean old = !request.version().isSince(VISIBILITY_SINCE);
        int count = count(request);
        int visibilitySeconds = Parameters.numberWithin(
                request, VISIBILITY, 1, old ? MAX_OLD_VISIBILITY_SECONDS : MAX_VISIBILITY_SECONDS, DEFAULT_RECEIVE_VISIBILITY_SECONDS);
        return new PlannedRequest(0, MessageBodies.answerBytes(count), body -> queues.receive(request.account(), queue, count, visibilitySeconds * 1000L)
                .thenApply(messages -> Reply.xml(200, MessageBodies.writeReceived(messages))));
    }

    PlannedRequest peek(ServiceRequest request, String queue) {
        int count = count(request);
        return new PlannedRequest(0, MessageBodies.answerBytes(count), body -> queues.peek(request.account(), queue, count)
                .thenApply(messages -> Reply.xml(200, MessageBodies.writePeeked(messages))));
    }

    PlannedRequest update(ServiceRequest request, String queue, String messageId) {
        if (!request.version().isSince(VISIBILITY_SINCE)) {
            throw new StorageException(StorageErrorCode.UNSUPPORTED_HTTP_VERB);
        }
        checkMessageId(messageId);
        String popReceipt = Parameters.required(request, "popreceipt", MAX_POP_RECEIPT_CHARS);
        int visibilitySeconds = Parameters.numberWithin(request, VISIBILITY, 0, MAX_VISIBILITY_SECONDS, NEVER);
        if (visibilitySeconds == NEVER) {
            throw BadRequests.missingParameter(VISIBILITY);
        }
        return new PlannedRequest(MessageBodies.MAX_BODY_BYTES, body -> {
            byte[] text = MessageBodies.readOptionalText(body, request.version());
            return queues.update(request.account(), queue, messageId, popReceipt, text, visibilitySeconds * 1000L)
                    .thenApply(updated -> Reply.empty(204)
                            .header("x-ms-popreceipt", updated.popReceipt())
                            .header("x-ms-time-next-visible", HttpDates.format(updated.nextVisibleAtMillis())));
        });
    }

    PlannedRequest delete(ServiceRequest request, String queue, String messageId) {
        checkMessageId(messageId);
        String popReceipt = Parameters.required(request, "popreceipt", MAX_POP_RECEIPT_CHARS);
        return new PlannedRequest(0, body -> queues.delete(request.account(), queue, messageId, popReceipt)
                .thenApply(done -> Reply.empty(204)));
    }

    PlannedRequest clear(ServiceRequest request, String queue) {
        return new PlannedRequest(0, body -> queues.clear(request.account(), queue).thenApply(done -> Reply.empty(204)));
    }

    private static int count(ServiceRequest request) {
        return Parameters.numberWithin(request, "numofmessages", 1, MAX_RECEIVED, 1);
    }

    private static void requireVisibilityAllowed(ServiceRequest request) {
        String visibility = request.query().first(VISIBILITY);
        if (visibility != null && !request.version().isSince(VISIBILITY_SINCE)) {
            throw BadRequests.unsupportedParameter(VISIBILITY, visibility);
        }
    }

    /** No message has an id like that. */
    private static void checkMessageId(String messageId) {
        if (messageId.isEmpty() || messageId.length() > MAX_MESSAGE_ID_CHARS) {
            throw new StorageException(StorageErrorCode.MESSAGE_NOT_FOUND);
        }
    }
}
