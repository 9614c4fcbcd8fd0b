package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.protocol.conformance.TableServiceConformance.Case;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How entities travel as JSON: every type of property in the three levels of metadata, and what stands around them. */
final class EntityFormatCases {

    /** What is sent, what is answered with minimal (and full) metadata, what with none; {@code =} is the column before. */
    private static final String PROPERTIES = """
            "v":"text"                                                   | =  | =
            "v":""                                                       | =  | =
            "v@odata.type":"Edm.String","v":"x"                          | "v":"x" | =
            "v":"é Ж 漢字 😀"                                             | =  | =
            "v":"\\u0009\\n\\r\\u0001\\"\\\\/"                           | =  | =
            "v":"  blanks  "                                             | =  | =
            "v":"2024-01-02T03:04:05Z"                                   | =  | =
            "v":0                                                        | =  | =
            "v":-1                                                       | =  | =
            "v":2147483647                                               | =  | =
            "v":-2147483648                                              | =  | =
            "v@odata.type":"Edm.Int32","v":7                             | "v":7 | =
            "v@odata.type":"Edm.Int64","v":"0"                           | =  | "v":"0"
            "v@odata.type":"Edm.Int64","v":"9223372036854775807"         | =  | "v":"9223372036854775807"
            "v@odata.type":"Edm.Int64","v":"-9223372036854775808"        | =  | "v":"-9223372036854775808"
            "v@odata.type":"Edm.Int64","v":"5"                           | =  | "v":"5"
            "v":1.5                                                      | =  | =
            "v":-0.25                                                    | =  | =
            "v":1.0                                                      | =  | =
            "v":1e300                                                    | =  | =
            "v":4.9E-324                                                 | =  | =
            "v":1.7976931348623157E308                                   | =  | =
            "v":0.1                                                      | =  | =
            "v@odata.type":"Edm.Double","v":2.5                          | "v":2.5 | =
            "v@odata.type":"Edm.Double","v":3                            | "v":3.0 | =
            "v@odata.type":"Edm.Double","v":"NaN"                        | =  | "v":"NaN"
            "v@odata.type":"Edm.Double","v":"Infinity"                   | =  | "v":"Infinity"
            "v@odata.type":"Edm.Double","v":"-Infinity"                  | =  | "v":"-Infinity"
            "v":true                                                     | =  | =
            "v":false                                                    | =  | =
            "v@odata.type":"Edm.Boolean","v":true                        | "v":true | =
            "v@odata.type":"Edm.DateTime","v":"2013-08-02T17:37:43.9004348Z" | = | "v":"2013-08-02T17:37:43.9004348Z"
            "v@odata.type":"Edm.DateTime","v":"2008-07-10T00:00:00Z"     | =  | "v":"2008-07-10T00:00:00Z"
            "v@odata.type":"Edm.DateTime","v":"2008-07-10T00:00:00"      | "v@odata.type":"Edm.DateTime","v":"2008-07-10T00:00:00Z" | "v":"2008-07-10T00:00:00Z"
            "v@odata.type":"Edm.DateTime","v":"1601-01-01T00:00:00Z"     | =  | "v":"1601-01-01T00:00:00Z"
            "v@odata.type":"Edm.DateTime","v":"9999-12-31T23:59:59.9999999Z" | = | "v":"9999-12-31T23:59:59.9999999Z"
            "v@odata.type":"Edm.DateTime","v":"2020-02-29T12:00:00.0000001Z" | = | "v":"2020-02-29T12:00:00.0000001Z"
            "v@odata.type":"Edm.Guid","v":"c9da6455-213d-42c9-9a79-3e9149a57833" | = | "v":"c9da6455-213d-42c9-9a79-3e9149a57833"
            "v@odata.type":"Edm.Guid","v":"C9DA6455-213D-42C9-9A79-3E9149A57833" | "v@odata.type":"Edm.Guid","v":"c9da6455-213d-42c9-9a79-3e9149a57833" | "v":"c9da6455-213d-42c9-9a79-3e9149a57833"
            "v@odata.type":"Edm.Guid","v":"00000000-0000-0000-0000-000000000000" | = | "v":"00000000-0000-0000-0000-000000000000"
            "v@odata.type":"Edm.Binary","v":"AQIDBA=="                   | =  | "v":"AQIDBA=="
            "v@odata.type":"Edm.Binary","v":""                           | =  | "v":""
            "v@odata.type":"Edm.Binary","v":"+/8="                       | =  | "v":"+/8="
            "v":null                                                     |    | =
            "v@odata.type":"Edm.Int64","v":null                          |    | =
            "v":1,"w":null,"x":"y"                                       | "v":1,"x":"y" | =
            "V":1,"v":2                                                  | =  | =
            "Ünïcode_1":1                                                | =  | =
            "_":1                                                        | =  | =
            "Timestamp":"2000-01-01T00:00:00Z","v":1                     | "v":1 | =
            "odata.type":"account.Table","odata.etag":"W/\\"x\\"","v":1  | "v":1 | =
            """;

