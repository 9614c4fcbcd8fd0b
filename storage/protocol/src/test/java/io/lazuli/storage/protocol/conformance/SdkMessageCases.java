package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.core.util.Context;
import com.azure.storage.queue.QueueAsyncClient;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueMessageEncoding;
import com.azure.storage.queue.models.PeekedMessageItem;
import com.azure.storage.queue.models.QueueMessageItem;
import com.azure.storage.queue.models.SendMessageResult;
import com.azure.storage.queue.models.UpdateMessageResult;
import io.lazuli.storage.protocol.conformance.QueueServiceConformance.Case;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;

/** Messages through the official SDK. */
final class SdkMessageCases {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final OffsetDateTime NEVER = OffsetDateTime.parse("9999-12-31T23:59:59Z");

    private SdkMessageCases() {}

    static List<Case> all() {
        return List.of(
                new Case("plain text comes back", f -> roundTrip(f, "hello")),
                new Case("markup and blanks come back", f -> roundTrip(f, " <a href=\"x\">&amp; ]]> 'q'</a>\n\t end ")),
                new Case("every script comes back", f -> roundTrip(f, "é Ж 漢字 😀 \uFFFD")),
                new Case("carriage returns come back if the client escapes them, else as line feeds", f -> roundTrip(f, "a\nb")),
                new Case("64 KiB of text come back", f -> roundTrip(f, "x".repeat(64 * 1024))),
                new Case("64 KiB of text that is all escaped come back", f -> roundTrip(f, "<".repeat(64 * 1024))),
                new Case("64 KiB of text in two-byte characters come back", f -> roundTrip(f, "é".repeat(32 * 1024))),
                new Case("one byte more is refused", f -> Expect.error(413, "RequestBodyTooLarge", () -> f.queue().sendMessage("x".repeat(64 * 1024 + 1)))),
                new Case("one two-byte character more is refused", f -> Expect.error(413, "RequestBodyTooLarge", () -> f.queue().sendMessage("é".repeat(32 * 1024 + 1)))),
                new Case("a megabyte is refused", f -> Expect.error(413, "RequestBodyTooLarge", () -> f.queue().sendMessage("x".repeat(1 << 20)))),
                new Case("Base64 encoding of the client comes back", SdkMessageCases::base64),
                new Case("put to no queue answers 404", f -> Expect.error(404, "QueueNotFound", () -> missing(f).sendMessage("x"))),
                new Case("receive from no queue answers 404", f -> Expect.error(404, "QueueNotFound", () -> missing(f).receiveMessage())),
                new Case("peek into no queue answers 404", f -> Expect.error(404, "QueueNotFound", () -> missing(f).peekMessage())),
                new Case("clear of no queue answers 404", f -> Expect.error(404, "QueueNotFound", () -> missing(f).clearMessages())),
                new Case("delete in no queue answers 404", f -> Expect.error(404, "QueueNotFound", () -> missing(f).deleteMessage(new UUID(1, 2).toString(), "AgAAAAMAAAAAAAAA"))),
                new Case("an empty queue gives nothing", f -> assertNull(f.queue().receiveMessage())),
                new Case("an empty queue shows nothing", f -> assertNull(f.queue().peekMessage())),
                new Case("put answers id, receipt and times", SdkMessageCases::putAnswers),
                new Case("a message lives seven days by default", f -> assertLifetime(f, null, Duration.ofDays(7))),
                new Case("a message lives as long as asked", f -> assertLifetime(f, Duration.ofSeconds(100), Duration.ofSeconds(100))),
                new Case("a message may live a hundred years", f -> assertLifetime(f, Duration.ofSeconds(Integer.MAX_VALUE), Duration.ofSeconds(Integer.MAX_VALUE))),
                new Case("a message may live for ever", f -> assertEquals(NEVER, f.queue().sendMessageWithResponse("x", null, Duration.ofSeconds(-1), null, Context.NONE).getValue().getExpirationTime())),
                new Case("a message disappears when its time is over", SdkMessageCases::expires),
                new Case("a hidden message is neither received nor peeked", SdkMessageCases::hidden),
                new Case("a hidden message appears when its visibility timeout ends", SdkMessageCases::appears),
                new Case("a received message is hidden, by default for 30 seconds", SdkMessageCases::receivedIsHidden),
                new Case("a received message reappears when its visibility timeout ends", SdkMessageCases::reappears),
                new Case("messages come in the order in which they were put", SdkMessageCases::order),
                new Case("32 messages come together, each once", SdkMessageCases::receive32),
                new Case("fewer messages than asked come", f -> assertEquals(1, one(f).receiveMessages(32).stream().count())),
                new Case("33 messages cannot be asked for", f -> Expect.error(400, "OutOfRangeQueryParameterValue", () -> f.queue().receiveMessages(33).stream().count())),
                new Case("33 messages cannot be peeked", f -> Expect.error(400, "OutOfRangeQueryParameterValue", () -> f.queue().peekMessages(33, null, Context.NONE).stream().count())),
                new Case("peek shows and changes nothing", SdkMessageCases::peek),
                new Case("the count of deliveries grows", SdkMessageCases::dequeueCount),
                new Case("delete with the receipt answers 204", SdkMessageCases::delete),
                new Case("a message can be deleted with the receipt of its put", SdkMessageCases::deleteByPutReceipt),
                new Case("delete with another receipt is refused", SdkMessageCases::deleteByWrongReceipt),
                new Case("delete with the receipt of an earlier delivery is refused", SdkMessageCases::deleteByOldReceipt),
                new Case("delete twice answers 404", SdkMessageCases::deleteTwice),
                new Case("delete of no message answers 404", f -> Expect.error(404, "MessageNotFound", () -> f.queue().deleteMessage(new UUID(7, 7).toString(), one(f).receiveMessage().getPopReceipt()))),
                new Case("update changes text and visibility and rotates the receipt", SdkMessageCases::update),
                new Case("update without text keeps the text", SdkMessageCases::updateVisibilityOnly),
                new Case("update with an old receipt is refused", SdkMessageCases::updateByOldReceipt),
                new Case("update of no message answers 404", f -> Expect.error(404, "MessageNotFound", () -> f.queue().updateMessage(new UUID(7, 7).toString(), one(f).receiveMessage().getPopReceipt(), "x", HOUR))),
                new Case("update keeps the count of deliveries", SdkMessageCases::updateKeepsCount),
                new Case("update that would hide a message for longer than it lives is refused and changes nothing", SdkMessageCases::updateBeyondExpiry),
                new Case("clear removes all, hidden ones too", SdkMessageCases::clear),
                new Case("put, receive and delete of 200 messages by the asynchronous client lose none", SdkMessageCases::manyAtOnce));
    }

