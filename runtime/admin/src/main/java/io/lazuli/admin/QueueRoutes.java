package io.lazuli.admin;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the API does with the queues of the cloud's own account. Keeps no state. */
final class QueueRoutes {

    private static final int DEFAULT_PAGE = 1_000;
    private static final int MAX_PAGE = 5_000;
    private static final int MAX_MESSAGES = 32;
    private static final long DEFAULT_VISIBILITY_SECONDS = 30;
    private static final long MAX_VISIBILITY_SECONDS = 7 * 24 * 3_600;

    private final QueueOperations queues;

    QueueRoutes(QueueOperations queues) {
        this.queues = queues;
    }

    CompletionStage<Answer> list(RoutingContext request) {
        int maxResults = (int) Parameters.number(request, "maxResults", DEFAULT_PAGE, 1, MAX_PAGE);
        return queues.list(Parameters.text(request, "marker", ""), maxResults).thenApply(page -> Answer.ok(AdminJson.queues(page)));
    }

    CompletionStage<Answer> create(RoutingContext request) {
        return queues.create(queue(request)).thenApply(created -> created ? Answer.created(new JsonObject()) : Answer.ok());
    }

    CompletionStage<Answer> delete(RoutingContext request) {
        return queues.delete(queue(request)).thenApply(done -> Answer.ok());
    }

    CompletionStage<Answer> put(RoutingContext request) {
        return queues.put(queue(request), Parameters.messageText(request))
                .thenApply(id -> Answer.created(new JsonObject().put("id", id)));
    }

    CompletionStage<Answer> receive(RoutingContext request) {
        String queue = queue(request);
        int count = (int) Parameters.number(request, "count", 1, 1, MAX_MESSAGES);
        long seconds = Parameters.number(request, "visibilityTimeoutSeconds", DEFAULT_VISIBILITY_SECONDS, 1, MAX_VISIBILITY_SECONDS);
        boolean delete = Parameters.bool(request, "delete", false);
        return queues.receive(queue, count, seconds * 1_000)
                .thenCompose(messages -> delete ? deleteAll(queue, messages) : CompletableFuture.completedStage(messages))
                .thenApply(messages -> Answer.ok(AdminJson.messages(messages)));
    }

    private CompletionStage<List<QueueOperations.QueueMessage>> deleteAll(String queue, List<QueueOperations.QueueMessage> messages) {
        CompletableFuture<?>[] deletions = messages.stream()
                .map(message -> queues.deleteMessage(queue, message.id(), message.popReceipt()).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(deletions).thenApply(done -> messages);
    }

    CompletionStage<Answer> peek(RoutingContext request) {
        int count = (int) Parameters.number(request, "count", 1, 1, MAX_MESSAGES);
        return queues.peek(queue(request), count).thenApply(messages -> Answer.ok(AdminJson.messages(messages)));
    }

    private static String queue(RoutingContext request) {
        return Parameters.queue(request.pathParam("queue"));
    }
}
