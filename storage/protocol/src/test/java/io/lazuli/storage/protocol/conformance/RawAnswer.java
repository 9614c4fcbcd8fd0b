package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpHeaders;
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
        if (!body.isEmpty()) {
            assertEquals(code, xml("/Error/Code"));
            assertTrue(xml("/Error/Message").contains("\nRequestId:" + header("x-ms-request-id") + "\nTime:20"), () -> "message of " + this);
        }
        return this;
    }

    RawAnswer has(String header, String expected) {
        assertEquals(expected, header(header), () -> header + " of " + this);
        return this;
    }

    RawAnswer hasXml(String path, String expected) {
        assertEquals(expected, xml(path), () -> path + " of " + this);
        return this;
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
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
