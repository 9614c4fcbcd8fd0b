package io.lazuli.storage.protocol.queue;

import io.lazuli.security.HttpDates;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.queue.QueueService.EnqueuedMessage;
import io.lazuli.storage.partition.queue.QueueService.QueueMessage;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.ServiceVersion;
import io.lazuli.storage.protocol.service.XmlBodies;
import io.lazuli.storage.protocol.xml.XmlElement;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.util.List;
import java.util.Map;

/** Messages as XML. Source: "Put Message", "Get Messages", "Peek Messages", "Update Message". */
final class MessageBodies {

    /** A message's text in UTF-8, after the XML around it is taken off. */
    static final int MAX_TEXT_BYTES = 64 * 1024;
    static final int MAX_OLD_TEXT_BYTES = 8 * 1024;

    /** The longest text with each of its characters escaped by six, and the elements around it. */
    static final int MAX_BODY_BYTES = 6 * MAX_TEXT_BYTES + 4 * 1024;

    private static final String LARGE_SINCE = "2011-08-18";
    private static final int LIST_BYTES = 160;
    private static final int MESSAGE_BYTES = 512;

    private MessageBodies() {}

    /** The new message's text. @throws StorageException also MissingRequiredXmlNode without a MessageText */
    static byte[] readText(byte[] body, ServiceVersion version) {
        XmlElement text = XmlBodies.required(XmlBodies.root(body, "QueueMessage"), "MessageText");
        return checked(text, version);
    }

    /** The text that an update sets, or null if it sets none. */
    static byte[] readOptionalText(byte[] body, ServiceVersion version) {
        if (body.length == 0) {
            return null;
        }
        XmlElement text = XmlBodies.root(body, "QueueMessage").child("MessageText");
        return text == null ? null : checked(text, version);
    }

    private static byte[] checked(XmlElement text, ServiceVersion version) {
        if (!text.children().isEmpty()) {
            throw BadRequests.invalidXml("MessageText holds text, not elements");
        }
        if (!version.isSince(LARGE_SINCE) && text.textLengthBytes() > MAX_OLD_TEXT_BYTES) {
            throw new StorageException(StorageErrorCode.MESSAGE_TOO_LARGE);
        }
        if (text.textLengthBytes() > MAX_TEXT_BYTES) {
            throw new StorageException(StorageErrorCode.REQUEST_BODY_TOO_LARGE, Map.of("MaxLimit", Integer.toString(MAX_TEXT_BYTES)));
        }
        return text.textBytes();
    }

    static byte[] write(EnqueuedMessage message) {
        return new XmlWriter(LIST_BYTES + MESSAGE_BYTES)
                .open("QueueMessagesList")
                .open("QueueMessage")
                .element("MessageId", message.messageId())
                .element("InsertionTime", HttpDates.format(message.insertedAtMillis()))
                .element("ExpirationTime", HttpDates.format(message.expiresAtMillis()))
                .element("PopReceipt", message.popReceipt())
                .element("TimeNextVisible", HttpDates.format(message.nextVisibleAtMillis()))
                .close("QueueMessage")
                .close("QueueMessagesList")
                .toBytes();
    }

    /** Of so many messages of the largest size, few of their characters escaped. */
    static int answerBytes(int messages) {
        return LIST_BYTES + messages * (MESSAGE_BYTES + MAX_TEXT_BYTES);
    }

    static byte[] writeReceived(List<QueueMessage> messages) {
        return write(messages, true);
    }

    static byte[] writePeeked(List<QueueMessage> messages) {
        return write(messages, false);
    }

    private static byte[] write(List<QueueMessage> messages, boolean received) {
        int expectedBytes = LIST_BYTES;
        for (QueueMessage message : messages) {
            expectedBytes += MESSAGE_BYTES + message.text().length;
        }
        XmlWriter xml = new XmlWriter(expectedBytes).open("QueueMessagesList");
        for (QueueMessage message : messages) {
            xml.open("QueueMessage")
                    .element("MessageId", message.messageId())
                    .element("InsertionTime", HttpDates.format(message.insertedAtMillis()))
                    .element("ExpirationTime", HttpDates.format(message.expiresAtMillis()));
            if (received) {
                xml.element("PopReceipt", message.popReceipt())
                        .element("TimeNextVisible", HttpDates.format(message.nextVisibleAtMillis()));
            }
            xml.element("DequeueCount", message.dequeueCount())
                    .element("MessageText", message.text())
                    .close("QueueMessage");
        }
        return xml.close("QueueMessagesList").toBytes();
    }
}
