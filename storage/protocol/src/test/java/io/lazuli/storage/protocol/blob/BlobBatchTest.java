package io.lazuli.storage.protocol.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.ServiceProperties.StaticWebsite;
import io.lazuli.storage.protocol.multipart.HttpAnswer;
import io.lazuli.storage.protocol.multipart.HttpPart;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlobBatchTest {

    private static final String TYPE = "multipart/mixed; boundary=batch_1";

    @Test
    void requestsOfOfficialClientsAreRead() {
        List<HttpPart> parts = read(1, "DELETE /account/box/a%20b?snapshot=x HTTP/1.1\r\nContent-Length: 0\r\nAuthorization: SharedKey a:b\r\n\r\n");
        assertEquals(1, parts.size());
        assertEquals("DELETE", parts.getFirst().method());
        assertEquals("/account/box/a%20b?snapshot=x", parts.getFirst().uri());
        assertEquals("SharedKey a:b", parts.getFirst().header("authorization"));
        assertEquals("0", parts.getFirst().contentId());
    }

    @Test
    void aBatchHas1To256Requests() {
        assertEquals(256, read(256, "DELETE /a/b/c HTTP/1.1\r\n\r\n").size());
        assertEquals(StorageErrorCode.EXCEEDS_MAX_BATCH_REQUEST_COUNT, refused(TYPE, body(257, "DELETE /a/b/c HTTP/1.1\r\n\r\n")));
        assertEquals(StorageErrorCode.INVALID_INPUT, refused(TYPE, body(0, "")));
    }

    @Test
    void whatIsNoBatchIsRefused() {
        assertEquals(StorageErrorCode.INVALID_INPUT, refused("application/xml", body(1, "DELETE /a/b/c HTTP/1.1\r\n\r\n")));
        assertEquals(StorageErrorCode.INVALID_INPUT, refused(null, body(1, "DELETE /a/b/c HTTP/1.1\r\n\r\n")));
        assertEquals(StorageErrorCode.INVALID_INPUT, refused(TYPE, body(1, "no request\r\n\r\n")));
        assertEquals(StorageErrorCode.INVALID_INPUT, refused(TYPE, "--batch_1\r\nContent-Type: application/http\r\n\r\nDELETE /a HTTP/1.1\r\n"));
        assertEquals(StorageErrorCode.INVALID_INPUT, refused(TYPE, "--batch_1\r\nContent-Type: text/plain\r\n\r\nDELETE /a HTTP/1.1\r\n--batch_1--\r\n"));
    }

    @Test
    void answersNameTheRequestInTheHeadersOfTheirPart() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new HttpAnswer(202, List.of("x-ms-version", "2021-12-02"), new byte[0]).write("7", out);
        assertArrayEquals(
                "Content-Type: application/http\r\nContent-ID: 7\r\n\r\nHTTP/1.1 202 Accepted\r\nx-ms-version: 2021-12-02\r\n\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII), out.toByteArray());
    }

    @Test
    void directoriesOfAWebSiteAreTheirIndexDocuments() {
        StaticWebsite site = new StaticWebsite(true, "index.html", null, null);
        assertEquals("index.html", WebsiteRequests.document(site, ""));
        assertEquals("a/b/index.html", WebsiteRequests.document(site, "a/b/"));
        assertEquals("a/b", WebsiteRequests.document(site, "a/b"));
        StaticWebsite home = new StaticWebsite(true, null, null, "home.html");
        assertEquals("home.html", WebsiteRequests.document(home, ""));
        assertEquals(null, WebsiteRequests.document(home, "a/"));
    }

    private static List<HttpPart> read(int count, String request) {
        return BatchRequests.read(TYPE, body(count, request).getBytes(StandardCharsets.UTF_8));
    }

    private static StorageErrorCode refused(String type, String body) {
        return assertThrows(StorageException.class, () -> BatchRequests.read(type, body.getBytes(StandardCharsets.UTF_8))).error();
    }

    private static String body(int count, String request) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < count; i++) {
            body.append("--batch_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ").append(i)
                    .append("\r\n\r\n").append(request);
        }
        return body.append("--batch_1--\r\n").toString();
    }
}
