package io.lazuli.admin;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.FabricException;
import io.lazuli.fabric.FabricService;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.RoleKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A cloud of one deployment, {@code words}, and one queue, {@code lines}; it writes down what it is asked to do. */
final class FakeCloud implements CloudView, FabricService, QueueOperations {

    static final DeploymentInfo WORDS =
            new DeploymentInfo("words", "ab12", 1_700_000_000_000L, false, List.of(new RoleInfo("counter", RoleKind.WORKER, 3, 2)));

    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile boolean ready = true;
    volatile CompletionStage<?> block;
    volatile RuntimeException failure;
    volatile Path uploaded;

    @Override
    public CompletionStage<Readiness> readiness() {
        return answer("readiness", ready ? new Readiness(true, List.of()) : new Readiness(false, List.of("no controller")));
    }

    @Override
    public CompletionStage<CloudStatus> status() {
        NodeStatus node = new NodeStatus("node-1", 42, "up", Set.of("storage", "edge", "compute"), "domain-1", 7,
                Map.of("queue", "http://127.0.0.1:10001", "cluster", "127.0.0.1:25520"));
        GroupStatus group = new GroupStatus(0, Optional.empty(), 3, 99, List.of(new ReplicaStatus("node-1", "127.0.0.1:26000", true, -1)));
        return answer("status", new CloudStatus("lazuli", "development", true, List.of(node), List.of(group)));
    }

    @Override
    public CompletionStage<DeploymentInfo> deploy(
            String name, Path jar, Map<String, Integer> counts, Map<String, Map<String, String>> settings) {
        uploaded = jar;
        try {
            return answer("deploy " + name + " " + Files.size(jar) + " bytes " + counts + " " + settings, WORDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CompletionStage<List<DeploymentInfo>> deployments() {
        return answer("deployments", List.of(WORDS));
    }

    @Override
    public CompletionStage<DeploymentInfo> deployment(String name) {
        return name.equals("words") ? answer("deployment " + name, WORDS)
                : CompletableFuture.failedStage(new FabricException(FabricErrorCode.DEPLOYMENT_NOT_FOUND, "there is no deployment named '" + name + "'"));
    }

    @Override
    public CompletionStage<DeploymentInfo> scale(String name, Map<String, Integer> counts) {
        return answer("scale " + name + " " + counts, WORDS);
    }

    @Override
    public CompletionStage<Void> restart(InstanceKey instance) {
        return answer("restart " + instance, null);
    }

    @Override
    public CompletionStage<Void> remove(String name) {
        return answer("remove " + name, null);
    }

    @Override
    public CompletionStage<List<InstanceInfo>> instances(Optional<String> deployment) {
        return answer("instances " + deployment.orElse("all"), List.of(
                new InstanceInfo(InstanceKey.parse("words/counter/0"), Optional.of("node-1"), Optional.of(4_711L), InstancePhase.CYCLING, 2, 8, "boom"),
                new InstanceInfo(InstanceKey.parse("words/counter/1"), Optional.empty(), Optional.empty(), InstancePhase.PENDING, 0, 0, "no room")));
    }

    @Override
    public CompletionStage<LogText> readLog(InstanceKey instance, long offset, int maxBytes) {
        return answer("log " + instance + " " + offset + " " + maxBytes, new LogText(instance, 12, "hello\n"));
    }

    @Override
    public CompletionStage<QueuePage> list(String marker, int maxResults) {
        return answer("queues '" + marker + "' " + maxResults, new QueuePage(List.of(new QueueInfo("lines", 5)), Optional.of("more")));
    }

    @Override
    public CompletionStage<Boolean> create(String queue) {
        return answer("create " + queue, !queue.equals("lines"));
    }

    @Override
    public CompletionStage<Void> delete(String queue) {
        return queue.equals("lines") ? answer("delete " + queue, null)
                : CompletableFuture.failedStage(new AdminException(404, "QueueNotFound", "there is no queue " + queue));
    }

    @Override
    public CompletionStage<String> put(String queue, String text) {
        return answer("put " + queue + " " + text.length(), "id-1");
    }

    @Override
    public CompletionStage<List<QueueMessage>> receive(String queue, int count, long visibilityTimeoutMillis) {
        return answer("receive " + queue + " " + count + " " + visibilityTimeoutMillis, messages("receipt-1"));
    }

    @Override
    public CompletionStage<Void> deleteMessage(String queue, String messageId, String popReceipt) {
        return answer("deleteMessage " + queue + " " + messageId + " " + popReceipt, null);
    }

    @Override
    public CompletionStage<List<QueueMessage>> peek(String queue, int count) {
        return answer("peek " + queue + " " + count, messages(""));
    }

    private static List<QueueMessage> messages(String popReceipt) {
        List<QueueMessage> messages = new ArrayList<>();
        messages.add(new QueueMessage("id-1", popReceipt, "ein Wört", 1, 10, 20));
        return messages;
    }

    private <T> CompletionStage<T> answer(String call, T result) {
        calls.add(call);
        if (failure != null) {
            return CompletableFuture.failedStage(failure);
        }
        return block == null ? CompletableFuture.completedStage(result) : block.thenApply(done -> result);
    }
}
