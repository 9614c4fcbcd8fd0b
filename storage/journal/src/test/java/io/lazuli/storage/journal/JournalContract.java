package io.lazuli.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.JournalProtocol.DeleteMessagesTo;
import org.apache.pekko.persistence.JournalProtocol.RecoverySuccess;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.ReplayedMessage;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageRejected;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageSuccess;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.JournalProtocol.WriteMessagesSuccessful$;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.jdk.javaapi.CollectionConverters;

/** What Pekko Persistence demands of a journal plug-in, all optional capabilities included. Each test finds five events written. */
abstract class JournalContract {

    private static final int INSTANCE = 1;

    private final String pid = "contract-" + UUID.randomUUID();
    private final String writerUuid = UUID.randomUUID().toString();
    private TestKit sender;
    private TestKit receiver;

    protected abstract ActorSystem system();

    protected abstract ActorRef journal();

    @BeforeEach
    void writeFiveEvents() {
        sender = new TestKit(system());
        receiver = new TestKit(system());
        List<AtomicWrite> writes = new ArrayList<>();
        for (long snr = 1; snr <= 3; snr++) {
            writes.add(atomic(event("a-" + snr, snr)));
        }
        writes.add(atomic(event("a-4", 4), event("a-5", 5)));
        write(writes);
        for (long snr = 1; snr <= 5; snr++) {
            WriteMessageSuccess success = sender.expectMsgClass(WriteMessageSuccess.class);
            assertEquals(snr, success.persistent().sequenceNr());
            assertEquals("a-" + snr, success.persistent().payload());
            assertEquals(INSTANCE, success.actorInstanceId());
        }
    }

    @ParameterizedTest(name = "from {0} to {1}, at most {2}: {3} to {4}")
    @CsvSource({
        "1, max, max, 1, 5", "0, max, max, 1, 5", "3, max, max, 3, 5", "1, 3, max, 1, 3", "1, max, 3, 1, 3", "2, 3, max, 2, 3",
        "2, 5, 2, 2, 3", "2, 2, max, 2, 2", "2, 4, 1, 2, 2", "2, 4, 0, 1, 0", "3, 2, max, 1, 0", "6, max, max, 1, 0", "1, 0, max, 1, 0",
    })
    void replayKeepsItsBounds(long from, String to, String max, long firstExpected, long lastExpected) {
        journal().tell(new ReplayMessages(from, number(to), number(max), pid, receiver.getRef()), ActorRef.noSender());
        expectReplayed(firstExpected, lastExpected);
        assertEquals(5, receiver.expectMsgClass(RecoverySuccess.class).highestSequenceNr());
    }

    @Test
    void replayOfAnIdThatNeverWroteIsEmpty() {
        journal().tell(new ReplayMessages(0, Long.MAX_VALUE, Long.MAX_VALUE, "never-" + pid, receiver.getRef()), ActorRef.noSender());
        assertEquals(0, receiver.expectMsgClass(RecoverySuccess.class).highestSequenceNr());
    }

    @Test
    void deletedEventsAreNotReplayedAndTheDeletionIsPublished() {
        TestKit published = new TestKit(system());
        system().eventStream().subscribe(published.getRef(), DeleteMessagesTo.class);
        DeleteMessagesTo delete = new DeleteMessagesTo(pid, 3, receiver.getRef());
        journal().tell(delete, ActorRef.noSender());
        published.fishForMessage(published.getRemainingOrDefault(), "the deletion", delete::equals);
        receiver.expectMsg(new DeleteMessagesSuccess(3));
        replayAll();
        expectReplayed(4, 5);
        assertEquals(5, receiver.expectMsgClass(RecoverySuccess.class).highestSequenceNr());
    }

    @Test
    void highestSequenceNumberOutlivesTheDeletionOfAllEvents() {
        journal().tell(new DeleteMessagesTo(pid, Long.MAX_VALUE, receiver.getRef()), ActorRef.noSender());
        receiver.expectMsg(new DeleteMessagesSuccess(Long.MAX_VALUE));
        replayAll();
        assertEquals(5, receiver.expectMsgClass(RecoverySuccess.class).highestSequenceNr());
        journal().tell(new DeleteMessagesTo(pid, 2, receiver.getRef()), ActorRef.noSender());
        receiver.expectMsg(new DeleteMessagesSuccess(2));
        replayAll();
        assertEquals(5, receiver.expectMsgClass(RecoverySuccess.class).highestSequenceNr());
    }

