package io.lazuli.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each way in which an actor can persist many events, and their recovery in order. */
class PersistentActorTest {

    private static final int EVENTS = 1_000;

    private final MemoryRowStore rows = new MemoryRowStore();
    private final ActorSystem<Void> node = Nodes.start(rows);

    enum Way { PERSIST, PERSIST_ALL, PERSIST_ASYNC, PERSIST_ALL_ASYNC }

    private record Persist(Way way, List<String> events) {}

    private static final class Keeper extends AbstractPersistentActor {

        private final String pid;
        private final ActorRef observer;
        private final List<String> recovered = new ArrayList<>();

        Keeper(String pid, ActorRef observer) {
            this.pid = pid;
            this.observer = observer;
        }

        @Override
        public String persistenceId() {
            return pid;
        }

        @Override
        public Receive createReceiveRecover() {
            return receiveBuilder()
                    .match(String.class, recovered::add)
                    .match(RecoveryCompleted.class, done -> observer.tell(List.copyOf(recovered), self()))
                    .build();
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder().match(Persist.class, persist -> {
                switch (persist.way()) {
                    case PERSIST -> persist.events().forEach(event -> persist(event, this::observe));
                    case PERSIST_ALL -> persistAll(persist.events(), this::observe);
                    case PERSIST_ASYNC -> persist.events().forEach(event -> persistAsync(event, this::observe));
                    case PERSIST_ALL_ASYNC -> persistAllAsync(persist.events(), this::observe);
                }
            }).build();
        }

        private void observe(String event) {
            observer.tell(event, self());
        }
    }

    @AfterEach
    void stop() throws Exception {
        Nodes.stop(node);
        rows.close();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void eventsAreHandledAndRecoveredInOrder(Way way) {
        TestKit observer = new TestKit(Adapter.toClassic(node));
        String pid = "keeper-" + UUID.randomUUID();
        ActorRef keeper = start(pid, observer);
        observer.expectMsg(List.of());
        List<String> events = IntStream.range(0, EVENTS).mapToObj(i -> "event-" + i).toList();
        for (int from = 0; from < EVENTS; from += 50) {
            keeper.tell(new Persist(way, events.subList(from, from + 50)), ActorRef.noSender());
        }
        events.forEach(observer::expectMsg);
        stop(keeper, observer);
        start(pid, observer);
        observer.expectMsg(events);
    }

    @Test
    void everyOddPersistenceIdKeepsItsOwnEvents() {
        TestKit observer = new TestKit(Adapter.toClassic(node));
        List<String> pids = List.of("x".repeat(1000), "x".repeat(1001), "a\0b", "ab", "a/b c|ü");
        for (String pid : pids) {
            ActorRef keeper = start(pid, observer);
            observer.expectMsg(List.of());
            keeper.tell(new Persist(Way.PERSIST, List.of("of " + pid)), ActorRef.noSender());
            observer.expectMsg("of " + pid);
            stop(keeper, observer);
        }
        for (String pid : pids) {
            start(pid, observer);
            observer.expectMsg(List.of("of " + pid));
        }
        assertEquals(pids.size(), pids.stream().map(PersistencePartition::of).distinct().count());
    }

    private ActorRef start(String pid, TestKit observer) {
        return Nodes.spawn(node, Props.create(Keeper.class, () -> new Keeper(pid, observer.getRef())));
    }

    private static void stop(ActorRef actor, TestKit observer) {
        observer.watch(actor);
        actor.tell(PoisonPill.getInstance(), ActorRef.noSender());
        observer.expectTerminated(actor);
    }
}
