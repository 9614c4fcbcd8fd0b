package io.lazuli.storage.protocol.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.kernel.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table protocol over real sockets, in front of a table service in memory. */
class TableFrontEndTest {

    private static final String JSON = "Content-Type: application/json";
    private static FakeTableServer server;
    private static TableWire wire;

    /** A request and its answer: status, error code or nothing, and a part of its body. */
    private record Case(String promise, String method, String path, String headers, String body, int status, String code, String part) {}

    @BeforeAll
    static void start() {
        server = new FakeTableServer(0, Clock.system(), Integer.MAX_VALUE);
        wire = new TableWire(server.port());
        wire.send("POST", "/Tables", JSON, "{\"TableName\":\"Cases\"}").is(201);
        for (String row : List.of("1", "2", "3")) {
            wire.send("POST", "/Cases", JSON, "{\"PartitionKey\":\"p\",\"RowKey\":\"" + row + "\",\"Age\":" + row + "}").is(201);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @TestFactory
    Stream<DynamicTest> requests() {
        return cases().map(one -> DynamicTest.dynamicTest(one.promise(), () ->
                wire.send(one.method(), one.path(), one.headers(), one.body()).is(one.status(), one.code()).holds(one.part())));
    }

    private static Case ok(String promise, String method, String path, String headers, String body, int status, String part) {
        return new Case(promise, method, path, headers, body, status, "", part);
    }

    private static Case error(String promise, String method, String path, String headers, String body, int status, String code) {
        return new Case(promise, method, path, headers, body, status, code, "\"odata.error\":{\"code\":\"" + code + "\"");
    }

    private static Stream<Case> cases() {
        return Stream.of(
                ok("an entity by its keys", "GET", "/Cases(PartitionKey='p',RowKey='1')", "", "", 200, "\"Age\":1"),
                ok("keys in the other order", "GET", "/Cases(RowKey='1',PartitionKey='p')", "", "", 200, "\"Age\":1"),
                ok("keys behind blanks", "GET", "/Cases(%20PartitionKey%20=%20'p',%20RowKey='1'%20)", "", "", 200, "\"Age\":1"),
                ok("escaped parentheses and quotes", "GET", "/Cases%28PartitionKey=%27p%27,RowKey=%271%27%29", "", "", 200, "\"Age\":1"),
                ok("a table's name ignores case", "GET", "/cASES(PartitionKey='p',RowKey='1')", "", "", 200, "\"Age\":1"),
                ok("all entities", "GET", "/Cases()", "", "", 200, "\"RowKey\":\"3\""),
                ok("all entities without parentheses", "GET", "/Cases", "", "", 200, "\"RowKey\":\"3\""),
                ok("an option that is nobody's", "GET", "/Cases?color=blue&$top=1&$filter=PartitionKey%20eq%20%27p%27", "", "", 200, "\"RowKey\":\"1\""),
                ok("$format before Accept", "GET", "/Cases?$format=application/json;odata=nometadata", "Accept: application/json;odata=fullmetadata", "", 200, "{\"value\":[{\"PartitionKey\""),
                ok("the first type that is offered", "GET", "/Cases?$top=1", "Accept: application/atom+xml,text/html,application/json;odata=nometadata", "", 200, "{\"value\""),
                ok("any type", "GET", "/Cases?$top=1", "Accept: */*", "", 200, "\"odata.metadata\""),
                ok("one table", "GET", "/Tables('cases')", "", "", 200, "\"TableName\":\"Cases\""),
                ok("tables by name", "GET", "/Tables?$filter=TableName%20eq%20'Cases'", "", "", 200, "\"TableName\":\"Cases\""),
                error("no such entity", "GET", "/Cases(PartitionKey='p',RowKey='4')", "", "", 404, "ResourceNotFound"),
                error("no such table to query", "GET", "/Nowhere()", "", "", 404, "TableNotFound"),
                error("no such table to query for nothing", "GET", "/Nowhere()?$filter=false", "", "", 404, "TableNotFound"),
                error("no such table to delete", "DELETE", "/Tables('Nowhere')", "", "", 404, "ResourceNotFound"),
                error("no such table to get", "GET", "/Tables('Nowhere')", "", "", 404, "ResourceNotFound"),
                error("a table that exists", "POST", "/Tables", JSON, "{\"TableName\":\"CASES\"}", 409, "TableAlreadyExists"),
                error("a table's name with a dash", "POST", "/Tables", JSON, "{\"TableName\":\"a-b\"}", 400, "InvalidResourceName"),
                error("a table's name that is too short", "POST", "/Tables", JSON, "{\"TableName\":\"ab\"}", 400, "OutOfRangeInput"),
                error("a table named as the list of tables", "POST", "/Tables", JSON, "{\"TableName\":\"tables\"}", 400, "InvalidInput"),
                error("a table without name", "POST", "/Tables", JSON, "{}", 400, "PropertiesNeedValue"),
                error("insert what exists", "POST", "/Cases", JSON, "{\"PartitionKey\":\"p\",\"RowKey\":\"1\"}", 409, "EntityAlreadyExists"),
                error("insert without RowKey", "POST", "/Cases", JSON, "{\"PartitionKey\":\"p\"}", 400, "PropertiesNeedValue"),
                error("insert into no table", "POST", "/Nowhere", JSON, "{\"PartitionKey\":\"p\",\"RowKey\":\"1\"}", 404, "TableNotFound"),
                error("insert Atom", "POST", "/Cases", "Content-Type: application/atom+xml", "<entry/>", 415, "AtomFormatNotSupported"),
                error("insert a form", "POST", "/Cases", "Content-Type: application/x-www-form-urlencoded", "a=b", 415, "MediaTypeNotSupported"),
                error("insert no JSON", "POST", "/Cases", JSON, "{\"PartitionKey\":", 400, "InvalidInput"),
                error("Atom wanted", "GET", "/Cases", "Accept: application/atom+xml", "", 415, "AtomFormatNotSupported"),
                error("Atom wanted by option", "GET", "/Cases?$format=atom", "", "", 415, "AtomFormatNotSupported"),
                error("a picture wanted", "GET", "/Cases", "Accept: image/png", "", 415, "MediaTypeNotSupported"),
                error("$top of none", "GET", "/Cases?$top=0", "", "", 400, "InvalidInput"),
                error("$top above the most", "GET", "/Cases?$top=1001", "", "", 400, "InvalidInput"),
                error("$top that is no number", "GET", "/Cases?$top=many", "", "", 400, "InvalidInput"),
                error("an option that the service does not have", "GET", "/Cases?$orderby=Age", "", "", 501, "NotImplemented"),
                error("an option that nobody has", "GET", "/Cases?$what=Age", "", "", 400, "InvalidInput"),
                error("a filter that is cut off", "GET", "/Cases?$filter=Age%20gt", "", "", 400, "InvalidInput"),
                error("a token that is not ours", "GET", "/Cases?NextPartitionKey=abc", "", "", 400, "InvalidInput"),
                error("update with keys that disagree", "PUT", "/Cases(PartitionKey='p',RowKey='1')", JSON, "{\"PartitionKey\":\"q\",\"RowKey\":\"1\"}", 400, "InvalidInput"),
                error("update what does not exist", "PUT", "/Cases(PartitionKey='p',RowKey='4')", JSON + "|If-Match: *", "{}", 404, "ResourceNotFound"),
                error("update an older version", "PUT", "/Cases(PartitionKey='p',RowKey='1')", JSON + "|If-Match: W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\"", "{}", 412, "UpdateConditionNotSatisfied"),
                error("merge an older version", "MERGE", "/Cases(PartitionKey='p',RowKey='1')", JSON + "|If-Match: W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\"", "{}", 412, "UpdateConditionNotSatisfied"),
                error("an ETag that is none", "PUT", "/Cases(PartitionKey='p',RowKey='1')", JSON + "|If-Match: abc", "{}", 400, "InvalidInput"),
                error("If-None-Match", "PUT", "/Cases(PartitionKey='p',RowKey='1')", JSON + "|If-None-Match: *", "{}", 400, "InvalidInput"),
                error("delete without condition", "DELETE", "/Cases(PartitionKey='p',RowKey='1')", "", "", 400, "MissingRequiredHeader"),
                error("delete an older version", "DELETE", "/Cases(PartitionKey='p',RowKey='1')", "If-Match: W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\"", "", 412, "UpdateConditionNotSatisfied"),
                error("a key with a slash", "GET", "/Cases(PartitionKey='a%2Fb',RowKey='1')", "", "", 400, "OutOfRangeInput"),
                error("a key that is too long", "GET", "/Cases(PartitionKey='" + "a".repeat(513) + "',RowKey='1')", "", "", 400, "PropertyValueTooLarge"),
                error("one key only", "GET", "/Cases(PartitionKey='p')", "", "", 400, "InvalidInput"),
                error("the same key twice", "GET", "/Cases(PartitionKey='p',PartitionKey='p')", "", "", 400, "InvalidInput"),
                error("more behind the keys", "GET", "/Cases(PartitionKey='p',RowKey='1')x", "", "", 400, "InvalidInput"),
                error("a quote that is not closed", "GET", "/Cases(PartitionKey='p',RowKey='1)", "", "", 400, "InvalidInput"),
                error("a path of two segments", "GET", "/Cases/p", "", "", 400, "InvalidUri"),
                error("a verb that a table does not have", "PUT", "/Cases", JSON, "{}", 405, "MethodNotAllowed"),
                error("a tunnelled verb that is none", "POST", "/Cases(PartitionKey='p',RowKey='1')", JSON + "|X-HTTP-Method: HEAD", "{}", 400, "XMethodIncorrectValue"),
                error("a tunnel through GET", "GET", "/Cases(PartitionKey='p',RowKey='1')", "X-HTTP-Method: MERGE", "", 400, "XMethodNotUsingPost"));
    }

    @Test
    void insertRepeatsTheEntityUnlessTheClientDoesNotWantIt() {
        TableWire.Answer whole = wire.send("POST", "/Cases", JSON + "|Accept: application/json;odata=nometadata", "{\"PartitionKey\":\"i\",\"RowKey\":\"o''n e\"}").is(201)
                .holds("\"RowKey\":\"o''n e\"").has("Preference-Applied", "").has("Cache-Control", "no-cache").has("X-Content-Type-Options", "nosniff")
                .has("Content-Type", "application/json;odata=nometadata;streaming=true;charset=utf-8");
        assertEquals("http://127.0.0.1:" + server.port() + "/devstoreaccount1/Cases(PartitionKey='i',RowKey='o''''n%20e')", whole.header("Location"));
        wire.send("POST", "/Cases", JSON + "|Prefer: return-content", "{\"PartitionKey\":\"i\",\"RowKey\":\"2\"}").is(201).has("Preference-Applied", "return-content");
        TableWire.Answer brief = wire.send("POST", "/Cases", JSON + "|Prefer: return-no-content", "{\"PartitionKey\":\"i\",\"RowKey\":\"3\"}").is(204).has("Preference-Applied", "return-no-content");
        assertEquals(brief.header("Location"), brief.header("DataServiceId"));
        assertEquals(brief.header("ETag"), wire.get("/Cases(PartitionKey='i',RowKey='3')").is(200).header("ETag"));
    }

    @Test
    void replaceForgetsWhatMergeKeeps() {
        String path = "/Cases(PartitionKey='u',RowKey='1')";
        wire.send("PUT", path, JSON, "{\"A\":1,\"B\":1}").is(204);
        wire.send("MERGE", path, JSON, "{\"B\":2}").is(204);
        wire.get(path).is(200).holds("\"A\":1").holds("\"B\":2");
        wire.send("PATCH", path, JSON + "|If-Match: *", "{\"B\":3}").is(204);
        wire.send("POST", path, JSON + "|X-HTTP-Method: MERGE|If-Match: *", "{\"C\":4}").is(204);
        TableWire.Answer merged = wire.get(path).is(200).holds("\"A\":1").holds("\"B\":3").holds("\"C\":4");
        String etag = wire.send("PUT", path, JSON + "|If-Match: " + merged.header("ETag"), "{\"D\":5}").is(204).header("ETag");
        wire.get(path).is(200).lacks("\"A\"").holds("\"D\":5").has("ETag", etag);
        wire.send("DELETE", path, "If-Match: " + merged.header("ETag"), "").is(412, "UpdateConditionNotSatisfied");
        wire.send("DELETE", path, "If-Match: " + etag, "").is(204);
        wire.get(path).is(404, "ResourceNotFound");
    }

    @Test
    void tableIsCreatedAndDeleted() {
        wire.send("POST", "/Tables", JSON + "|Prefer: return-no-content", "{\"TableName\":\"Short\"}").is(204)
                .has("Location", "http://127.0.0.1:" + server.port() + "/devstoreaccount1/Tables('Short')").has("Preference-Applied", "return-no-content");
        wire.send("DELETE", "/Tables('Short')", "", "").is(204);
        wire.get("/Short").is(404, "TableNotFound");
    }

    @Test
    void unsignedRequestIsAskedForCredentials() {
        wire.sendUnsigned("GET", "/Cases", java.util.Map.of(), "").is(401, "NoAuthenticationInformation").holds("\"odata.error\"");
    }
}
