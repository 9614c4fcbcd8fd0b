package io.lazuli.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Typed event-sourced behaviors, as the fabric has them, on two nodes with one store. */
class EventSourcedTest {

    private final MemoryRowStore rows = new MemoryRowStore();
    private final ActorSystem<Void> left = Nodes.start(rows);
    private final ActorSystem<Void> right = Nodes.start(rows);
    private final String pid = "ledger|" + UUID.randomUUID();

    sealed interface Command permits Add, Stop {}

    record Add(List<String> entries, ActorRef<String> replyTo) implements Command {}

    record Stop() implements Command {}

    /** Events and state are strings; the state is all entries one behind the other. */
    private static final class Ledger extends EventSourcedBehavior<Command, String, String> {

        private final boolean retention;

        private Ledger(String pid, boolean retention) {
            super(PersistenceId.ofUniqueId(pid), SupervisorStrategy.restartWithBackoff(Duration.ofMillis(10), Duration.ofMillis(100), 0));
            this.retention = retention;
        }

        static Behavior<Command> create(String pid, boolean retention) {
            return new Ledger(pid, retention);
        }

        @Override
        public String emptyState() {
            return "";
        }

        @Override
        public CommandHandler<Command, String, String> commandHandler() {
            return newCommandHandlerBuilder().forAnyState()
                    .onCommand(Add.class, add -> Effect().persist(add.entries()).thenRun((String state) -> add.replyTo().tell(state)))
                    .onCommand(Stop.class, stop -> Effect().stop())
                    .build();
        }

        @Override
        public EventHandler<String, String> eventHandler() {
            return newEventHandlerBuilder().forAnyState().onEvent(String.class, (state, event) -> state + event).build();
        }

        @Override
        public RetentionCriteria retentionCriteria() {
            return retention ? RetentionCriteria.snapshotEvery(3, 1).withDeleteEventsOnSnapshot() : RetentionCriteria.disabled();
        }

        @Override
        public Set<String> tagsFor(String event) {
            return Set.of("letter");
        }
    }

    @AfterEach
    void stop() throws Exception {
        Nodes.stop(left);
        Nodes.stop(right);
        rows.close();
    }

    @Test
    void stateComesBackOnAnotherNode() {
        ActorRef<Command> ledger = spawn(left, false);
        assertEquals("a", add(left, ledger, "a"));
        assertEquals("abcd", add(left, ledger, "b", "c", "d"));
        stopAndWait(left, ledger);
        assertEquals("abcde", add(right, spawn(right, false), "e"));
    }

    @Test
    void stateComesBackFromSnapshotsWhoseEventsAreDeleted() {
        ActorRef<Command> ledger = spawn(left, true);
        String state = "";
        for (char c = 'a'; c <= 'z'; c++) {
            state += c;
            assertEquals(state, add(left, ledger, String.valueOf(c)));
        }
        stopAndWait(left, ledger);
        long before = rows.rowsOf(PersistencePartition.of(pid)).stream().filter(row -> row.key()[0] == 'e').count();
        assertTrue(before < 26, "events kept: " + before);
        assertEquals(state + "!", add(right, spawn(right, true), "!"));
    }

    @Test
    void twoIncarnationsNeverWriteBothTheLoserRecoversFirst() {
        ActorRef<Command> old = spawn(left, false);
        assertEquals("a", add(left, old, "a"));
        ActorRef<Command> successor = spawn(right, false);
        assertEquals("ab", add(right, successor, "b"));
        TestProbe<String> unanswered = TestProbe.create(left);
        old.tell(new Add(List.of("stale"), unanswered.getRef()));
        assertEquals("abc", add(left, old, "c"), "restarted, and recovered what its successor wrote");
        stopAndWait(right, successor);
        assertEquals("abcd", add(right, spawn(right, false), "d"));
    }

    private ActorRef<Command> spawn(ActorSystem<?> node, boolean retention) {
        return node.systemActorOf(Ledger.create(pid, retention), "ledger-" + UUID.randomUUID(), Props.empty());
    }

    private static String add(ActorSystem<?> node, ActorRef<Command> ledger, String... entries) {
        TestProbe<String> probe = TestProbe.create(node);
        ledger.tell(new Add(List.of(entries), probe.getRef()));
        return probe.receiveMessage(Duration.ofSeconds(60));
    }

    private static void stopAndWait(ActorSystem<?> node, ActorRef<Command> ledger) {
        TestProbe<String> probe = TestProbe.create(node);
        ledger.tell(new Stop());
        probe.expectTerminated(ledger, Duration.ofSeconds(60));
    }
}
