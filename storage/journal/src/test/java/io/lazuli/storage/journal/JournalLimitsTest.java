package io.lazuli.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.Test;

/** Large writes, and what happens before the store is there. */
class JournalLimitsTest {

    @Test
    void manyWritesAtOnceTravelInSeveralBatchesInOrder() throws Exception {
        try (MemoryRowStore rows = new MemoryRowStore()) {
            ActorSystem<Void> node = Nodes.start(rows);
            String halfMebi = "x".repeat(512 << 10);
            Incarnation actor = new Incarnation(node, "many", "uuid");
            actor.recover();
            assertNull(actor.write(1, Collections.nCopies(9, halfMebi).toArray()));
            assertEquals(3, rows.commits.get());
            assertEquals(10, actor.recover().size());
            Nodes.stop(node);
        }
    }

    @Test
    void eventBeyondTheLimitIsRejectedAndTheNextIsWritten() throws Exception {
        try (MemoryRowStore rows = new MemoryRowStore()) {
            ActorSystem<Void> node = Nodes.start(rows);
            Incarnation actor = new Incarnation(node, "large", "uuid");
            assertEquals(List.of(true, false), actor.writeEach(1, "x".repeat(JournalLimits.MAX_EVENT_BYTES), "small"), "rejected");
            assertEquals(List.of("small", 2L), actor.recover());
            Nodes.stop(node);
        }
    }

    @Test
    void operationsWaitForTheStore() throws Exception {
        try (MemoryRowStore rows = new MemoryRowStore()) {
            ActorSystem<Void> node = Nodes.startWithoutStore("");
            Incarnation actor = new Incarnation(node, "early", "uuid");
            actor.send(1, "a");
            JournalStore.get(node).provide(rows);
            assertNull(actor.outcome(1));
            assertEquals(List.of("a", 1L), actor.recover());
            Nodes.stop(node);
        }
    }

    @Test
    void operationsDoNotWaitForTheStoreForEver() throws Exception {
        ActorSystem<Void> node = Nodes.startWithoutStore("lazuli.journal.store-wait = 10 ms");
        Throwable failure = new Incarnation(node, "never", "uuid").write(1, "a");
        assertInstanceOf(StaleWriterException.class, failure);
        assertTrue(Stages.causeOf(failure.getCause()).getMessage().contains("no store was provided"), failure.toString());
        Nodes.stop(node);
    }
}