    private static QueueClient missing(Fixture f) {
        return f.service().getQueueClient(f.freeName());
    }

    private static QueueClient one(Fixture f) {
        QueueClient queue = f.queue();
        queue.sendMessage("one");
        return queue;
    }

    private static void roundTrip(Fixture f, String text) {
        QueueClient queue = f.queue();
        queue.sendMessage(text);
        assertEquals(text, queue.peekMessage().getBody().toString());
        assertEquals(text, queue.receiveMessage().getBody().toString());
    }

    private static void base64(Fixture f) {
        QueueClient queue = Fixture.sdk(f.target()).messageEncoding(QueueMessageEncoding.BASE64).buildClient().getQueueClient(f.queue().getQueueName());
        queue.sendMessage("\u0000 any é bytes");
        assertEquals("\u0000 any é bytes", queue.receiveMessage().getBody().toString());
    }

    private static void putAnswers(Fixture f) {
        SendMessageResult sent = f.queue().sendMessageWithResponse("x", Duration.ofSeconds(20), Duration.ofSeconds(100), null, Context.NONE).getValue();
        assertTrue(sent.getMessageId().matches("[0-9a-f-]{36}"), sent.getMessageId());
        assertTrue(!sent.getPopReceipt().isEmpty());
        assertEquals(sent.getInsertionTime().plusSeconds(100), sent.getExpirationTime());
        assertEquals(sent.getInsertionTime().plusSeconds(20), sent.getTimeNextVisible());
    }

    private static void assertLifetime(Fixture f, Duration asked, Duration expected) {
        SendMessageResult sent = f.queue().sendMessageWithResponse("x", null, asked, null, Context.NONE).getValue();
        assertEquals(sent.getInsertionTime().plus(expected), sent.getExpirationTime());
    }

    private static void expires(Fixture f) {
        QueueClient queue = f.queue();
        queue.sendMessageWithResponse("short", null, Duration.ofSeconds(1), null, Context.NONE);
        queue.sendMessage("long");
        f.await("the first message is gone", () -> queue.peekMessage().getBody().toString().equals("long"));
        assertEquals("long", queue.receiveMessage().getBody().toString());
        assertNull(queue.receiveMessage());
    }

    private static void hidden(Fixture f) {
        QueueClient queue = f.queue();
        queue.sendMessageWithResponse("later", HOUR, null, null, Context.NONE);
        assertNull(queue.peekMessage());
        assertNull(queue.receiveMessage());
    }

