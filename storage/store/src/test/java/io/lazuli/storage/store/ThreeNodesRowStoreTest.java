package io.lazuli.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.NodeId;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a cloud of three storage nodes, called on a fourth node without replicas: everything goes over the wire. */
class ThreeNodesRowStoreTest extends RowStoreContract {

    @TempDir
    static Path root;

    private static TestCloud cloud;
    private static TestCloud.Node compute;

    @BeforeAll
    static void start() throws Exception {
        cloud = new TestCloud(root, "");
        cloud.startStorage(1);
        cloud.startStorage(2);
        cloud.startStorage(3);
        compute = cloud.startCompute(4);
        TestCloud.awaitThat("three groups are known", () -> compute.stores.leaderBoard().groups().equals(Set.of(0, 1, 2)));
        for (int group = 0; group < 3; group++) {
            int number = group;
            TestCloud.awaitThat("group " + group + " has three voters", () -> cloud.voters(number) == 3);
        }
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    @Override
    RowStore store() {
        return compute.stores.rowStore();
    }

    @Test
    void everyNodeLearnsWhichNodesHaveTheReplicas() {
        List<NodeId> all = List.of(new NodeId("node-1"), new NodeId("node-2"), new NodeId("node-3"));
        for (int group = 0; group < 3; group++) {
            int number = group;
            TestCloud.awaitThat("the voters of group " + group + " are known", () -> compute.stores.leaderBoard().replicasOf(number)
                    .filter(replicas -> replicas.voters() == 3 && replicas.majority() == 2 && replicas.nodes().equals(all))
                    .isPresent());
        }
        assertEquals(Optional.empty(), compute.stores.leaderBoard().replicasOf(3));
    }

    @Test
    void everyStorageNodeComesToLeadOneGroup() {
        TestCloud.awaitThat("leaderships are spread", () -> Set.of(0, 1, 2).stream()
                .map(group -> compute.stores.leaderBoard().leaderOf(group).map(LeaderBoard.Leader::node))
                .distinct().count() == 3);
        for (int group = 0; group < 3; group++) {
            int number = group;
            TestCloud.awaitThat("the leader of group " + group + " is known", () -> compute.stores.leaderBoard().leaderOf(number)
                    .map(LeaderBoard.Leader::node).equals(Optional.of(cloud.leaderOf(number).id)));
        }
    }

    @Test
    void everyGroupTakesCommitsFromEveryNode() throws Exception {
        for (int group = 0; group < 3; group++) {
            for (TestCloud.Node node : cloud.nodes()) {
                PartitionId partition = new PartitionId(group, PartitionKind.QUEUE, "from-" + node.id);
                RowStore store = node.stores.rowStore();
                Claim claim = await(store.claim(partition));
                ReadPoint at = await(store.commit(new RowBatch(partition, claim.epoch(), List.of(put("a", "1")))));
                for (TestCloud.Node reader : cloud.nodes()) {
                    assertEquals("1", text(await(reader.stores.rowStore().get(partition, bytes("a"), at)).orElseThrow()));
                    assertEquals("1", text(await(reader.stores.rowStore().get(partition, bytes("a"), ReadPoint.latest())).orElseThrow()));
                }
            }
        }
    }

    @Test
    void statusNamesEachGroupsLeaderAndReplicas() {
        TestCloud.awaitThat("the status is complete", () -> {
            StoreStatus status = compute.stores.status().toCompletableFuture().join();
            return status.groups().size() == 3 && status.groups().stream().allMatch(group -> group.leader().isPresent()
                    && group.replicas().size() == 3
                    && group.replicas().stream().allMatch(StoreStatus.ReplicaStatus::alive));
        });
        StoreStatus status = compute.stores.status().toCompletableFuture().join();
        Set<Optional<NodeId>> nodes = Set.of(
                Optional.of(new NodeId("node-1")), Optional.of(new NodeId("node-2")), Optional.of(new NodeId("node-3")));
        status.groups().forEach(group -> assertTrue(nodes.containsAll(group.replicas().stream().map(StoreStatus.ReplicaStatus::node).toList())));
    }
}
