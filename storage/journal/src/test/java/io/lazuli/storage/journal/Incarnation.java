package io.lazuli.storage.journal;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol.RecoverySuccess;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.ReplayedMessage;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageFailure;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageRejected;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageSuccess;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.JournalProtocol.WriteMessagesFailed;
import org.apache.pekko.persistence.JournalProtocol.WriteMessagesSuccessful$;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.testkit.javadsl.TestKit;
import scala.jdk.javaapi.CollectionConverters;

/** Plays one incarnation of a persistent actor towards the journal, step by step. */
final class Incarnation {

    private final String pid;
    private final String writerUuid;
    private final ActorRef journal;
    private final TestKit kit;

    Incarnation(ActorSystem<?> node, String pid, String writerUuid) {
        this.pid = pid;
        this.writerUuid = writerUuid;
        this.kit = new TestKit(Adapter.toClassic(node));
        this.journal = Persistence.get(node).journalFor("lazuli.journal.events", ConfigFactory.empty());
    }

    /** Recovers and returns the events, with the highest sequence number behind them. */
    List<Object> recover() {
        journal.tell(new ReplayMessages(1, Long.MAX_VALUE, Long.MAX_VALUE, pid, kit.getRef()), ActorRef.noSender());
        List<Object> seen = new ArrayList<>();
        while (true) {
            Object message = kit.expectMsgAnyClassOf(Object.class);
            if (message instanceof RecoverySuccess success) {
                seen.add(success.highestSequenceNr());
                return seen;
            }
            seen.add(((ReplayedMessage) message).persistent().payload());
        }
    }

    /** Writes one event in each atomic write; null where all were written, else why all failed. */
    Throwable write(long firstSequenceNr, Object... events) {
        send(firstSequenceNr, events);
        return outcome(events.length);
    }

    void send(long firstSequenceNr, Object... events) {
        List<PersistentEnvelope> writes = new ArrayList<>();
        long sequenceNr = firstSequenceNr;
        for (Object event : events) {
            writes.add(new AtomicWrite(CollectionConverters.asScala(List.of(
                    PersistentRepr.apply(event, sequenceNr++, pid, "", false, kit.getRef(), writerUuid))).toList()));
        }
        journal.tell(new WriteMessages(CollectionConverters.asScala(writes).toSeq(), kit.getRef(), 1), ActorRef.noSender());
    }

    Throwable outcome(int events) {
        Object answer = kit.expectMsgAnyClassOf(Object.class);
        if (answer == WriteMessagesSuccessful$.MODULE$) {
            for (int i = 0; i < events; i++) {
                kit.expectMsgClass(WriteMessageSuccess.class);
            }
            return null;
        }
        for (int i = 0; i < events; i++) {
            kit.expectMsgClass(WriteMessageFailure.class);
        }
        return ((WriteMessagesFailed) answer).cause();
    }

    /** Writes one event in each atomic write and tells of each whether it was rejected. */
    List<Boolean> writeEach(long firstSequenceNr, Object... events) {
        send(firstSequenceNr, events);
        kit.expectMsg(WriteMessagesSuccessful$.MODULE$);
        List<Boolean> rejected = new ArrayList<>();
        for (int i = 0; i < events.length; i++) {
            rejected.add(kit.expectMsgAnyClassOf(Object.class) instanceof WriteMessageRejected);
        }
        return rejected;
    }
}
