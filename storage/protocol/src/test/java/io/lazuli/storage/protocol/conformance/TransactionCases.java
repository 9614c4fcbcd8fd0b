package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.data.tables.TableClient;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableEntityUpdateMode;
import com.azure.data.tables.models.TableTransactionAction;
import com.azure.data.tables.models.TableTransactionActionType;
import com.azure.data.tables.models.TableTransactionFailedException;
import com.azure.data.tables.models.TableTransactionResult;
import io.lazuli.storage.protocol.conformance.TableServiceConformance.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Entity group transactions: all or nothing, and which operation was the cause. */
final class TransactionCases {

    private static final Pattern PART_STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

    /**
     * Operations upon a table with the entities p/1 and p/2, each {@code METHOD RowKey [If-Match] [properties]}; and the outcome:
     * statuses of all, or index, status and code of the one that fails.
     */
    private static final String OPERATIONS = """
            POST 3                                         | 204
            POST 3; POST 4; POST 5                         | 204 204 204
            POST 3; PUT 1 *; MERGE 2 *                     | 204 204 204
            PUT 1; MERGE 2; PUT 3; MERGE 4                 | 204 204 204 204
            DELETE 1 *; DELETE 2 *                         | 204 204
            DELETE 1 *; POST 3; PUT 2 *                    | 204 204 204
            PATCH 1 *; PATCH 3                             | 204 204
            POST 1                                         | 0 409 EntityAlreadyExists
            POST 3; POST 1                                 | 1 409 EntityAlreadyExists
            POST 3; POST 4; PUT 5 *                        | 2 404 ResourceNotFound
            POST 3; MERGE 5 *                              | 1 404 ResourceNotFound
            POST 3; DELETE 5 *                             | 1 404 ResourceNotFound
            POST 3; PUT 1 old                              | 1 412 UpdateConditionNotSatisfied
            MERGE 1 old; POST 3                            | 0 412 UpdateConditionNotSatisfied
            POST 3; POST 4; POST 5; DELETE 2 old           | 3 412 UpdateConditionNotSatisfied
            POST 3; POST 3                                 | 1 400 InvalidDuplicateRow
            PUT 1 *; DELETE 1 *                            | 1 400 InvalidDuplicateRow
            POST 3; POST q/4                               | 1 400 CommandsInBatchActOnDifferentPartitions
            POST 3; PUT q/1                                | 1 400 CommandsInBatchActOnDifferentPartitions
            POST 3; POST a?b                               | 1 400 OutOfRangeInput
            POST 3; POST 4 "1x":1                          | 1 400 PropertyNameInvalid
            POST 3; POST 4 "v":"{64K}x"                    | 1 400 PropertyValueTooLarge
            POST 3; POST 4 "v@odata.type":"Edm.Int64","v":"x" | 1 400 InvalidInput
            POST 3; POST 4 "v":                            | 1 400 InvalidInput
            POST 3; PUT 1 W/"junk"                         | 1 400 InvalidInput
            """;

