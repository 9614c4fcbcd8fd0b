package io.lazuli.storage.protocol.table.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.multipart.HttpAnswer;
import io.lazuli.storage.protocol.multipart.HttpPart;
import io.lazuli.storage.protocol.multipart.Multipart;
import io.lazuli.storage.protocol.table.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTest {

    private static final String TYPE = "multipart/mixed; boundary=batch_a1e9d677-b28b-435e-a89e-87e6a768a431";

    /** After the example of "Performing entity group transactions". */
    private static final String PUBLISHED = """
            --batch_a1e9d677-b28b-435e-a89e-87e6a768a431
            Content-Type: multipart/mixed; boundary=changeset_8a28b620-b4bb-458c-a177-0959fb14c977

            --changeset_8a28b620-b4bb-458c-a177-0959fb14c977
            Content-Type: application/http
            Content-Transfer-Encoding: binary

            POST https://myaccount.table.core.windows.net/Blogs HTTP/1.1
            Content-Type: application/json
            Accept: application/json;odata=minimalmetadata
            Prefer: return-no-content
            DataServiceVersion: 3.0;

            {"PartitionKey":"Channel_19", "RowKey":"1", "Rating":9, "Text":"PDC 2008..."}
            --changeset_8a28b620-b4bb-458c-a177-0959fb14c977
            Content-Type: application/http
            Content-Transfer-Encoding: binary
            Content-ID: 2

            MERGE https://myaccount.table.core.windows.net/Blogs(PartitionKey='Channel_17',%20RowKey='3') HTTP/1.1
            Content-Type: application/json
            If-Match: W/"datetime'2026-11-23T10%3A14%3A37.1234567Z'"

            {"PartitionKey":"Channel_19", "RowKey":"3", "Rating":9, "Text":"PDC 2008..."}

            --changeset_8a28b620-b4bb-458c-a177-0959fb14c977
            Content-Type: application/http
            Content-Transfer-Encoding: binary

            DELETE /myaccount/Blogs(PartitionKey='a b',RowKey='3') HTTP/1.1
            If-Match: *

            --changeset_8a28b620-b4bb-458c-a177-0959fb14c977--
            --batch_a1e9d677-b28b-435e-a89e-87e6a768a431--
            """;

    @Test
    void readsThePublishedExampleWithEitherLineEnd() {
        for (String body : List.of(PUBLISHED, PUBLISHED.replace("\n", "\r\n"), "preamble\r\n" + PUBLISHED + "epilogue")) {
            List<HttpPart> operations = changes(TYPE, body);

            assertEquals(List.of("POST", "MERGE", "DELETE"), operations.stream().map(HttpPart::method).toList());
            assertEquals("https://myaccount.table.core.windows.net/Blogs", operations.get(0).uri());
            assertEquals("return-no-content", operations.get(0).header("Prefer"));
            assertNull(operations.get(0).contentId());
            assertEquals("{\"PartitionKey\":\"Channel_19\", \"RowKey\":\"1\", \"Rating\":9, \"Text\":\"PDC 2008...\"}", text(operations.get(0).body()));
            assertEquals("2", operations.get(1).contentId());
            assertEquals("W/\"datetime'2026-11-23T10%3A14%3A37.1234567Z'\"", operations.get(1).header("If-Match"));
            assertTrue(text(operations.get(1).body()).endsWith("}"));
            assertEquals("/myaccount/Blogs(PartitionKey='a b',RowKey='3')", operations.get(2).uri());
            assertEquals(0, operations.get(2).body().length);
        }
    }

    /** An empty line before the change set, header names in lower case, nothing behind a header of a DELETE. */
    @Test
    void readsWhatTheScriptClientWrites() {
        List<HttpPart> operations = changes("multipart/mixed; boundary=batch_1", """
                --batch_1
                content-type: multipart/mixed; boundary=changeset_1


                --changeset_1
                content-type: application/http
                content-transfer-encoding: binary

                DELETE http://127.0.0.1:10002/a/t(PartitionKey='p',RowKey='r') HTTP/1.1
                if-match: *
                --changeset_1
                content-type: application/http
                content-transfer-encoding: binary

                PATCH http://127.0.0.1:10002/a/t(PartitionKey='p',RowKey='ä') HTTP/1.1
                content-type: application/json

                {"A":"ä😀"}
                --changeset_1--
                --batch_1--""".replace("\n", "\r\n"));
        assertEquals(List.of("DELETE", "PATCH"), operations.stream().map(HttpPart::method).toList());
        assertEquals("*", operations.get(0).header("IF-MATCH"));
        assertEquals("http://127.0.0.1:10002/a/t(PartitionKey='p',RowKey='ä')", operations.get(1).uri());
        assertEquals("{\"A\":\"ä😀\"}", text(operations.get(1).body()));
    }

    @Test
    void readsQuotedBoundariesAndTunnelledMethods() {
        List<HttpPart> operations = changes("Multipart/Mixed; charset=utf-8; Boundary=\"b 1\"", """
                --b 1
                Content-Type: multipart/mixed; boundary="b 11"

                --b 11
                Content-Type: application/http; msgtype=request

                POST /t(PartitionKey='p',RowKey='r') HTTP/1.1
                X-HTTP-Method: MERGE

                {}
                --b 11--
                --b 1--
                """);
        assertEquals("MERGE", operations.getFirst().method());
    }

    @Test
    void readsOneQuery() {
        BatchRequest.Query query = assertInstanceOf(BatchRequest.Query.class, BatchReader.read("multipart/mixed; boundary=b", bytes("""
                --b
                Content-Type: application/http
                Content-Transfer-Encoding: binary

                GET http://127.0.0.1/a/t()?$filter=A%20eq%201 HTTP/1.1
                Accept: application/json;odata=nometadata

                --b--
                """)));
        assertEquals("http://127.0.0.1/a/t()?$filter=A%20eq%201", query.operation().uri());
        assertEquals("application/json;odata=nometadata", query.operation().header("accept"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "--b", "--b--", "--b\n--b--", "--c\n--c--", "--b\nContent-Type: text/plain\n\nx\n--b--", "--b\n\nGET / HTTP/1.1\n--b--",
        "--b\nContent-Type: application/http\n\nPOST /t HTTP/1.1\n\n{}\n--b--", "--b\nContent-Type: application/http\n\nGET /t\n--b--",
        "--b\nContent-Type: application/http\n\nGET /t HTTP/1.1\n\n", "--b\nContent-Type: application/http\n\nGET /t HTTP/1.1\nnonsense\n\n--b--",
        "--b\nContent-Type: application/http\n\nGET /t HTTP/1.1\n--b\nContent-Type: application/http\n\nGET /t HTTP/1.1\n--b--",
        "--b\nContent-Type: multipart/mixed\n\n--c\n--c--\n--b--", "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c--\n--b--",
        "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: application/http\n\nGET /t HTTP/1.1\n--c--\n--b--",
        "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: application/http\n\nDELETE /t HTTP/1.1\n--b--",
        "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: application/http\n\nDELETE /t HTTP/1.1\n--c--",
        "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nDELETE /t HTTP/1.1\n--c--\n--b--"
    })
    void refusesWhatIsNoBatch(String body) {
        StorageException refused = assertThrows(StorageException.class, () -> BatchReader.read("multipart/mixed; boundary=b", bytes(body)));
        assertEquals(StorageErrorCode.INVALID_INPUT, refused.error());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "application/json", "multipart/mixed", "multipart/mixed; boundary=", "multipart/mixed; boundary=\"\"", "text/plain; boundary=b"})
    void refusesOtherContentTypes(String type) {
        assertThrows(StorageException.class, () -> BatchReader.read(type, bytes("--b\n--b--")));
        assertThrows(StorageException.class, () -> BatchReader.read(null, bytes("--b\n--b--")));
    }

    @Test
    void sizesAreBounded() {
        assertEquals(100, changes("multipart/mixed; boundary=b", deletions(100, "")).size());
        assertEquals(StorageErrorCode.INVALID_INPUT, refused(deletions(101, "")));
        assertEquals(StorageErrorCode.INVALID_INPUT, refused(deletions(1, "X: " + "x".repeat(70_000) + "\n")));
        StringBuilder headers = new StringBuilder();
        for (int i = 0; i < 65; i++) {
            headers.append('X').append(i).append(": y\n");
        }
        assertEquals(StorageErrorCode.INVALID_INPUT, refused(deletions(1, headers.toString())));
        assertEquals(StorageErrorCode.REQUEST_BODY_TOO_LARGE, refused("x".repeat(BatchLimits.MAX_BODY_BYTES + 1)));
    }

    @Test
    void answersAreAsPublished() {
        BatchWriter writer = new BatchWriter("B", "C");
        assertEquals("multipart/mixed; boundary=batchresponse_B", writer.contentType());
        assertEquals("""
                --batchresponse_B
                Content-Type: multipart/mixed; boundary=changesetresponse_C

                --changesetresponse_C
                Content-Type: application/http
                Content-Transfer-Encoding: binary

                HTTP/1.1 204 No Content
                Content-ID: 1  x
                ETag: W/"1"


                --changesetresponse_C
                Content-Type: application/http
                Content-Transfer-Encoding: binary

                HTTP/1.1 409 Conflict
                Content-Type: application/json

                {"odata.error":{}}
                --changesetresponse_C--
                --batchresponse_B--
                """.replace("\n", "\r\n"),
                text(writer.changes(List.of(
                        new HttpAnswer(204, List.of("Content-ID", "1\r\nx", "ETag", "W/\"1\""), new byte[0]),
                        new HttpAnswer(409, List.of("Content-Type", "application/json"), bytes("{\"odata.error\":{}}"))))));
    }

    @Test
    void answersAreWellFormedMultipart() {
        byte[] changes = new BatchWriter("B", "C").changes(List.of(new HttpAnswer(204, List.of(), new byte[0]), new HttpAnswer(201, List.of(), bytes("{}"))));
        List<Multipart.Slice> outer = Multipart.split(new Multipart.Slice(changes, 0, changes.length), "batchresponse_B", 5);
        Multipart.Part changeSet = Multipart.part(outer.getFirst());
        assertEquals(2, Multipart.split(changeSet.content(), Multipart.boundary(changeSet.headers().get("content-type")), 5).size());
        byte[] query = new BatchWriter("B", "C").query(new HttpAnswer(200, List.of(), bytes("{\"value\":[]}")));
        Multipart.Part answer = Multipart.part(Multipart.split(new Multipart.Slice(query, 0, query.length), "batchresponse_B", 5).getFirst());
        Multipart.Slice content = answer.content();
        assertArrayEquals(
                bytes("HTTP/1.1 200 OK\r\n\r\n{\"value\":[]}"),
                Arrays.copyOfRange(content.bytes(), content.from(), content.to()));
    }

    @Test
    void mutatedBatchesAreReadOrRefusedByTheProtocol() {
        long seed = System.nanoTime();
        System.out.println("BatchTest seed " + seed);
        Random random = new Random(seed);
        byte[] original = bytes(PUBLISHED.replace("\n", "\r\n"));
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            try {
                BatchReader.read(TYPE, Mutations.mutate(original, random));
            } catch (StorageException e) {
                assertEquals(StorageErrorCode.INVALID_INPUT, e.error());
                refused++;
            }
        }
        assertTrue(refused > 1_000, refused + " of 20000 were refused");
    }

    private static String deletions(int count, String headers) {
        StringBuilder body = new StringBuilder("--b\nContent-Type: multipart/mixed; boundary=c\n\n");
        for (int i = 0; i < count; i++) {
            body.append("--c\nContent-Type: application/http\n\nDELETE /t(PartitionKey='p',RowKey='").append(i).append("') HTTP/1.1\n").append(headers).append("\n");
        }
        return body.append("--c--\n--b--\n").toString();
    }

    private static StorageErrorCode refused(String body) {
        return assertThrows(StorageException.class, () -> BatchReader.read("multipart/mixed; boundary=b", bytes(body))).error();
    }

    private static List<HttpPart> changes(String type, String body) {
        return assertInstanceOf(BatchRequest.Changes.class, BatchReader.read(type, bytes(body))).operations();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
