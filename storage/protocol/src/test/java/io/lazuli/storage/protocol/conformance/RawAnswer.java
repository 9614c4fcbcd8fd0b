package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** An answer, and what a case expects of it. */
public record RawAnswer(int status, HttpHeaders headers, String body) {

    /** A success has that status, and every header that each answer has. */
    RawAnswer is(int expectedStatus) {
        assertEquals(expectedStatus, status, () -> "status of " + this);
        assertTrue(header("x-ms-request-id").matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), () -> "x-ms-request-id of " + this);
        assertTrue(header("Date").endsWith(" GMT"), () -> "Date of " + this);
        assertTrue(!header("Server").isEmpty(), () -> "Server of " + this);
        return this;
    }

    /** An error has that status and code, in the header and in a body that names the request. */
    RawAnswer is(int expectedStatus, String code) {
        is(expectedStatus);
        assertEquals(code, header("x-ms-error-code"), () -> "x-ms-error-code of " + this);
        if (body.startsWith("{")) {
            JsonObject error = json().getJsonObject("odata.error");
            assertEquals(code, error.getString("code"), () -> "code of " + this);
            assertEquals("en-US", error.getJsonObject("message").getString("lang"), () -> "message of " + this);
            assertTrue(error.getJsonObject("message").getString("value").contains("\nRequestId:" + header("x-ms-request-id") + "\nTime:20"), () -> "message of " + this);
        } else if (!body.isEmpty()) {
            assertEquals(code, xml("/Error/Code"));
            assertTrue(xml("/Error/Message").contains("\nRequestId:" + header("x-ms-request-id") + "\nTime:20"), () -> "message of " + this);
        }
        return this;
    }

    RawAnswer has(String header, String expected) {
        assertEquals(expected, header(header), () -> header + " of " + this);
        return this;
    }

    RawAnswer says(String expected) {
        assertEquals(expected, body, () -> "body of " + this);
        return this;
    }

    /** Such a header is there, whatever it says. */
    RawAnswer tells(String header) {
        assertTrue(!header(header).isEmpty(), () -> header + " of " + this);
        return this;
    }

    RawAnswer hasXml(String path, String expected) {
        assertEquals(expected, xml(path), () -> path + " of " + this);
        return this;
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    JsonObject json() {
        try {
            return new JsonObject(body);
        } catch (DecodeException e) {
            throw new AssertionError("no JSON: " + this, e);
        }
    }

    /** The entities or tables of a list, in the body. */
    List<JsonObject> values() {
        JsonArray values = json().getJsonArray("value");
        assertTrue(values != null, () -> "no list: " + this);
        return values.stream().map(JsonObject.class::cast).toList();
    }

    /** An answer as it came over a connection that was then closed. */
    static RawAnswer parse(byte[] wire) {
        String text = new String(wire, StandardCharsets.ISO_8859_1);
        int headEnd = text.indexOf("\r\n\r\n");
        assertTrue(headEnd > 0, () -> "no answer: " + text);
        String[] head = text.substring(0, headEnd).split("\r\n");
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < head.length; i++) {
            int colon = head[i].indexOf(':');
            headers.put(head[i].substring(0, colon), List.of(head[i].substring(colon + 1).trim()));
        }
        String body = text.substring(headEnd + 4);
        if (headers.getOrDefault("Transfer-Encoding", List.of()).contains("chunked")) {
            body = joinChunks(body);
        }
        return new RawAnswer(
                Integer.parseInt(head[0].split(" ")[1]), HttpHeaders.of(headers, (name, value) -> true),
                new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    private static String joinChunks(String chunks) {
        StringBuilder joined = new StringBuilder();
        int at = 0;
        while (true) {
            int lineEnd = chunks.indexOf("\r\n", at);
            int length = Integer.parseInt(chunks.substring(at, lineEnd), 16);
            if (length == 0) {
                return joined.toString();
            }
            joined.append(chunks, lineEnd + 2, lineEnd + 2 + length);
            at = lineEnd + 2 + length + 2;
        }
    }

    /** The value of an XPath in the body. */
    String xml(String path) {
        try {
            Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body)));
            return XPathFactory.newInstance().newXPath().evaluate(path, document);
        } catch (SAXException | IOException | ParserConfigurationException | XPathExpressionException e) {
            throw new AssertionError("no XML: " + this, e);
        }
    }

    @Override
    public String toString() {
        return status + " " + headers.map() + " " + body;
    }
}
