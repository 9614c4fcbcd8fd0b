package io.lazuli.admin;

import io.lazuli.admin.AccountOperations.AccountChange;
import io.lazuli.admin.AccountOperations.AccountInfo;
import io.lazuli.admin.AccountOperations.AccountPage;
import io.lazuli.admin.AccountOperations.Keys;
import io.lazuli.admin.CloudView.CloudStatus;
import io.lazuli.admin.CloudView.GroupStatus;
import io.lazuli.admin.CloudView.NodeStatus;
import io.lazuli.admin.CloudView.Readiness;
import io.lazuli.admin.PartitionView.PartitionPage;
import io.lazuli.admin.QueueOperations.QueueMessage;
import io.lazuli.admin.QueueOperations.QueuePage;
import io.lazuli.fabric.FabricService.DeploymentInfo;
import io.lazuli.fabric.FabricService.InstanceInfo;
import io.lazuli.fabric.FabricService.LogText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The JSON form of everything the API shows; the names are the API. Lists come in a fixed order. */
final class AdminJson {

    static JsonObject readiness(Readiness readiness) {
        JsonObject json = new JsonObject().put("ready", readiness.ready());
        return readiness.ready() ? json : json.put("reasons", new JsonArray(readiness.reasons()));
    }

    static JsonObject status(CloudStatus status) {
        return new JsonObject().put("cloud", status.cloud()).put("mode", status.mode()).put("ready", status.ready())
                .put("nodes", array(status.nodes(), AdminJson::node))
                .put("groups", array(status.groups(), AdminJson::group));
    }

    private static JsonObject node(NodeStatus node) {
        JsonObject endpoints = new JsonObject();
        new TreeMap<>(node.endpoints()).forEach(endpoints::put);
        return new JsonObject().put("id", node.id()).put("pid", node.pid()).put("state", node.state())
                .put("roles", new JsonArray(List.copyOf(new TreeSet<>(node.roles())))).put("faultDomain", node.faultDomain())
                .put("startedAtMillis", node.startedAtMillis()).put("endpoints", endpoints);
    }

    private static JsonObject group(GroupStatus group) {
        return new JsonObject().put("group", group.group()).put("leader", group.leader().orElse(null)).put("term", group.term())
                .put("appliedIndex", group.appliedIndex())
                .put("replicas", array(group.replicas(), replica -> new JsonObject().put("node", replica.node())
                        .put("address", replica.address()).put("alive", replica.alive()).put("lagEntries", replica.lagEntries())));
    }

    static JsonObject chunks(List<ChunkView.NodeChunks> nodes) {
        return new JsonObject().put("nodes", array(nodes, node -> {
            JsonObject json = new JsonObject().put("node", node.node()).put("answered", node.held().isPresent());
            node.held().ifPresent(held -> json.put("notWritable", held.notWritable()).put("chunks", held.chunks())
                    .put("contentBytes", held.contentBytes()).put("files", held.files()).put("fileBytes", held.fileBytes())
                    .put("freeBytes", held.freeBytes()).put("missingChunks", held.missingChunks())
                    .put("comparedAtMillis", held.comparedAtMillis()).put("damagedChunks", held.damagedChunks())
                    .put("damagedFound", held.damagedFound()).put("lostFound", held.lostFound()).put("repairedChunks", held.repairedChunks())
                    .put("fetchedChunks", held.fetchedChunks()).put("verifiedBytes", held.verifiedBytes())
                    .put("scrubbedAtMillis", held.scrubbedAtMillis()).put("refusedForClock", held.refusedForClock()));
            return json;
        }));
    }

    static JsonObject deployments(List<DeploymentInfo> deployments) {
        return new JsonObject().put("deployments", array(deployments, AdminJson::deployment));
    }

    static JsonObject deployment(DeploymentInfo deployment) {
        return new JsonObject().put("name", deployment.name()).put("packageDigest", deployment.packageDigest())
                .put("createdAtMillis", deployment.createdAtMillis()).put("removing", deployment.removing())
                .put("roles", array(deployment.roles(), role -> new JsonObject().put("name", role.name())
                        .put("kind", role.kind().name().toLowerCase(Locale.ROOT)).put("instances", role.instances()).put("ready", role.ready())));
    }

    static JsonObject instances(List<InstanceInfo> instances) {
        return new JsonObject().put("instances", array(instances, info -> new JsonObject()
                .put("deployment", info.key().deployment()).put("role", info.key().role()).put("index", info.key().index())
                .put("node", info.node().orElse(null)).put("pid", info.pid().orElse(null)).put("state", info.phase().word())
                .put("restartCount", info.restartCount()).put("sinceMillis", info.sinceMillis()).put("lastError", info.lastError())));
    }

    static JsonObject log(LogText log) {
        return new JsonObject().put("instance", log.instance().toString()).put("nextOffset", log.nextOffset()).put("text", log.text());
    }

    static JsonObject queues(QueuePage page) {
        JsonObject json = new JsonObject().put("queues", array(page.queues(), queue -> new JsonObject()
                .put("name", queue.name()).put("approximateMessageCount", queue.approximateMessageCount())));
        page.nextMarker().ifPresent(marker -> json.put("nextMarker", marker));
        return json;
    }

    static JsonObject messages(List<QueueMessage> messages) {
        return new JsonObject().put("messages", array(messages, message -> new JsonObject()
                .put("id", message.id()).put("popReceipt", message.popReceipt()).put("text", message.text())
                .put("dequeueCount", message.dequeueCount()).put("insertedAtMillis", message.insertedAtMillis())
                .put("expiresAtMillis", message.expiresAtMillis())));
    }

    static JsonObject accounts(AccountPage page) {
        JsonObject json = new JsonObject().put("accounts", array(page.accounts(), AdminJson::account));
        page.nextMarker().ifPresent(marker -> json.put("nextMarker", marker));
        return json;
    }

    private static JsonObject account(AccountInfo account) {
        return new JsonObject().put("name", account.name()).put("createdAtMillis", account.createdAtMillis()).put("state", account.state());
    }

    static JsonObject change(AccountChange change) {
        return account(change.account()).put("unconfirmedNodes", new JsonArray(List.copyOf(new TreeSet<>(change.unconfirmedNodes()))));
    }

    static JsonObject keys(Keys keys) {
        JsonObject json = new JsonObject().put("name", keys.account()).put("key1", keys.key1());
        keys.key2().ifPresent(key -> json.put("key2", key));
        return json;
    }

    static JsonObject blobSettings(BlobSettingsOperations.BlobSettings settings) {
        return new JsonObject().put("versioning", settings.versioning()).put("containerRetentionDays", settings.containerRetentionDays());
    }

    static JsonObject partitions(PartitionPage page) {
        JsonObject json = new JsonObject().put("ranges", array(page.ranges(), range -> new JsonObject()
                .put("account", range.account()).put("table", range.table()).put("partition", range.partition())
                .put("low", range.low()).put("high", range.high()).put("group", range.group()).put("node", range.node().orElse(null))
                .put("state", range.state()).put("entities", range.entities()).put("bytes", range.bytes())
                .put("writesPerSecond", range.writesPerSecond()).put("readsPerSecond", range.readsPerSecond())));
        page.nextMarker().ifPresent(marker -> json.put("nextMarker", marker));
        return json;
    }

    private static <T> JsonArray array(List<T> items, Function<T, JsonObject> form) {
        JsonArray array = new JsonArray();
        items.forEach(item -> array.add(form.apply(item)));
        return array;
    }

    private AdminJson() {}
}
