package io.lazuli.host.queue;

import io.lazuli.role.RoleQueue.Message;
import io.lazuli.role.RoleStorageException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The bodies of the Queue protocol that roles need. Document types and external entities are not read. */
final class QueueXml {

    private static final XMLInputFactory FACTORY = XMLInputFactory.newDefaultFactory();

    static {
        FACTORY.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        FACTORY.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        FACTORY.setProperty(XMLInputFactory.IS_COALESCING, true);
    }

    private QueueXml() {}

    /** @throws IllegalArgumentException if the text has a character that XML cannot carry */
    static byte[] message(String text) {
        StringBuilder xml = new StringBuilder(text.length() + 80).append("<QueueMessage><MessageText>");
        text.codePoints().forEach(c -> append(xml, c));
        return xml.append("</MessageText></QueueMessage>").toString().getBytes(StandardCharsets.UTF_8);
    }

    static List<Message> messages(byte[] body) {
        try {
            XMLStreamReader reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(body), "UTF-8");
            List<Message> messages = new ArrayList<>();
            Map<String, String> fields = new HashMap<>();
            while (reader.hasNext()) {
                int event = reader.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    switch (reader.getLocalName()) {
                        case "MessageId", "PopReceipt", "DequeueCount", "MessageText" -> fields.put(reader.getLocalName(), reader.getElementText());
                        default -> { }
                    }
                } else if (event == XMLStreamConstants.END_ELEMENT && reader.getLocalName().equals("QueueMessage")) {
                    messages.add(new Message(
                            fields.get("MessageId"), fields.get("PopReceipt"), Integer.parseInt(fields.getOrDefault("DequeueCount", "1")),
                            fields.getOrDefault("MessageText", "")));
                    fields.clear();
                }
            }
            return messages;
        } catch (XMLStreamException | NumberFormatException e) {
            throw new RoleStorageException(200, "", "the queue service's answer cannot be read: " + e.getMessage(), e);
        }
    }

    private static void append(StringBuilder xml, int c) {
        switch (c) {
            case '<' -> xml.append("&lt;");
            case '>' -> xml.append("&gt;");
            case '&' -> xml.append("&amp;");
            case '\r' -> xml.append("&#13;");
            case '\n', '\t' -> xml.append((char) c);
            default -> {
                boolean carried = c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
                if (!carried) {
                    throw new IllegalArgumentException(String.format("a message cannot carry the character U+%04X; encode it, e.g. in Base64", c));
                }
                xml.appendCodePoint(c);
            }
        }
    }
}