    private TransactionCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>(List.of(
                new Case("the SDK's six actions happen together", TransactionCases::sdkActions),
                new Case("the SDK is told which action failed", TransactionCases::sdkFailure),
                new Case("a failed transaction changes nothing", TransactionCases::nothingChanged),
                new Case("100 operations are a transaction", f -> assertEquals(100, submit(f.table(), 100).getTransactionActionResponses().size())),
                new Case("101 operations are none", TransactionCases::tooMany),
                new Case("ETags of a transaction are the entities'", TransactionCases::etags),
                new Case("if-unchanged is kept in a transaction", TransactionCases::ifUnchanged),
                new Case("a transaction of nearly 4 MiB is taken", f -> large(f, 63).is(202)),
                new Case("a transaction of more than 4 MiB is refused", f -> assertEquals(0, tooLarge(f))),
                new Case("inserts echo the entity unless told otherwise", TransactionCases::echo),
                new Case("parts answer the Content-ID", f -> assertTrue(batch(f, f.newTable(), "POST 3; POST 4").is(202).body().contains("Content-ID: 2"))),
                new Case("the answer is multipart, a change set in a batch", TransactionCases::answerForm),
                new Case("relative URIs are read", f -> statuses(send(f, changeset("POST /" + f.target().account() + "/" + f.newTable(), TableFixture.json("p", "r", ""))), "201")),
                new Case("line ends without carriage return are read", f -> statuses(sendBatch(f, changeset("POST " + f.endpoint() + "/" + f.newTable(), TableFixture.json("p", "r", "")).replace("\r\n", "\n")), "201")),
                new Case("a query alone is answered in a batch", TransactionCases::query),
                new Case("a point read alone is answered in a batch", TransactionCases::pointRead),
                new Case("a read of no entity answers 404 in the batch", f -> statuses(sendBatch(f, queryPart(f.endpoint() + TableFixture.path(f.newTable(), "p", "x"))), "404")),
                new Case("two queries in a batch are refused", TransactionCases::twoQueries),
                new Case("a query beside changes is refused", TransactionCases::queryBesideChanges),
                new Case("a change set in a table that does not exist fails with its index", f -> failure(send(f, changeset("POST " + f.endpoint() + "/" + f.freeName(), TableFixture.json("p", "r", ""))), 0, 404, "TableNotFound")),
                new Case("two tables in a change set are refused", TransactionCases::twoTables),
                new Case("a body that is no multipart is refused", f -> f.raw().send("POST", "/$batch", Map.of("Content-Type", "multipart/mixed; boundary=b", "Accept", TableFixture.NO_METADATA), "hello").is(400, "InvalidInput")),
                new Case("a batch without a boundary is refused", f -> f.raw().send("POST", "/$batch", Map.of("Content-Type", "multipart/mixed", "Accept", TableFixture.NO_METADATA), "--b--").is(400, "InvalidInput")),
                new Case("a batch that is cut off is refused", TransactionCases::cutOff),
                new Case("an empty change set is refused", f -> sendBatch(f, "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n--b--\r\n").is(400, "InvalidInput")),
                new Case("a batch by GET is refused", f -> f.get("/$batch").is(405, "MethodNotAllowed")),
                new Case("a transaction's changes have times that a query sees together", TransactionCases::seenTogether)));
        for (String line : OPERATIONS.lines().toList()) {
            String operations = line.substring(0, line.lastIndexOf('|')).trim();
            String outcome = line.substring(line.lastIndexOf('|') + 1).trim();
            cases.add(new Case("transaction " + operations + " -> " + outcome, f -> check(f, operations, outcome)));
        }
        return cases;
    }

    private static void check(TableFixture f, String operations, String outcome) {
        String table = twoEntities(f);
        String before = withoutTimes(f, table);
        RawAnswer answer = batch(f, table, operations).is(202);
        if (outcome.matches("\\d .*")) {
            String[] expected = outcome.split(" ");
            failure(answer, Integer.parseInt(expected[0]), Integer.parseInt(expected[1]), expected[2]);
            assertEquals(before, withoutTimes(f, table));
        } else {
            statuses(answer, outcome);
        }
    }

    private static String twoEntities(TableFixture f) {
        String table = f.newTable();
        f.insert(table, "p", "1", "\"old\":1").is(204);
        f.insert(table, "p", "2", "\"old\":1").is(204);
        return table;
    }

    private static String withoutTimes(TableFixture f, String table) {
        return f.get("/" + table).is(200).body();
    }

    private static RawAnswer batch(TableFixture f, String table, String operations) {
        List<String> parts = new ArrayList<>();
        for (String operation : operations.split("; ")) {
            String[] words = operation.split(" ", 3);
            String partitionKey = words[1].startsWith("q/") ? "q" : "p";
            String rowKey = words[1].replace("q/", "");
            String condition = words.length < 3 || words[2].startsWith("\"") ? "" : words[2].replace("old", "W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\"");
            String properties = words.length < 3 || !words[2].startsWith("\"") ? "" : words[2].replace("{64K}", "x".repeat(32 * 1024));
            String target = f.endpoint() + (words[0].equals("POST") ? "/" + table : TableFixture.path(table, partitionKey, rowKey));
            parts.add(words[0] + " " + target + " HTTP/1.1\r\nAccept: " + TableFixture.MINIMAL_METADATA + "\r\nPrefer: return-no-content\r\nContent-Type: application/json\r\n"
                    + (condition.isEmpty() ? "" : "If-Match: " + condition + "\r\n") + "\r\n"
                    + (words[0].equals("DELETE") ? "" : TableFixture.json(partitionKey, rowKey, properties)));
        }
        return send(f, changesetOf(parts));
    }

    private static String changeset(String requestLine, String body) {
        return changesetOf(List.of(requestLine + " HTTP/1.1\r\nAccept: " + TableFixture.NO_METADATA + "\r\nContent-Type: application/json\r\n\r\n" + body));
    }

    private static String changesetOf(List<String> parts) {
        StringBuilder out = new StringBuilder("--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n");
        for (int i = 0; i < parts.size(); i++) {
            out.append("--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ").append(i + 1)
                    .append("\r\n\r\n").append(parts.get(i)).append("\r\n");
        }
        return out.append("--c--\r\n--b--\r\n").toString();
    }

    private static String queryPart(String uri) {
        return "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET " + uri + " HTTP/1.1\r\nAccept: "
                + TableFixture.NO_METADATA + "\r\n\r\n\r\n--b--\r\n";
    }

    private static RawAnswer send(TableFixture f, String body) {
        return sendBatch(f, body);
    }

    private static RawAnswer sendBatch(TableFixture f, String body) {
        return f.raw().send("POST", "/$batch", Map.of("Content-Type", "multipart/mixed; boundary=b", "Accept", TableFixture.MINIMAL_METADATA), body);
    }

    private static void statuses(RawAnswer answer, String expected) {
        answer.is(202);
        Matcher parts = PART_STATUS.matcher(answer.body());
        assertEquals(expected, parts.results().map(part -> part.group(1)).collect(Collectors.joining(" ")), answer::toString);
    }

    private static void failure(RawAnswer answer, int index, int status, String code) {
        statuses(answer, Integer.toString(status));
        assertTrue(answer.body().contains("\"code\":\"" + code + "\""), answer::toString);
        assertTrue(Pattern.compile("\"value\":\"" + index + ":").matcher(answer.body()).find(), answer::toString);
    }

    private static TableTransactionAction action(TableTransactionActionType type, String rowKey, Object value) {
        return new TableTransactionAction(type, new TableEntity("p", rowKey).addProperty("v", value));
    }

    private static TableTransactionResult submit(TableClient table, int count) {
        return table.submitTransaction(IntStream.range(0, count).mapToObj(i -> action(TableTransactionActionType.CREATE, "r" + i, i)).toList());
    }

    private static void sdkActions(TableFixture f) {
        TableClient table = f.table();
        for (String rowKey : List.of("1", "2", "3")) {
            table.createEntity(new TableEntity("p", rowKey).addProperty("old", 1));
        }
        TableTransactionResult result = table.submitTransaction(List.of(
                action(TableTransactionActionType.CREATE, "4", "created"),
                action(TableTransactionActionType.UPSERT_MERGE, "5", "merged"),
                action(TableTransactionActionType.UPSERT_REPLACE, "6", "replaced"),
                action(TableTransactionActionType.UPDATE_MERGE, "1", "merged"),
                action(TableTransactionActionType.UPDATE_REPLACE, "2", "replaced"),
                action(TableTransactionActionType.DELETE, "3", null)));
        assertEquals(List.of(204, 204, 204, 204, 204, 204), result.getTransactionActionResponses().stream().map(answer -> answer.getStatusCode()).toList());
        assertEquals("1 merged 1, 2 replaced null, 4 created null, 5 merged null, 6 replaced null", table.listEntities().stream()
                .map(entity -> entity.getRowKey() + " " + entity.getProperty("v") + " " + entity.getProperty("old")).collect(Collectors.joining(", ")));
    }

    private static void sdkFailure(TableFixture f) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "2"));
        TableTransactionFailedException failed = assertThrows(TableTransactionFailedException.class, () -> table.submitTransaction(List.of(
                action(TableTransactionActionType.CREATE, "1", 1), action(TableTransactionActionType.CREATE, "2", 1), action(TableTransactionActionType.CREATE, "3", 1))));
        assertEquals(1, failed.getFailedTransactionActionIndex());
    }

    private static void nothingChanged(TableFixture f) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "2").addProperty("v", "kept"));
        assertThrows(TableTransactionFailedException.class, () -> table.submitTransaction(List.of(
                action(TableTransactionActionType.CREATE, "1", 1), action(TableTransactionActionType.UPSERT_REPLACE, "3", 1), action(TableTransactionActionType.CREATE, "2", 1))));
        assertEquals(List.of("2 kept"), table.listEntities().stream().map(entity -> entity.getRowKey() + " " + entity.getProperty("v")).toList());
    }

    private static void tooMany(TableFixture f) {
        String table = f.newTable();
        RawAnswer answer = batch(f, table, IntStream.range(0, 101).mapToObj(i -> "POST " + i).collect(Collectors.joining("; ")));
        assertTrue(answer.status() == 400 || answer.status() == 202 && answer.body().contains("HTTP/1.1 400 "), answer::toString);
        assertTrue(answer.body().contains("\"InvalidInput\""), answer::toString);
        assertEquals(List.of(), f.get("/" + table).is(200).values());
    }

    private static void etags(TableFixture f) {
        String table = f.newTable();
        RawAnswer answer = batch(f, table, "POST 1; POST 2").is(202);
        List<String> etags = Pattern.compile("(?i)etag: (W/[^\r\n]*)").matcher(answer.body()).results().map(part -> part.group(1)).toList();
        assertEquals(List.of(f.get(TableFixture.path(table, "p", "1")).header("ETag"), f.get(TableFixture.path(table, "p", "2")).header("ETag")), etags);
    }

    private static void ifUnchanged(TableFixture f) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "1"));
        TableEntity read = table.getEntity("p", "1");
        TableTransactionAction change = new TableTransactionAction(TableTransactionActionType.UPDATE_MERGE, read.addProperty("v", 1), true);
        table.submitTransaction(List.of(change));
        assertThrows(TableTransactionFailedException.class, () -> table.submitTransaction(List.of(change)));
        table.updateEntity(read, TableEntityUpdateMode.MERGE);
    }

    /** Entities of some 64 KiB each. */
    private static RawAnswer large(TableFixture f, int count) {
        String table = f.newTable();
        String text = "x".repeat(32_000);
        return batch(f, table, IntStream.range(0, count).mapToObj(i -> "POST " + i + " \"v\":\"" + text + "\",\"w\":\"" + text + "\"").collect(Collectors.joining("; ")));
    }

    private static int tooLarge(TableFixture f) {
        RawAnswer answer = large(f, 70);
        assertTrue(answer.status() == 413 || answer.status() == 400, () -> "status " + answer.status());
        return answer.body().contains("HTTP/1.1 20") ? 1 : 0;
    }

    private static void echo(TableFixture f) {
        RawAnswer answer = send(f, changeset("POST " + f.endpoint() + "/" + f.newTable(), TableFixture.json("p", "r", "\"v\":1")));
        statuses(answer, "201");
        assertTrue(answer.body().contains("\"v\":1"), answer::toString);
    }

    private static void answerForm(TableFixture f) {
        RawAnswer answer = batch(f, f.newTable(), "POST 1").is(202);
        Matcher boundary = Pattern.compile("multipart/mixed; ?boundary=(batchresponse_\\S+)").matcher(answer.header("Content-Type"));
        assertTrue(boundary.find(), answer::toString);
        assertTrue(answer.body().startsWith("--" + boundary.group(1) + "\r\nContent-Type: multipart/mixed; boundary=changesetresponse_"), answer::toString);
        assertTrue(answer.body().stripTrailing().endsWith("--" + boundary.group(1) + "--"), answer::toString);
    }

    private static void query(TableFixture f) {
        String table = twoEntities(f);
        RawAnswer answer = sendBatch(f, queryPart(f.endpoint() + "/" + table + "()?$filter=RowKey%20eq%20'2'"));
        statuses(answer, "200");
        assertTrue(answer.body().contains("\"RowKey\":\"2\"") && !answer.body().contains("\"RowKey\":\"1\""), answer::toString);
    }

    private static void pointRead(TableFixture f) {
        RawAnswer answer = sendBatch(f, queryPart(f.endpoint() + TableFixture.path(twoEntities(f), "p", "1")));
        statuses(answer, "200");
        assertTrue(answer.body().contains("\"old\":1") && answer.body().toLowerCase().contains("etag: w/"), answer::toString);
    }

    private static void twoQueries(TableFixture f) {
        String part = queryPart(f.endpoint() + "/" + twoEntities(f)).replace("--b--\r\n", "");
        sendBatch(f, part + part + "--b--\r\n").is(400, "InvalidInput");
    }

    private static void queryBesideChanges(TableFixture f) {
        String table = twoEntities(f);
        String change = changeset("POST " + f.endpoint() + "/" + table, TableFixture.json("p", "3", "")).replace("--b--\r\n", "");
        sendBatch(f, change + queryPart(f.endpoint() + "/" + table)).is(400, "InvalidInput");
        f.get(TableFixture.path(table, "p", "3")).is(404);
    }

    private static void twoTables(TableFixture f) {
        String one = f.newTable();
        String head = " HTTP/1.1\r\nAccept: " + TableFixture.NO_METADATA + "\r\nContent-Type: application/json\r\n\r\n";
        RawAnswer answer = send(f, changesetOf(List.of(
                "POST " + f.endpoint() + "/" + one + head + TableFixture.json("p", "1", ""), "POST " + f.endpoint() + "/" + f.newTable() + head + TableFixture.json("p", "2", ""))));
        failure(answer, 1, 400, "InvalidInput");
        assertEquals(List.of(), f.get("/" + one).is(200).values());
    }

    private static void cutOff(TableFixture f) {
        String table = f.newTable();
        String whole = changeset("POST " + f.endpoint() + "/" + table, TableFixture.json("p", "r", ""));
        sendBatch(f, whole.substring(0, whole.indexOf("--c--"))).is(400, "InvalidInput");
        assertEquals(List.of(), f.get("/" + table).is(200).values());
    }

    private static void seenTogether(TableFixture f) {
        TableClient table = f.table();
        for (int round = 0; round < 5; round++) {
            int value = round;
            table.submitTransaction(IntStream.range(0, 10).mapToObj(i -> action(TableTransactionActionType.UPSERT_REPLACE, "r" + i, value)).toList());
            assertEquals(List.of(value), table.listEntities().stream().map(entity -> entity.getProperty("v")).distinct().toList());
        }
    }
}