    @Test
    void eventThatCannotBeSerializedIsRejectedAlone() {
        Object noSerializer = new Object();
        write(List.of(atomic(event("b-6", 6)), atomic(event(noSerializer, 7)), atomic(event("b-8", 8))));
        assertEquals("b-6", sender.expectMsgClass(WriteMessageSuccess.class).persistent().payload());
        WriteMessageRejected rejected = sender.expectMsgClass(WriteMessageRejected.class);
        assertEquals(noSerializer, rejected.message().payload());
        assertInstanceOf(NotSerializableException.class, rejected.cause());
        assertEquals("b-8", sender.expectMsgClass(WriteMessageSuccess.class).persistent().payload());

        journal().tell(new ReplayMessages(6, Long.MAX_VALUE, Long.MAX_VALUE, pid, receiver.getRef()), ActorRef.noSender());
        assertEquals(6, receiver.expectMsgClass(ReplayedMessage.class).persistent().sequenceNr());
        assertEquals(8, receiver.expectMsgClass(ReplayedMessage.class).persistent().sequenceNr());
        assertEquals(8, receiver.expectMsgClass(RecoverySuccess.class).highestSequenceNr());
    }

    @Test
    void atomicWriteWithOneBadEventIsRejectedWhole() {
        write(List.of(atomic(event("b-6", 6), event(new Object(), 7), event("b-8", 8)), atomic(event("b-9", 9))));
        for (long snr = 6; snr <= 8; snr++) {
            assertEquals(snr, sender.expectMsgClass(WriteMessageRejected.class).message().sequenceNr());
        }
        assertEquals(9, sender.expectMsgClass(WriteMessageSuccess.class).persistent().sequenceNr());
        journal().tell(new ReplayMessages(6, Long.MAX_VALUE, Long.MAX_VALUE, pid, receiver.getRef()), ActorRef.noSender());
        assertEquals(9, receiver.expectMsgClass(ReplayedMessage.class).persistent().sequenceNr());
        receiver.expectMsgClass(RecoverySuccess.class);
    }

    @Test
    void eventGoesThroughItsOwnSerializerAndBack() {
        TestEvent event = new TestEvent("höchst", receiver.getRef());
        write(List.of(atomic(event(event, 6))));
        assertEquals(event, sender.expectMsgClass(WriteMessageSuccess.class).persistent().payload());
        journal().tell(new ReplayMessages(6, Long.MAX_VALUE, Long.MAX_VALUE, pid, receiver.getRef()), ActorRef.noSender());
        assertEquals(event, receiver.expectMsgClass(ReplayedMessage.class).persistent().payload());
        assertTrue(receiver.expectMsgClass(RecoverySuccess.class).highestSequenceNr() >= 6);
    }

    @Test
    void metadataTimestampManifestAndWriterComeBack() {
        PersistentRepr sent = PersistentRepr.apply("a-6", 6, pid, "adapted", false, ActorRef.noSender(), writerUuid)
                .withTimestamp(1234).withMetadata("meta");
        write(List.of(atomic(sent)));
        sender.expectMsgClass(WriteMessageSuccess.class);
        journal().tell(new ReplayMessages(6, 6, 1, pid, receiver.getRef()), ActorRef.noSender());
        PersistentRepr back = receiver.expectMsgClass(ReplayedMessage.class).persistent();
        assertEquals(sent, back);
        assertEquals(1234, back.timestamp());
        assertEquals("meta", back.metadata().get());
    }

    private void write(List<AtomicWrite> writes) {
        journal().tell(
                new WriteMessages(CollectionConverters.asScala(List.<PersistentEnvelope>copyOf(writes)).toSeq(), sender.getRef(), INSTANCE), ActorRef.noSender());
        sender.expectMsg(WriteMessagesSuccessful$.MODULE$);
    }

    private void replayAll() {
        journal().tell(new ReplayMessages(1, Long.MAX_VALUE, Long.MAX_VALUE, pid, receiver.getRef()), ActorRef.noSender());
    }

    private void expectReplayed(long first, long last) {
        LongStream.rangeClosed(first, last).forEach(snr -> {
            PersistentRepr repr = receiver.expectMsgClass(ReplayedMessage.class).persistent();
            assertEquals(PersistentRepr.apply("a-" + snr, snr, pid, "", false, ActorRef.noSender(), writerUuid), repr);
        });
    }

    private PersistentRepr event(Object payload, long sequenceNr) {
        return PersistentRepr.apply(payload, sequenceNr, pid, "", false, sender.getRef(), writerUuid);
    }

    private static AtomicWrite atomic(PersistentRepr... events) {
        return new AtomicWrite(CollectionConverters.asScala(List.of(events)).toList());
    }

    private static long number(String text) {
        return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
    }
}