    /** Not needed, but written with full metadata. */
    private static final String DOUBLE = "\"v@odata.type\":\"Edm.Double\",";

    private EntityFormatCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>(List.of(
                new Case("insert answers 201 with the entity", EntityFormatCases::insertEcho),
                new Case("insert with return-content answers 201 and tells so", f -> post(f, Map.of("Prefer", "return-content")).is(201).has("Preference-Applied", "return-content")),
                new Case("insert with return-no-content answers 204 and tells so", f -> assertEquals("", post(f, Map.of("Prefer", "return-no-content")).is(204).has("Preference-Applied", "return-no-content").body())),
                new Case("insert without a preference tells of none", f -> post(f, Map.of()).is(201).has("Preference-Applied", "")),
                new Case("a preference that is unknown is not honored", f -> post(f, Map.of("Prefer", "respond-async")).is(201).has("Preference-Applied", "")),
                new Case("insert answers Location and ETag", EntityFormatCases::insertHeaders),
                new Case("the ETag is the Timestamp", EntityFormatCases::etagIsTimestamp),
                new Case("the data service version is told", f -> f.get("/Tables?$top=1").is(200).has("DataServiceVersion", "3.0;")),
                new Case("answers are not cached", f -> f.get("/Tables?$top=1").is(200).has("Cache-Control", "no-cache").has("X-Content-Type-Options", "nosniff")),
                new Case("no metadata has its content type", f -> accept(f, TableFixture.NO_METADATA).has("Content-Type", TableFixture.NO_METADATA + ";streaming=true;charset=utf-8")),
                new Case("minimal metadata has its content type", f -> accept(f, TableFixture.MINIMAL_METADATA).has("Content-Type", TableFixture.MINIMAL_METADATA + ";streaming=true;charset=utf-8")),
                new Case("full metadata has its content type", f -> accept(f, TableFixture.FULL_METADATA).has("Content-Type", TableFixture.FULL_METADATA + ";streaming=true;charset=utf-8")),
                new Case("plain JSON is minimal metadata", f -> accept(f, "application/json").has("Content-Type", TableFixture.MINIMAL_METADATA + ";streaming=true;charset=utf-8")),
                new Case("JSON among others is chosen", f -> accept(f, "application/atom+xml, application/json;odata=nometadata").has("Content-Type", TableFixture.NO_METADATA + ";streaming=true;charset=utf-8")),
                new Case("anything is JSON", f -> assertTrue(accept(f, "*/*").header("Content-Type").startsWith("application/json"))),
                new Case("no Accept is JSON", f -> assertTrue(accept(f, "").header("Content-Type").startsWith("application/json"))),
                new Case("$format goes before Accept", f -> f.get("/" + f.tableWith("\"v\":1") + "()?$format=application/json;odata=fullmetadata").is(200).has("Content-Type", TableFixture.FULL_METADATA + ";streaming=true;charset=utf-8")),
                new Case("Atom alone is refused", f -> f.send("GET", "/" + f.newTable(), Map.of("Accept", "application/atom+xml"), "").is(415)),
                new Case("an entity in Atom is refused", f -> f.send("POST", "/" + f.newTable(), Map.of("Content-Type", "application/atom+xml"), "<entry/>").is(415)),
                new Case("a table in Atom is refused", f -> f.send("POST", "/Tables", Map.of("Content-Type", "application/atom+xml"), "<entry/>").is(415)),
                new Case("minimal metadata of an entity", EntityFormatCases::minimalEntity),
                new Case("full metadata of an entity", EntityFormatCases::fullEntity),
                new Case("minimal metadata of a list", EntityFormatCases::minimalList),
                new Case("full metadata of a list", EntityFormatCases::fullList),
                new Case("metadata names keys with quotes as paths do", EntityFormatCases::fullQuotedKey),
                new Case("a table's name in metadata has the case of its creation", EntityFormatCases::caseOfTable),
                new Case("a content type with parameters is JSON", f -> f.send("POST", "/" + f.newTable(), Map.of("Content-Type", "application/json; charset=utf-8; odata=nometadata"), TableFixture.json("p", "r", "")).is(201)),
                new Case("a body with BOM and blanks is read", f -> f.send("POST", "/" + f.newTable(), Map.of(), "\uFEFF \r\n" + TableFixture.json("p", "r", "\"v\":1") + "\n").is(201)),
                new Case("merge with null keeps the property", EntityFormatCases::mergeNull),
                new Case("replace with null drops the property", EntityFormatCases::replaceNull)));
        for (String line : PROPERTIES.lines().toList()) {
            String[] columns = line.split("\\|", -1);
            String sent = columns[0].trim();
            String minimal = columns[1].trim().equals("=") ? sent : columns[1].trim();
            String none = columns[2].trim().equals("=") ? minimal : columns[2].trim();
            cases.add(new Case(sent + " comes back as " + (minimal.isEmpty() ? "nothing" : minimal), f -> comesBack(f, sent, minimal, none)));
        }
        return cases;
    }

    private static void comesBack(TableFixture f, String sent, String minimal, String none) {
        String table = f.newTable();
        String path = TableFixture.path(table, "p", "r");
        RawAnswer echo = f.send("POST", "/" + table, Map.of("Accept", TableFixture.MINIMAL_METADATA), TableFixture.json("p", "r", sent)).is(201);
        assertEquals(normal(minimal), own(echo.json()), "echo of the insert");
        assertEquals(normal(minimal), own(get(f, path, TableFixture.MINIMAL_METADATA)), "minimal metadata");
        assertEquals(normal(none), own(get(f, path, TableFixture.NO_METADATA)), "no metadata");
        JsonObject full = get(f, path, TableFixture.FULL_METADATA);
        assertEquals(normal(minimal).replace(DOUBLE, ""), own(full).replace(DOUBLE, ""), "full metadata");
        assertEquals(normal(minimal), own(f.send("GET", "/" + table + "()", Map.of("Accept", TableFixture.MINIMAL_METADATA), "").is(200).values().getFirst()), "in a list");
        JsonObject sentJson = new JsonObject("{" + sent + "}");
        f.send("PUT", path, Map.of("If-Match", "*"), TableFixture.json("p", "r", "\"other\":1")).is(204);
        f.send("MERGE", path, Map.of("If-Match", "*"), TableFixture.json("p", "r", sent)).is(204);
        JsonObject merged = get(f, path, TableFixture.MINIMAL_METADATA);
        assertEquals(1, merged.remove("other"), () -> "merge of " + sentJson);
        assertEquals(normal(minimal), own(merged), "after a merge");
    }

    private static JsonObject get(TableFixture f, String path, String level) {
        return f.send("GET", path, Map.of("Accept", level), "").is(200).json();
    }

    private static String normal(String properties) {
        return new JsonObject("{" + properties + "}").encode();
    }

    /** Without what every entity has. */
    private static String own(JsonObject entity) {
        JsonObject own = entity.copy();
        List.copyOf(own.fieldNames()).stream()
                .filter(name -> name.startsWith("odata.") || List.of("PartitionKey", "RowKey", "Timestamp", "Timestamp@odata.type").contains(name))
                .forEach(own::remove);
        return own.encode();
    }

    private static RawAnswer post(TableFixture f, Map<String, String> headers) {
        return f.send("POST", "/" + f.newTable(), headers, TableFixture.json("p", "r", "\"v\":1"));
    }

    private static RawAnswer accept(TableFixture f, String level) {
        return f.send("GET", "/" + f.tableWith("\"v\":1"), Map.of("Accept", level), "").is(200);
    }

    private static void insertEcho(TableFixture f) {
        JsonObject echo = post(f, Map.of()).is(201).json();
        assertEquals(List.of("PartitionKey", "RowKey", "Timestamp", "v"), List.copyOf(echo.fieldNames()));
        assertTrue(echo.getString("Timestamp").matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{7}Z"), echo::encode);
    }

    private static void insertHeaders(TableFixture f) {
        String table = f.newTable();
        RawAnswer inserted = f.insert(table, "p", "r", "").is(204).has("Location", f.endpoint() + "/" + table + "(PartitionKey='p',RowKey='r')");
        assertTrue(inserted.header("ETag").matches("W/\"datetime'.*'\""), inserted::toString);
        f.get(TableFixture.path(table, "p", "r")).is(200).has("ETag", inserted.header("ETag"));
    }

    private static void etagIsTimestamp(TableFixture f) {
        RawAnswer echo = post(f, Map.of()).is(201);
        assertEquals("W/\"datetime'" + echo.json().getString("Timestamp").replace(":", "%3A") + "'\"", echo.header("ETag"));
    }

    private static void minimalEntity(TableFixture f) {
        String table = f.tableWith("\"v\":1");
        JsonObject entity = get(f, TableFixture.path(table, "p", "r"), TableFixture.MINIMAL_METADATA);
        assertEquals(f.endpoint() + "/$metadata#" + table + "/@Element", entity.getString("odata.metadata"));
        assertEquals(List.of("odata.metadata"), entity.fieldNames().stream().filter(name -> name.contains("odata.") && !name.equals("odata.etag")).toList());
    }

    private static void fullEntity(TableFixture f) {
        String table = f.tableWith("\"v\":1");
        RawAnswer answer = f.send("GET", TableFixture.path(table, "p", "r"), Map.of("Accept", TableFixture.FULL_METADATA), "").is(200);
        full(f, table, answer.json(), answer.header("ETag"));
        assertEquals(f.endpoint() + "/$metadata#" + table + "/@Element", answer.json().getString("odata.metadata"));
    }

    private static void full(TableFixture f, String table, JsonObject entity, String etag) {
        assertEquals(f.target().account() + "." + table, entity.getString("odata.type"));
        assertEquals(f.endpoint() + "/" + table + "(PartitionKey='p',RowKey='r')", entity.getString("odata.id"));
        assertEquals(etag, entity.getString("odata.etag"));
        assertEquals(table + "(PartitionKey='p',RowKey='r')", entity.getString("odata.editLink"));
        assertEquals("Edm.DateTime", entity.getString("Timestamp@odata.type"));
    }

    private static void minimalList(TableFixture f) {
        String table = f.tableWith("\"v\":1");
        RawAnswer list = f.send("GET", "/" + table, Map.of("Accept", TableFixture.MINIMAL_METADATA), "").is(200);
        assertEquals(f.endpoint() + "/$metadata#" + table, list.json().getString("odata.metadata"));
        assertEquals(List.of("PartitionKey", "RowKey", "Timestamp", "v"), list.values().getFirst().fieldNames().stream().filter(name -> !name.equals("odata.etag")).toList());
    }

    private static void fullList(TableFixture f) {
        String table = f.tableWith("\"v\":1");
        String etag = f.get(TableFixture.path(table, "p", "r")).is(200).header("ETag");
        RawAnswer list = f.send("GET", "/" + table, Map.of("Accept", TableFixture.FULL_METADATA), "").is(200);
        assertEquals(f.endpoint() + "/$metadata#" + table, list.json().getString("odata.metadata"));
        full(f, table, list.values().getFirst(), etag);
    }

    private static void fullQuotedKey(TableFixture f) {
        String table = f.newTable();
        f.insert(table, "o'clock", "a b", "").is(204);
        JsonObject entity = get(f, TableFixture.path(table, "o'clock", "a b"), TableFixture.FULL_METADATA);
        String link = entity.getString("odata.editLink");
        assertEquals(f.endpoint() + "/" + link, entity.getString("odata.id"));
        assertEquals("o'clock", f.get("/" + link).is(200).json().getString("PartitionKey"));
    }

    private static void caseOfTable(TableFixture f) {
        String table = f.tableWith("\"v\":1");
        JsonObject entity = get(f, TableFixture.path(table.toLowerCase(), "p", "r"), TableFixture.FULL_METADATA);
        assertEquals("p", entity.getString("PartitionKey"));
        assertTrue(f.get("/Tables('" + table.toUpperCase() + "')").is(200).body().contains("\"" + table + "\""));
    }

    private static void mergeNull(TableFixture f) {
        String table = f.tableWith("\"v\":1,\"w\":2");
        f.send("MERGE", TableFixture.path(table, "p", "r"), Map.of("If-Match", "*"), TableFixture.json("p", "r", "\"v\":null,\"w\":3")).is(204);
        assertEquals("{\"v\":1,\"w\":3}", own(f.get(TableFixture.path(table, "p", "r")).is(200).json()));
    }

    private static void replaceNull(TableFixture f) {
        String table = f.tableWith("\"v\":1,\"w\":2");
        f.send("PUT", TableFixture.path(table, "p", "r"), Map.of("If-Match", "*"), TableFixture.json("p", "r", "\"v\":null,\"w\":3")).is(204);
        assertEquals("{\"w\":3}", own(f.get(TableFixture.path(table, "p", "r")).is(200).json()));
    }
}
