package io.lazuli.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.lazuli.storage.store.FencedException;
import io.lazuli.storage.store.StoreUnavailableException;
import java.util.List;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes on one store: whoever recovered last is the only one who writes. */
class StaleWriterTest {

    private final MemoryRowStore rows = new MemoryRowStore();
    private final ActorSystem<Void> left = Nodes.start(rows);
    private final ActorSystem<Void> right = Nodes.start(rows);
    private final String pid = "pid-" + UUID.randomUUID();

    @AfterEach
    void stop() throws Exception {
        Nodes.stop(left);
        Nodes.stop(right);
        rows.close();
    }

    @Test
    void writerOnAnotherNodeIsFencedBySuccessorsRecovery() {
        Incarnation old = new Incarnation(left, pid, "old");
        assertEquals(List.of(0L), old.recover());
        assertNull(old.write(1, "a", "b"));
        Incarnation successor = new Incarnation(right, pid, "successor");
        assertEquals(List.of("a", "b", 2L), successor.recover());
        assertInstanceOf(FencedException.class, old.write(3, "stale"));
        assertInstanceOf(StaleWriterException.class, old.write(4, "staler"), "until it recovers, it may not even try");
        assertNull(successor.write(3, "c"));
        assertEquals(List.of("a", "b", "c", 3L), new Incarnation(left, pid, "third").recover());
    }

    @Test
    void replacedWriterOfThisNodeIsRefusedEvenBeforeItsSuccessorWrites() {
        Incarnation old = new Incarnation(left, pid, "old");
        old.recover();
        assertNull(old.write(1, "a"));
        Incarnation successor = new Incarnation(left, pid, "successor");
        assertEquals(List.of("a", 1L), successor.recover());
        assertInstanceOf(StaleWriterException.class, old.write(2, "stale"));
        assertNull(successor.write(2, "b"));
        assertInstanceOf(StaleWriterException.class, old.write(3, "stale"));
    }

    @Test
    void eventsThatDoNotFollowAreRefused() {
        Incarnation actor = new Incarnation(left, pid, "actor");
        actor.recover();
        assertNull(actor.write(1, "a"));
        assertInstanceOf(StaleWriterException.class, actor.write(1, "again"));
        assertInstanceOf(StaleWriterException.class, actor.write(3, "gap"));
        assertNull(actor.write(2, "b"));
    }

    @Test
    void forgottenWriterMayWriteOnOnlyWhereItStopped() throws Exception {
        ActorSystem<Void> small = Nodes.start(rows, "lazuli.journal.max-writers = 1");
        try {
            Incarnation actor = new Incarnation(small, pid, "actor");
            actor.recover();
            assertNull(actor.write(1, "a"));
            new Incarnation(small, "another-" + pid, "another").recover();
            assertNull(actor.write(2, "b"), "claimed anew");
            new Incarnation(small, "another-" + pid, "another").recover();
            assertEquals(List.of("a", "b", 2L), new Incarnation(right, pid, "successor").recover());
            assertNull(new Incarnation(right, pid, "successor").write(3, "c"));
            assertInstanceOf(StaleWriterException.class, actor.write(3, "stale"), "claimed anew, but did not see event 3");
        } finally {
            Nodes.stop(small);
        }
    }

    @Test
    void afterAFailedCommitTheWriterIsRefusedUntilItRecovers() {
        Incarnation actor = new Incarnation(left, pid, "actor");
        actor.recover();
        assertNull(actor.write(1, "a"));
        rows.refuse(batch -> true, new StoreUnavailableException("no leader", false));
        assertInstanceOf(StoreUnavailableException.class, actor.write(2, "b"));
        rows.refuseNothing();
        assertInstanceOf(StaleWriterException.class, actor.write(3, "c"));
        Incarnation next = new Incarnation(left, pid, "next");
        assertEquals(List.of("a", 1L), next.recover());
        assertNull(next.write(2, "b"));
    }
}
