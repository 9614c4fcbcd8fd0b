package io.lazuli.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.lazuli.storage.store.RowBatch;
import io.lazuli.storage.store.RowOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.JournalProtocol.RecoverySuccess;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessagesFailure;
import org.apache.pekko.persistence.JournalProtocol.ReplayedMessage;
import org.apache.pekko.persistence.Persistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Long journals are handed over page by page, no faster than the recovering actor works. */
class JournalReplayTest {

    private static final int EVENTS = 100_000;
    private static final int PAGE_ROWS = 500;

    private final MemoryRowStore rows = new MemoryRowStore();
    private final ActorSystem<Void> node = Nodes.start(rows, "lazuli.journal.replay-page-rows = " + PAGE_ROWS);

    @AfterEach
    void stop() throws Exception {
        Nodes.stop(node);
        rows.close();
    }

    /** Counts events and notes how far the journal had read ahead of it. */
    private static final class Receiver extends AbstractActor {

        private final MemoryRowStore rows;
        private final CompletableFuture<long[]> result;
        private long received;
        private long farthestAhead;

        Receiver(MemoryRowStore rows, CompletableFuture<long[]> result) {
            this.rows = rows;
            this.result = result;
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(ReplayedMessage.class, message -> {
                        farthestAhead = Math.max(farthestAhead, rows.rowsRead.get() - received);
                        received++;
                        if (message.persistent().sequenceNr() != received) {
                            result.completeExceptionally(new AssertionError("event " + message.persistent().sequenceNr()));
                        }
                    })
                    .match(RecoverySuccess.class, success -> result.complete(new long[] {received, success.highestSequenceNr(), farthestAhead}))
                    .match(ReplayMessagesFailure.class, failure -> result.completeExceptionally(failure.cause()))
                    .build();
        }
    }

    @Test
    void hundredThousandEventsAreNeverInMemoryTogether() throws Exception {
        fill("long", EVENTS);
        rows.scans.set(0);
        rows.rowsRead.set(0);
        CompletableFuture<long[]> result = new CompletableFuture<>();
        ActorRef receiver = Nodes.spawn(node, Props.create(Receiver.class, () -> new Receiver(rows, result)));
        journal().tell(new ReplayMessages(1, Long.MAX_VALUE, Long.MAX_VALUE, "long", receiver), ActorRef.noSender());
        long[] seen = result.get(120, TimeUnit.SECONDS);
        assertEquals(EVENTS, seen[0]);
        assertEquals(EVENTS, seen[1]);
        assertTrue(seen[2] <= 2 * PAGE_ROWS + 1, "at most two pages and the last event, not " + seen[2]);
        assertEquals(1 + EVENTS / PAGE_ROWS, rows.scans.get(), "the last event, and the pages");
    }

    @Test
    void replayEndsWhenItsActorHasEnded() throws Exception {
        fill("orphan", 10 * PAGE_ROWS);
        rows.scans.set(0);
        ActorRef receiver = Nodes.spawn(node, Props.create(Receiver.class, () -> new Receiver(rows, new CompletableFuture<>())));
        receiver.tell(PoisonPill.getInstance(), ActorRef.noSender());
        CompletableFuture<Throwable> failed = new CompletableFuture<>();
        Adapter.toClassic(node).eventStream().subscribe(
                Nodes.spawn(node, Props.create(Listener.class, () -> new Listener(failed))), ReplayMessages.class);
        journal().tell(new ReplayMessages(1, Long.MAX_VALUE, Long.MAX_VALUE, "orphan", receiver), ActorRef.noSender());
        failed.get(60, TimeUnit.SECONDS);
        assertTrue(rows.scans.get() <= 4, "pages read for nobody: " + rows.scans.get());
    }

    /** Hears that the journal is done with a replay. */
    private static final class Listener extends AbstractActor {

        private final CompletableFuture<Throwable> heard;

        Listener(CompletableFuture<Throwable> heard) {
            this.heard = heard;
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder().match(ReplayMessages.class, replay -> heard.complete(null)).build();
        }
    }

    @Test
    void damagedEventFailsTheRecovery() throws Exception {
        fill("damaged", 3);
        long epoch = rows.claim(PersistencePartition.of("damaged")).toCompletableFuture().get().epoch();
        rows.commit(new RowBatch(PersistencePartition.of("damaged"), epoch,
                List.of(new RowOp.Put(JournalKeys.event(2), new byte[] {9})))).toCompletableFuture().get();
        CompletableFuture<long[]> result = new CompletableFuture<>();
        ActorRef receiver = Nodes.spawn(node, Props.create(Receiver.class, () -> new Receiver(rows, result)));
        journal().tell(new ReplayMessages(1, Long.MAX_VALUE, Long.MAX_VALUE, "damaged", receiver), ActorRef.noSender());
        Throwable cause = result.handle((done, failure) -> failure).get(60, TimeUnit.SECONDS);
        assertInstanceOf(IllegalStateException.class, cause);
        assertTrue(cause.getMessage().contains("version 9"), cause.getMessage());
    }

    private void fill(String pid, int events) throws Exception {
        Payloads payloads = new Payloads(Adapter.toClassic(node));
        long epoch = rows.claim(PersistencePartition.of(pid)).toCompletableFuture().get().epoch();
        List<RowOp> batch = new ArrayList<>();
        for (int snr = 1; snr <= events; snr++) {
            batch.add(new RowOp.Put(JournalKeys.event(snr),
                    new StoredEvent(0, "uuid", "", List.of(), payloads.write("event " + snr), Optional.empty()).encode()));
            if (batch.size() == 1000 || snr == events) {
                rows.commit(new RowBatch(PersistencePartition.of(pid), epoch, batch)).toCompletableFuture().get();
                batch.clear();
            }
        }
    }

    private ActorRef journal() {
        return Persistence.get(node).journalFor("lazuli.journal.events", ConfigFactory.empty());
    }
}
