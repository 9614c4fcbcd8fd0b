package io.lazuli.storage.journal;

import com.typesafe.config.Config;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorIdentity;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Identify;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import scala.PartialFunction;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The Pekko Persistence journal on the replicated store: one partition per persistence id, one row per event. Pekko creates
 * it from {@code lazuli.journal.events}, one per node.
 *
 * <p>Recovery claims the persistence id's next epoch, so that whoever wrote before, here or on a node that was cut off,
 * is refused from then on; see {@link Writer} for what is refused on this node. An event is acknowledged when it is on disk
 * on a majority. An event that cannot be serialized or is too large is rejected alone; every other failure fails the write,
 * and the actor stops, because the outcome may be unknown.
 *
 * <p>It keeps no state of its own but who is recovering, to hand over events no faster than they are worked off: at most
 * {@link JournalLimits#MAX_PACED_REPLAYS}, of which the oldest is forgotten and its replay goes on unpaced.
 */
public final class RowEventJournal extends AsyncWriteJournal {

    private final ActorSystem system = context().system();
    private final JournalStore store = JournalStore.get(Adapter.toTyped(system));
    private final Writers writers = store.writers();
    private final Executor executor = context().dispatcher();
    private final Payloads payloads = new Payloads(system);
    private final Map<String, ActorRef> recovering = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ActorRef> eldest) {
            return size() > JournalLimits.MAX_PACED_REPLAYS;
        }
    });

    public RowEventJournal(Config config) {}

    @Override
    public void aroundReceive(PartialFunction<Object, BoxedUnit> receive, Object message) {
        if (message instanceof JournalProtocol.ReplayMessages replay) {
            recovering.put(replay.persistenceId(), replay.persistentActor());
        }
        super.aroundReceive(receive, message);
    }

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> messages) {
        List<EventWrite> writes = new ArrayList<>();
        String persistenceId = null;
        String writerUuid = null;
        for (AtomicWrite message : messages) {
            persistenceId = message.persistenceId();
            writerUuid = message.payload().head().writerUuid();
            writes.add(toWrite(message));
        }
        String uuid = writerUuid;
        return Stages.toFuture(writers.whenOpen(PersistencePartition.of(persistenceId), (open, rows) -> {
            open.writer().admit(uuid, writes.getFirst().firstSequenceNr(), writes.getLast().lastSequenceNr());
            CompletionStage<ReadPoint> done = CompletableFuture.completedFuture(null);
            for (List<RowOp> batch : EventWrite.batches(writes)) {
                done = done.thenCombine(open.commit(batch), (before, now) -> now);
            }
            return done.thenApply(at -> writes.stream().map(EventWrite::rejection).toList());
        }));
    }

    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
        return Stages.toFuture(writers.recover(PersistencePartition.of(persistenceId)));
    }

    @Override
    public Future<Void> doAsyncReplayMessages(
            String persistenceId, long fromSequenceNr, long toSequenceNr, long max, Consumer<PersistentRepr> replayCallback) {
        if (max <= 0 || fromSequenceNr > toSequenceNr) {
            return Stages.toFuture(CompletableFuture.completedFuture(null));
        }
        PartitionId partition = PersistencePartition.of(persistenceId);
        ActorRef receiver = recovering.getOrDefault(persistenceId, ActorRef.noSender());
        return Stages.toFuture(store.rowStore().thenCompose(rows -> new EventReplay(
                        rows, partition, writers.readPoint(partition), toSequenceNr, max, store.settings(),
                        row -> replayCallback.accept(toRepr(persistenceId, row)), () -> workedOff(receiver), executor)
                .from(Math.max(0, fromSequenceNr))).whenComplete((done, failure) -> {
                    if (receiver != null) {
                        recovering.remove(persistenceId, receiver);
                    }
                }));
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
        return Stages.toFuture(writers.whenOpen(PersistencePartition.of(persistenceId), (open, rows) -> {
            long highest = open.writer().highestSequenceNr();
            long last = Math.min(toSequenceNr, highest);
            if (last < 1) {
                return CompletableFuture.completedFuture(null);
            }
            return open.commit(List.of(
                            new RowOp.Put(JournalKeys.header(), new StoredHeader(highest).encode()),
                            new RowOp.DeleteRange(JournalKeys.event(0), JournalKeys.event(last + 1))))
                    .thenApply(at -> null);
        }));
    }

    /** An actor answers {@code Identify} in the order of its mailbox, whatever it is, so behind the events it was sent. */
    private CompletionStage<Void> workedOff(ActorRef receiver) {
        if (receiver == null) {
            return CompletableFuture.completedFuture(null);
        }
        Duration wait = Duration.ofMillis(store.settings().replayPageWaitMillis());
        return Patterns.ask(receiver, new Identify("replay"), wait).thenAccept(answer -> {
            if (((ActorIdentity) answer).getActorRef().isEmpty()) {
                throw new IllegalStateException("the recovering actor " + receiver.path() + " has ended");
            }
        });
    }

    private EventWrite toWrite(AtomicWrite message) {
        List<RowOp> puts = new ArrayList<>();
        long size = 0;
        for (PersistentRepr repr : CollectionConverters.asJava(message.payload())) {
            try {
                byte[] value = toStored(repr).encode();
                if (value.length > JournalLimits.MAX_EVENT_BYTES) {
                    throw new IllegalArgumentException("event " + repr.sequenceNr() + " of " + repr.persistenceId() + " has " + value.length
                            + " bytes; at most " + JournalLimits.MAX_EVENT_BYTES);
                }
                byte[] key = JournalKeys.event(repr.sequenceNr());
                size += key.length + value.length + JournalLimits.ROW_OVERHEAD_BYTES;
                puts.add(new RowOp.Put(key, value));
            } catch (Exception e) {
                return EventWrite.rejected(message.lowestSequenceNr(), message.highestSequenceNr(), e);
            }
        }
        return EventWrite.accepted(message.lowestSequenceNr(), message.highestSequenceNr(), puts, (int) Math.min(size, Integer.MAX_VALUE));
    }

    private StoredEvent toStored(PersistentRepr repr) {
        Object event = repr.payload();
        List<String> tags = List.of();
        if (event instanceof Tagged tagged) {
            event = tagged.payload();
            tags = CollectionConverters.asJava(tagged.tags()).stream().sorted().toList();
        }
        Optional<StoredPayload> metadata =
                repr.metadata().isDefined() ? Optional.of(payloads.write(repr.metadata().get())) : Optional.empty();
        return new StoredEvent(repr.timestamp(), repr.writerUuid(), repr.manifest(), tags, payloads.write(event), metadata);
    }

    private PersistentRepr toRepr(String persistenceId, Row row) {
        StoredEvent event = StoredEvent.decode(row.value());
        PersistentRepr repr = PersistentRepr.apply(
                        payloads.read(event.payload()), JournalKeys.sequenceNrOf(row.key()), persistenceId, event.adapterManifest(), false,
                        ActorRef.noSender(), event.writerUuid())
                .withTimestamp(event.timestampMillis());
        return event.metadata().isEmpty() ? repr : repr.withMetadata(payloads.read(event.metadata().get()));
    }
}