    private static void appears(Fixture f) {
        QueueClient queue = f.queue();
        queue.sendMessageWithResponse("later", Duration.ofSeconds(1), null, null, Context.NONE);
        f.await("the message appears", () -> queue.receiveMessage() != null);
    }

    private static void receivedIsHidden(Fixture f) {
        QueueClient queue = one(f);
        OffsetDateTime before = OffsetDateTime.now().minusSeconds(2);
        QueueMessageItem received = queue.receiveMessage();
        assertTrue(received.getTimeNextVisible().isAfter(before.plusSeconds(30)), () -> before + " " + received.getTimeNextVisible());
        assertNull(queue.receiveMessage());
        assertNull(queue.peekMessage());
    }

    private static void reappears(Fixture f) {
        QueueClient queue = one(f);
        QueueMessageItem first = queue.receiveMessages(1, Duration.ofSeconds(1), null, Context.NONE).iterator().next();
        f.await("the message reappears", () -> queue.peekMessage() != null);
        QueueMessageItem second = queue.receiveMessage();
        assertEquals(first.getMessageId(), second.getMessageId());
        assertEquals(2, second.getDequeueCount());
        assertNotEquals(first.getPopReceipt(), second.getPopReceipt());
    }

    private static void order(Fixture f) {
        QueueClient queue = f.queue();
        List<String> put = IntStream.range(0, 20).mapToObj(i -> "m" + i).toList();
        put.forEach(queue::sendMessage);
        List<String> received = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            received.add(queue.receiveMessage().getBody().toString());
        }
        assertEquals(put, received);
    }

    private static void receive32(Fixture f) {
        QueueClient queue = f.queue();
        List<String> put = IntStream.range(0, 40).mapToObj(i -> "m" + i).toList();
        put.forEach(queue::sendMessage);
        List<String> received = new ArrayList<>();
        queue.receiveMessages(32).forEach(message -> received.add(message.getBody().toString()));
        assertEquals(32, received.size());
        queue.receiveMessages(32).forEach(message -> received.add(message.getBody().toString()));
        assertEquals(put, received);
    }

    private static void peek(Fixture f) {
        QueueClient queue = f.queue();
        IntStream.range(0, 5).forEach(i -> queue.sendMessage("m" + i));
        for (int round = 0; round < 2; round++) {
            List<PeekedMessageItem> peeked = queue.peekMessages(32, null, Context.NONE).stream().toList();
            assertEquals(List.of("m0", "m1", "m2", "m3", "m4"), peeked.stream().map(message -> message.getBody().toString()).toList());
            assertEquals(0, peeked.get(0).getDequeueCount());
        }
    }

    private static void dequeueCount(Fixture f) {
        QueueClient queue = one(f);
        for (int expected = 1; expected <= 3; expected++) {
            QueueMessageItem received = queue.receiveMessage();
            assertEquals(expected, received.getDequeueCount());
            queue.updateMessage(received.getMessageId(), received.getPopReceipt(), "again", Duration.ZERO);
        }
    }

    private static void delete(Fixture f) {
        QueueClient queue = one(f);
        QueueMessageItem received = queue.receiveMessage();
        assertEquals(204, queue.deleteMessageWithResponse(received.getMessageId(), received.getPopReceipt(), null, Context.NONE).getStatusCode());
        assertEquals(0, queue.getProperties().getApproximateMessagesCount());
    }

    private static void deleteByPutReceipt(Fixture f) {
        QueueClient queue = f.queue();
        SendMessageResult sent = queue.sendMessage("x");
        queue.deleteMessage(sent.getMessageId(), sent.getPopReceipt());
        assertNull(queue.receiveMessage());
    }

    private static void deleteByWrongReceipt(Fixture f) {
        QueueClient queue = f.queue();
        queue.sendMessage("a");
        queue.sendMessage("b");
        QueueMessageItem a = queue.receiveMessage();
        QueueMessageItem b = queue.receiveMessage();
        Expect.error(400, "PopReceiptMismatch", () -> queue.deleteMessage(a.getMessageId(), b.getPopReceipt()));
        queue.deleteMessage(a.getMessageId(), a.getPopReceipt());
    }

    private static void deleteByOldReceipt(Fixture f) {
        QueueClient queue = one(f);
        QueueMessageItem first = queue.receiveMessages(1, Duration.ofSeconds(1), null, Context.NONE).iterator().next();
        f.await("the message reappears", () -> queue.receiveMessage() != null);
        Expect.error(400, "PopReceiptMismatch", () -> queue.deleteMessage(first.getMessageId(), first.getPopReceipt()));
    }

    private static void deleteTwice(Fixture f) {
        QueueClient queue = one(f);
        QueueMessageItem received = queue.receiveMessage();
        queue.deleteMessage(received.getMessageId(), received.getPopReceipt());
        Expect.error(404, "MessageNotFound", () -> queue.deleteMessage(received.getMessageId(), received.getPopReceipt()));
    }

    private static void update(Fixture f) {
        QueueClient queue = one(f);
        QueueMessageItem received = queue.receiveMessage();
        UpdateMessageResult updated = queue.updateMessage(received.getMessageId(), received.getPopReceipt(), "two", HOUR);
        assertNotEquals(received.getPopReceipt(), updated.getPopReceipt());
        assertTrue(updated.getTimeNextVisible().isAfter(OffsetDateTime.now().plusMinutes(50)));
        queue.updateMessage(received.getMessageId(), updated.getPopReceipt(), "three", Duration.ZERO);
        assertEquals("three", queue.receiveMessage().getBody().toString());
    }

    private static void updateVisibilityOnly(Fixture f) {
        QueueClient queue = one(f);
        QueueMessageItem received = queue.receiveMessage();
        queue.updateMessage(received.getMessageId(), received.getPopReceipt(), null, Duration.ZERO);
        assertEquals("one", queue.receiveMessage().getBody().toString());
    }

    private static void updateByOldReceipt(Fixture f) {
        QueueClient queue = one(f);
        QueueMessageItem received = queue.receiveMessage();
        queue.updateMessage(received.getMessageId(), received.getPopReceipt(), "two", HOUR);
        Expect.error(400, "PopReceiptMismatch", () -> queue.updateMessage(received.getMessageId(), received.getPopReceipt(), "three", HOUR));
    }

    private static void updateKeepsCount(Fixture f) {
        QueueClient queue = f.queue();
        SendMessageResult sent = queue.sendMessage("x");
        queue.updateMessage(sent.getMessageId(), sent.getPopReceipt(), "y", Duration.ZERO);
        assertEquals(0, queue.peekMessage().getDequeueCount());
        assertEquals(1, queue.receiveMessage().getDequeueCount());
    }

    private static void updateBeyondExpiry(Fixture f) {
        QueueClient queue = f.queue();
        SendMessageResult sent = queue.sendMessageWithResponse("x", Duration.ZERO, HOUR, null, Context.NONE).getValue();
        Expect.error(400, "OutOfRangeQueryParameterValue", () -> queue.updateMessage(sent.getMessageId(), sent.getPopReceipt(), "y", HOUR.plusMinutes(1)));
        assertEquals("x", queue.peekMessage().getBody().toString());
        QueueMessageItem received = queue.receiveMessage();
        Expect.error(400, "OutOfRangeQueryParameterValue", () -> queue.updateMessage(received.getMessageId(), received.getPopReceipt(), "y", HOUR.plusMinutes(1)));
        queue.updateMessage(received.getMessageId(), received.getPopReceipt(), null, Duration.ZERO);
        assertEquals("x", queue.receiveMessage().getBody().toString());
    }

    private static void clear(Fixture f) {
        QueueClient queue = f.queue();
        IntStream.range(0, 40).forEach(i -> queue.sendMessage("m" + i));
        queue.receiveMessage();
        assertEquals(204, queue.clearMessagesWithResponse(null, Context.NONE).getStatusCode());
        assertEquals(0, queue.getProperties().getApproximateMessagesCount());
        assertNull(queue.peekMessage());
        queue.sendMessage("new");
        assertEquals("new", queue.receiveMessage().getBody().toString());
    }

    private static void manyAtOnce(Fixture f) {
        QueueAsyncClient queue = Fixture.sdk(f.target()).buildAsyncClient().getQueueAsyncClient(f.queue().getQueueName());
        List<String> put = IntStream.range(0, 200).mapToObj(i -> "m" + i).toList();
        Flux.fromIterable(put).flatMap(queue::sendMessage, 16).blockLast();
        List<String> received = new ArrayList<>();
        while (received.size() < put.size()) {
            List<QueueMessageItem> batch = queue.receiveMessages(32).collectList().block();
            assertTrue(!batch.isEmpty(), () -> "only " + received.size() + " of " + put.size() + " came");
            batch.forEach(message -> received.add(message.getBody().toString()));
            Flux.fromIterable(batch)
                    .flatMap(message -> queue.deleteMessage(message.getMessageId(), message.getPopReceipt()), 16).blockLast();
        }
        assertEquals(put.stream().sorted().toList(), received.stream().sorted().toList());
        assertEquals(0, queue.getProperties().block().getApproximateMessagesCount());
    }
}
