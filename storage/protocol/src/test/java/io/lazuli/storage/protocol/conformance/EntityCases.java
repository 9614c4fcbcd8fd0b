package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.core.util.Context;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableEntityUpdateMode;
import io.lazuli.storage.protocol.conformance.TableServiceConformance.Case;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Single entities: what may be done with them, their versions, their largest sizes and their oddest keys. */
final class EntityCases {

    /** Values that the SDK sends and must get back. */
    private static final List<Object> VALUES = List.of(
            "text", "", "é 漢字 😀", 0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0L, Long.MAX_VALUE, Long.MIN_VALUE, 1.5, -0.0, 1e300, Double.MIN_VALUE,
            true, false, UUID.fromString("c9da6455-213d-42c9-9a79-3e9149a57833"),
            OffsetDateTime.parse("2013-08-02T17:37:43.9004348Z"), OffsetDateTime.parse("1601-01-01T00:00:00Z"), OffsetDateTime.parse("9999-12-31T23:59:59.9999999Z"));

    private static final List<String> ODD_KEYS = List.of(
            "", " ", "a b", "o'clock", "''", "'", "100%", "%41", "a+b", "a&b=c", "a,b", "(a)", "a;b", "a:b@c", "$top", "a\"b", "<a>", "{a}", "[a]", "a|b", "a^b`c", "~", "é", "ß", "漢字", "😀",
            "\u00a0", "\u200b", "e\u0301", "RowKey='x'", "x".repeat(512), "é".repeat(512));

    /** Operation, If-Match, whether the entity is there: status and code. */
    private static final String CONDITIONS = """
            PUT    | *       | there  | 204
            PUT    | *       | absent | 404 ResourceNotFound
            PUT    | current | there  | 204
            PUT    | old     | there  | 412 UpdateConditionNotSatisfied
            PUT    | old     | absent | 404 ResourceNotFound
            PUT    |         | there  | 204
            PUT    |         | absent | 204
            MERGE  | *       | there  | 204
            MERGE  | *       | absent | 404 ResourceNotFound
            MERGE  | current | there  | 204
            MERGE  | old     | there  | 412 UpdateConditionNotSatisfied
            MERGE  |         | there  | 204
            MERGE  |         | absent | 204
            PATCH  | *       | there  | 204
            PATCH  | *       | absent | 404 ResourceNotFound
            PATCH  | current | there  | 204
            PATCH  | old     | there  | 412 UpdateConditionNotSatisfied
            PATCH  |         | there  | 204
            PATCH  |         | absent | 204
            DELETE | *       | there  | 204
            DELETE | *       | absent | 404 ResourceNotFound
            DELETE | current | there  | 204
            DELETE | old     | there  | 412 UpdateConditionNotSatisfied
            DELETE | old     | absent | 404 ResourceNotFound
            """;

