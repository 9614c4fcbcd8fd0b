package io.lazuli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.NodeId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeDirectoryTest {

    @TempDir
    Path root;

    @Test
    void anIdIsMadeOnceAndKept() {
        NodeId first;
        try (NodeDirectory directory = NodeDirectory.open(root, Optional.empty())) {
            first = directory.id();
        }
        try (NodeDirectory directory = NodeDirectory.open(root, Optional.empty())) {
            assertEquals(first, directory.id());
        }
    }

    @Test
    void aDirectoryOfAnotherNodeIsRefused() {
        NodeDirectory.open(root, Optional.of(new NodeId("node-1"))).close();
        NodeStartException refused = assertThrows(
                NodeStartException.class, () -> NodeDirectory.open(root, Optional.of(new NodeId("node-2"))));
        assertTrue(refused.getMessage().contains("belongs to node node-1, not to node node-2"), refused.getMessage());
    }

    @Test
    void aDirectoryHasOneOwnerAtATime() {
        try (NodeDirectory owner = NodeDirectory.open(root, Optional.empty())) {
            assertTrue(assertThrows(NodeStartException.class, () -> NodeDirectory.open(root, Optional.empty()))
                    .getMessage().contains("in use"));
            assertEquals(root, owner.root());
        }
    }

    @Test
    void membersAreRemembered() {
        List<HostPort> members = List.of(HostPort.parse("10.0.0.1:25520"), HostPort.parse("10.0.0.2:25520"));
        try (NodeDirectory directory = NodeDirectory.open(root, Optional.empty())) {
            assertEquals(List.of(), directory.members());
            directory.remember(members);
        }
        try (NodeDirectory directory = NodeDirectory.open(root, Optional.empty())) {
            assertEquals(members, directory.members());
        }
    }
}
