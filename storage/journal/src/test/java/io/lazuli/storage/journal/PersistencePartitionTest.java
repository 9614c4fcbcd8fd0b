package io.lazuli.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PersistencePartitionTest {

    @Test
    void ordinaryIdIsTheName() {
        assertEquals("0.j.Deployment|word-count", PersistencePartition.of("Deployment|word-count").toString());
        assertEquals("0.j." + "x".repeat(512), PersistencePartition.of("x".repeat(512)).toString());
    }

    @Test
    void hashedNameIsAsEver() {
        assertEquals("0.j.sha256:96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                PersistencePartition.of("\0").toString());
    }

    @Test
    void everyOddIdHasAPartitionOfItsOwn() {
        List<String> ids = List.of("", "\0", "a\0b", "ab", "\ud800", "\udc00", "?", "x".repeat(513), "x".repeat(514), "ü".repeat(257), "sha256:",
                "sha256:96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "0.j.x", " ", "a/b|c", "😀");
        Set<PartitionId> partitions = new HashSet<>();
        for (String id : ids) {
            PartitionId partition = PersistencePartition.of(id);
            assertTrue(partitions.add(partition), id);
            assertEquals(partition, PartitionId.parse(partition.toString()));
        }
    }
}