    private EntityCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>(List.of(
                new Case("an inserted entity is read", EntityCases::insertAndGet),
                new Case("an entity cannot be inserted twice", EntityCases::insertTwice),
                new Case("insert into no table answers 404", f -> Expect.tableError(404, "TableNotFound", () -> f.service().getTableClient(f.freeName()).createEntity(new TableEntity("p", "r")))),
                new Case("a read of no entity answers 404", f -> Expect.tableError(404, "ResourceNotFound", () -> f.table().getEntity("p", "r"))),
                new Case("a read from no table answers 404", f -> Expect.tableError(404, "TableNotFound", () -> f.service().getTableClient(f.freeName()).getEntity("p", "r"))),
                new Case("upsert inserts and merges", f -> assertEquals("old new", upsertTwice(f, TableEntityUpdateMode.MERGE))),
                new Case("upsert inserts and replaces", f -> assertEquals("null new", upsertTwice(f, TableEntityUpdateMode.REPLACE))),
                new Case("update merges", f -> assertEquals("old new", update(f, TableEntityUpdateMode.MERGE))),
                new Case("update replaces", f -> assertEquals("null new", update(f, TableEntityUpdateMode.REPLACE))),
                new Case("update of a version read before fails", EntityCases::updateStale),
                new Case("delete of a version read before fails", EntityCases::deleteStale),
                new Case("delete answers 204 and the entity is gone", EntityCases::delete),
                new Case("a deleted entity can be inserted anew with a later Timestamp", EntityCases::insertAgain),
                new Case("each change has a later Timestamp and another ETag", EntityCases::timestampsIncrease),
                new Case("a Timestamp that is sent is ignored", EntityCases::timestampIgnored),
                new Case("getEntity with select answers these properties", EntityCases::select),
                new Case("property names know case", EntityCases::namesKnowCase),
                new Case("a property changes its type", EntityCases::typeChanges),
                new Case("keys know case", EntityCases::keysKnowCase),
                new Case("252 properties are stored", f -> properties(f, 252).is(204)),
                new Case("252 properties are counted without nulls", EntityCases::nullsDoNotCount),
                new Case("a merge may not grow beyond 252 properties", EntityCases::mergeTooMany),
                new Case("a property name of 255 characters is stored", f -> f.insert(f.newTable(), "p", "r", "\"" + "n".repeat(255) + "\":1").is(204)),
                new Case("a string of 32 Ki characters is stored", f -> largest(f, "x".repeat(32 * 1024))),
                new Case("a string of 32 Ki characters of three bytes each is stored", f -> largest(f, "漢".repeat(32 * 1024))),
                new Case("64 KiB of binary are stored", f -> largest(f, new byte[64 * 1024])),
                new Case("an entity of nearly 1 MiB is stored", f -> large(f, 15).is(204)),
                new Case("an entity of more than 1 MiB is refused", f -> large(f, 17).is(400, "EntityTooLarge")),
                new Case("a merge may not grow beyond 1 MiB", EntityCases::mergeTooLarge),
                new Case("keys in the path may stand in either order", f -> f.get("/" + f.tableWith("") + "(RowKey='r',PartitionKey='p')").is(200)),
                new Case("keys in the path may have blanks between", f -> f.get("/" + f.tableWith("") + "(PartitionKey='p',%20RowKey='r')").is(200)),
                new Case("the table in the path may have another case", f -> f.get(TableFixture.path(f.tableWith("").toUpperCase(), "p", "r")).is(200)),
                new Case("an update needs no keys in its body", f -> f.send("PUT", TableFixture.path(f.newTable(), "p", "r"), Map.of(), "{\"v\":1}").is(204)),
                new Case("POST tunnels MERGE", f -> f.send("POST", TableFixture.path(f.tableWith("\"v\":1"), "p", "r"), Map.of("X-HTTP-Method", "MERGE", "If-Match", "*"), "{\"w\":1}").is(204)),
                new Case("POST tunnels DELETE", f -> f.send("POST", TableFixture.path(f.tableWith("\"v\":1"), "p", "r"), Map.of("X-HTTP-Method", "DELETE", "If-Match", "*", "Content-Length", ""), "").is(204)),
                new Case("update answers the new ETag", EntityCases::updateEtag)));
        VALUES.forEach(value -> cases.add(new Case("the SDK gets back " + value.getClass().getSimpleName() + " " + value, f -> sdkValue(f, value))));
        cases.add(new Case("the SDK gets back binary", f -> assertArrayEquals(new byte[] {0, 1, -1}, (byte[]) sdkRoundTrip(f, new byte[] {0, 1, -1}))));
        List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY).forEach(value -> cases.add(new Case("the SDK reads " + value, f -> sdkReads(f, value))));
        ODD_KEYS.forEach(key -> cases.add(new Case("key " + (key.length() > 40 ? "of 512 times " + key.charAt(0) : "<" + key + ">"), f -> oddKey(f, key))));
        for (String line : CONDITIONS.lines().toList()) {
            String[] columns = line.split("\\|", -1);
            String[] outcome = columns[3].trim().split(" ");
            cases.add(new Case(columns[0].trim() + " with If-Match " + columns[1].trim() + ", entity " + columns[2].trim() + " -> " + columns[3].trim(),
                    f -> condition(f, columns[0].trim(), columns[1].trim(), columns[2].trim(), outcome)));
        }
        return cases;
    }

    private static void condition(TableFixture f, String method, String ifMatch, String there, String[] outcome) {
        String table = f.newTable();
        String path = TableFixture.path(table, "p", "r");
        String etag = "";
        if (there.equals("there")) {
            etag = f.insert(table, "p", "r", "\"old\":1").is(204).header("ETag");
        }
        String condition = ifMatch.equals("current") ? etag : ifMatch.equals("old") ? "W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\"" : ifMatch;
        RawAnswer answer = f.send(method, path, Map.of("If-Match", condition), method.equals("DELETE") ? "" : TableFixture.json("p", "r", "\"new\":1"));
        if (outcome.length > 1) {
            answer.is(Integer.parseInt(outcome[0]), outcome[1]);
            String expected = there.equals("there") ? "\"old\":1" : "ResourceNotFound";
            assertTrue(f.get(path).body().contains(expected), () -> "changed: " + f.get(path));
        } else {
            answer.is(Integer.parseInt(outcome[0]));
            RawAnswer after = f.get(path);
            assertEquals(!method.equals("DELETE"), after.body().contains("\"new\":1"), after::toString);
            boolean keeps = there.equals("there") && (method.equals("MERGE") || method.equals("PATCH"));
            assertEquals(keeps, after.body().contains("\"old\":1"), after::toString);
        }
    }

    private static void insertAndGet(TableFixture f) {
        TableClient table = f.table();
        assertEquals(204, table.createEntityWithResponse(new TableEntity("p", "r").addProperty("v", 1), null, Context.NONE).getStatusCode());
        TableEntity read = table.getEntity("p", "r");
        assertEquals(1, read.getProperty("v"));
        assertTrue(read.getTimestamp().isAfter(OffsetDateTime.now().minusMinutes(10)));
        assertTrue(read.getETag().startsWith("W/\"datetime'"), read.getETag());
    }

    private static void insertTwice(TableFixture f) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "r").addProperty("v", 1));
        Expect.tableError(409, "EntityAlreadyExists", () -> table.createEntity(new TableEntity("p", "r").addProperty("v", 2)));
        assertEquals(1, table.getEntity("p", "r").getProperty("v"));
    }

    private static String both(TableClient table) {
        TableEntity read = table.getEntity("p", "r");
        return read.getProperty("a") + " " + read.getProperty("b");
    }

    private static String upsertTwice(TableFixture f, TableEntityUpdateMode mode) {
        TableClient table = f.table();
        table.upsertEntityWithResponse(new TableEntity("p", "r").addProperty("a", "old"), mode, null, Context.NONE);
        table.upsertEntityWithResponse(new TableEntity("p", "r").addProperty("b", "new"), mode, null, Context.NONE);
        return both(table);
    }

    private static String update(TableFixture f, TableEntityUpdateMode mode) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "r").addProperty("a", "old").addProperty("b", "old"));
        table.updateEntity(new TableEntity("p", "r").addProperty("b", "new"), mode);
        return both(table);
    }

    private static void updateStale(TableFixture f) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "r").addProperty("v", 1));
        TableEntity read = table.getEntity("p", "r");
        table.updateEntity(new TableEntity("p", "r").addProperty("v", 2));
        Expect.tableError(412, "UpdateConditionNotSatisfied", () -> table.updateEntityWithResponse(read.addProperty("v", 3), TableEntityUpdateMode.MERGE, true, null, Context.NONE));
        assertEquals(2, table.getEntity("p", "r").getProperty("v"));
        table.updateEntityWithResponse(table.getEntity("p", "r").addProperty("v", 4), TableEntityUpdateMode.REPLACE, true, null, Context.NONE);
        assertEquals(4, table.getEntity("p", "r").getProperty("v"));
    }

    private static void deleteStale(TableFixture f) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "r").addProperty("v", 1));
        TableEntity read = table.getEntity("p", "r");
        table.updateEntity(new TableEntity("p", "r").addProperty("v", 2));
        Expect.tableError(412, "UpdateConditionNotSatisfied", () -> table.deleteEntityWithResponse(read, true, null, Context.NONE));
        assertEquals(204, table.deleteEntityWithResponse(table.getEntity("p", "r"), true, null, Context.NONE).getStatusCode());
    }

    private static void delete(TableFixture f) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "r"));
        table.deleteEntity("p", "r");
        Expect.tableError(404, "ResourceNotFound", () -> table.getEntity("p", "r"));
        assertEquals(List.of(), table.listEntities().stream().toList());
    }

    private static void insertAgain(TableFixture f) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "r"));
        String etag = table.getEntity("p", "r").getETag();
        table.deleteEntity("p", "r");
        table.createEntity(new TableEntity("p", "r"));
        assertNotEquals(etag, table.getEntity("p", "r").getETag());
    }

    private static void timestampsIncrease(TableFixture f) {
        String table = f.tableWith("\"v\":0");
        String path = TableFixture.path(table, "p", "r");
        String last = f.get(path).is(200).json().getString("Timestamp");
        for (int i = 0; i < 20; i++) {
            String etag = f.send(i % 2 == 0 ? "PUT" : "MERGE", path, Map.of("If-Match", "*"), "{\"v\":" + i + "}").is(204).header("ETag");
            RawAnswer read = f.get(path).is(200).has("ETag", etag);
            String now = read.json().getString("Timestamp");
            assertTrue(now.compareTo(last) > 0, now + " after " + last);
            last = now;
        }
    }

    private static void timestampIgnored(TableFixture f) {
        String table = f.tableWith("\"Timestamp@odata.type\":\"Edm.DateTime\",\"Timestamp\":\"2001-01-01T00:00:00Z\",\"v\":1");
        assertTrue(f.get(TableFixture.path(table, "p", "r")).is(200).json().getString("Timestamp").compareTo("2020") > 0);
    }

    private static void select(TableFixture f) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "r").addProperty("a", 1).addProperty("b", 2));
        TableEntity read = table.getEntityWithResponse("p", "r", List.of("PartitionKey", "RowKey", "b"), null, Context.NONE).getValue();
        assertNull(read.getProperty("a"));
        assertEquals(2, read.getProperty("b"));
    }

    private static void namesKnowCase(TableFixture f) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "r").addProperty("name", 1).addProperty("Name", 2).addProperty("NAME", 3));
        TableEntity read = table.getEntity("p", "r");
        assertEquals(List.of(1, 2, 3), List.of(read.getProperty("name"), read.getProperty("Name"), read.getProperty("NAME")));
    }

    private static void typeChanges(TableFixture f) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "r").addProperty("v", 1));
        table.updateEntity(new TableEntity("p", "r").addProperty("v", "one"));
        assertEquals("one", table.getEntity("p", "r").getProperty("v"));
    }

    private static void keysKnowCase(TableFixture f) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "r"));
        table.createEntity(new TableEntity("P", "r"));
        table.createEntity(new TableEntity("p", "R"));
        assertEquals("Pr pR pr", table.listEntities().stream().map(entity -> entity.getPartitionKey() + entity.getRowKey()).collect(Collectors.joining(" ")));
    }

    private static String numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "\"p" + i + "\":" + i).collect(Collectors.joining(","));
    }

    private static RawAnswer properties(TableFixture f, int count) {
        return f.insert(f.newTable(), "p", "r", numbered(0, count));
    }

    private static void nullsDoNotCount(TableFixture f) {
        f.insert(f.newTable(), "p", "r", numbered(0, 252) + ",\"none\":null").is(204);
    }

    private static void mergeTooMany(TableFixture f) {
        String table = f.tableWith(numbered(0, 200));
        String path = TableFixture.path(table, "p", "r");
        f.send("MERGE", path, Map.of("If-Match", "*"), "{" + numbered(200, 253) + "}").is(400, "TooManyProperties");
        f.send("MERGE", path, Map.of("If-Match", "*"), "{" + numbered(100, 252) + "}").is(204);
    }

    private static void largest(TableFixture f, Object value) {
        Object read = sdkRoundTrip(f, value);
        if (value instanceof byte[] bytes) {
            assertArrayEquals(bytes, (byte[]) read);
        } else {
            assertEquals(value, read);
        }
    }

    /** An entity of so many strings of 64 KiB. */
    private static RawAnswer large(TableFixture f, int strings) {
        return f.insert(f.newTable(), "p", "r", strings(0, strings));
    }

    private static String strings(int from, int to) {
        String text = "x".repeat(32 * 1024);
        return IntStream.range(from, to).mapToObj(i -> "\"p" + i + "\":\"" + text + "\"").collect(Collectors.joining(","));
    }

    private static void mergeTooLarge(TableFixture f) {
        String table = f.tableWith(strings(0, 10));
        f.send("MERGE", TableFixture.path(table, "p", "r"), Map.of("If-Match", "*"), "{" + strings(10, 17) + "}").is(400, "EntityTooLarge");
        assertEquals(13, f.get(TableFixture.path(table, "p", "r")).is(200).json().size());
    }

    private static Object sdkRoundTrip(TableFixture f, Object value) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "r").addProperty("v", value));
        return table.getEntity("p", "r").getProperty("v");
    }

    /** Which it sends as strings. */
    private static void sdkReads(TableFixture f, Double value) {
        String table = f.tableWith("\"v@odata.type\":\"Edm.Double\",\"v\":\"" + value + "\"");
        assertEquals(value, f.service().getTableClient(table).getEntity("p", "r").getProperty("v"));
    }

    private static void sdkValue(TableFixture f, Object value) {
        assertEquals(value, sdkRoundTrip(f, value));
    }

    private static void oddKey(TableFixture f, String key) {
        String table = f.newTable();
        f.insert(table, key, key, "\"v\":1").is(204);
        String path = TableFixture.path(table, key, key);
        RawAnswer read = f.get(path).is(200);
        assertEquals(List.of(key, key), List.of(read.json().getString("PartitionKey"), read.json().getString("RowKey")));
        f.send("MERGE", path, Map.of("If-Match", read.header("ETag")), "{\"w\":2}").is(204);
        String literal = "'" + key.replace("'", "''") + "'";
        List<?> found = f.query(table, "PartitionKey eq " + literal + " and RowKey ge " + literal).is(200).values();
        assertEquals(1, found.size());
        TableClient client = f.service().getTableClient(table);
        if (!key.isEmpty()) {
            assertEquals(2, client.getEntity(key, key).getProperty("w"), "by the SDK");
        }
        assertEquals(key, client.listEntities().iterator().next().getRowKey(), "listed by the SDK");
        f.send("DELETE", path, Map.of("If-Match", "*"), "").is(204);
        f.get(path).is(404, "ResourceNotFound");
    }

    private static void updateEtag(TableFixture f) {
        String table = f.tableWith("\"v\":1");
        String path = TableFixture.path(table, "p", "r");
        String etag = f.send("PUT", path, Map.of("If-Match", "*"), "{\"v\":2}").is(204).header("ETag");
        f.get(path).is(200).has("ETag", etag);
        f.send("DELETE", path, Map.of("If-Match", etag), "").is(204);
    }
}
