package io.lazuli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.fabric.account.DataRetainedException;
import io.lazuli.storage.partition.Partitions;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StoredAccountDataTest {

    private final StorageOfNames storage = new StorageOfNames();
    private final StoredAccountData data = new StoredAccountData(
            new Partitions.Services(storage.queueService(), storage.tableService(), storage.blobService(), null));

    @Test
    void everyQueueTableAndContainerOfTheAccountIsDeletedAndNoOther() throws Exception {
        for (int i = 0; i < 50; i++) {
            storage.queues.computeIfAbsent("shop", account -> new TreeSet<>()).add("queue-" + i);
            storage.tables.computeIfAbsent("shop", account -> new TreeSet<>()).add("table" + i);
            storage.containers.computeIfAbsent("shop", account -> new TreeSet<>()).add("container-" + i);
        }
        storage.queues.put("other", new TreeSet<>(Set.of("queue-1")));
        storage.vanishing.add("queue-7");
        storage.vanishing.add("table9");
        storage.vanishing.add("container-3");
        storage.leased.add("container-5");
        data.purge("shop").toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals(Map.of("shop", new TreeSet<>(), "other", new TreeSet<>(Set.of("queue-1"))), storage.queues);
        assertEquals(Map.of("shop", new TreeSet<>()), storage.tables);
        assertEquals(Map.of("shop", new TreeSet<>()), storage.containers);
    }

    @Test
    void containersThatCouldBeHadBackArePurgedAttemptByAttempt() throws Exception {
        for (int i = 0; i < 2 * StorageOfNames.PURGED_AT_A_TIME; i++) {
            storage.deletedContainers.computeIfAbsent("shop", account -> new TreeSet<>()).add("container-" + i);
        }
        storage.deletedContainers.put("other", new TreeSet<>(Set.of("container-1")));
        ExecutionException failure = assertThrows(
                ExecutionException.class, () -> data.purge("shop").toCompletableFuture().get(60, TimeUnit.SECONDS));
        assertInstanceOf(IllegalStateException.class, failure.getCause());
        data.purge("shop").toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals(Map.of("shop", new TreeSet<>(), "other", new TreeSet<>(Set.of("container-1"))), storage.deletedContainers);
    }

    @Test
    void nothingIsDeletedWhileAContainerHoldsSomethingImmutable() throws Exception {
        storage.queues.put("shop", new TreeSet<>(Set.of("queue-1")));
        storage.containers.put("shop", new TreeSet<>(Set.of("container-1", "container-2")));
        storage.immutable.add("container-2");
        ExecutionException failure = assertThrows(
                ExecutionException.class, () -> data.purge("shop").toCompletableFuture().get(20, TimeUnit.SECONDS));
        assertInstanceOf(DataRetainedException.class, failure.getCause());
        assertTrue(failure.getCause().getMessage().contains("'container-2'"), failure.getCause().getMessage());
        assertEquals(Map.of("shop", new TreeSet<>(Set.of("queue-1"))), storage.queues);
        assertEquals(Map.of("shop", new TreeSet<>(Set.of("container-1", "container-2"))), storage.containers);
        storage.immutable.clear();
        data.purge("shop").toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertEquals(Map.of("shop", new TreeSet<>()), storage.containers);
    }

    @Test
    void anAccountThatHasNothingIsNoFailure() throws Exception {
        data.purge("shop").toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
