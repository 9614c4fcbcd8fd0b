package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.rest.PagedResponse;
import com.azure.core.util.Context;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.models.ListTablesOptions;
import com.azure.data.tables.models.TableAccessPolicy;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableItem;
import com.azure.data.tables.models.TableServiceCorsRule;
import com.azure.data.tables.models.TableServiceLogging;
import com.azure.data.tables.models.TableServiceMetrics;
import com.azure.data.tables.models.TableServiceProperties;
import com.azure.data.tables.models.TableServiceRetentionPolicy;
import com.azure.data.tables.models.TableSignedIdentifier;
import io.lazuli.security.PercentCoding;
import io.lazuli.storage.protocol.conformance.TableServiceConformance.Case;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** Tables, their access policies, and the properties of the service. */
final class TableCases {

    private static final String ACL = "<SignedIdentifiers><SignedIdentifier><Id>one</Id><AccessPolicy><Start>2024-01-02T03:04:05Z</Start><Expiry>2034-01-02T03:04:05Z</Expiry>"
            + "<Permission>raud</Permission></AccessPolicy></SignedIdentifier></SignedIdentifiers>";

    private TableCases() {}

    static List<Case> all() {
        return List.of(
                new Case("create answers 204 to the SDK", f -> assertEquals(204, f.service().createTableWithResponse(f.freeName(), null, Context.NONE).getStatusCode())),
                new Case("create answers 201 with the table", f -> create(f, Map.of(), f.freeName()).is(201)),
                new Case("create with return-content answers 201 and tells so", f -> create(f, Map.of("Prefer", "return-content"), f.freeName()).is(201).has("Preference-Applied", "return-content")),
                new Case("create with return-no-content answers 204 and tells so", f -> assertEquals("", create(f, Map.of("Prefer", "return-no-content"), f.freeName()).is(204).has("Preference-Applied", "return-no-content").body())),
                new Case("create answers the table without metadata", TableCases::createNoMetadata),
                new Case("create answers the table with minimal metadata", TableCases::createMinimal),
                new Case("create answers the table with full metadata", TableCases::createFull),
                new Case("create again answers 409", f -> Expect.tableError(409, "TableAlreadyExists", () -> f.service().createTable(f.newTable()))),
                new Case("create again in another case answers 409", f -> Expect.tableError(409, "TableAlreadyExists", () -> f.service().createTable(f.newTable().toUpperCase()))),
                new Case("createTableIfNotExists is content with what exists", f -> f.service().createTableIfNotExists(f.newTable())),
                new Case("names of 3 and 63 characters are allowed", TableCases::extremeNames),
                new Case("delete answers 204", f -> f.raw().send("DELETE", "/Tables('" + f.newTable() + "')").is(204)),
                new Case("delete by another case answers 204", f -> f.raw().send("DELETE", "/Tables('" + f.newTable().toLowerCase() + "')").is(204)),
                new Case("delete of no table answers 404", f -> f.raw().send("DELETE", "/Tables('" + f.freeName() + "')").is(404, "ResourceNotFound")),
                new Case("a deleted table is gone", TableCases::deletedIsGone),
                new Case("a deleted table can be created anew and is empty", TableCases::createAnew),
                new Case("a table is found by its name", f -> assertEquals(1, list(f, "TableName eq '" + f.newTable() + "'").size())),
                new Case("a table is addressed by its name", TableCases::single),
                new Case("a table that does not exist answers 404", f -> f.get("/Tables('" + f.freeName() + "')").is(404, "ResourceNotFound")),
                new Case("list finds by a range of names, in order", TableCases::listRange),
                new Case("list pages with $top and tokens", TableCases::listPages),
                new Case("a list's token may be used again", TableCases::listReplay),
                new Case("the SDK lists page by page", TableCases::sdkPages),
                new Case("list with minimal metadata", f -> assertEquals(f.endpoint() + "/$metadata#Tables", f.send("GET", "/Tables?$top=1", Map.of("Accept", TableFixture.MINIMAL_METADATA), "").is(200).json().getString("odata.metadata"))),
                new Case("list with full metadata", TableCases::listFull),
                new Case("list with parentheses", f -> f.get("/Tables()?$top=1").is(200)),
                new Case("list of a filter that nothing meets is empty", f -> assertEquals(List.of(), list(f, "TableName eq '" + f.freeName() + "'"))),
                new Case("access policies are answered as they were set", TableCases::accessPolicies),
                new Case("access policies by raw XML", TableCases::rawAccessPolicies),
                new Case("HEAD of access policies answers 200", f -> f.raw().send("HEAD", "/" + f.newTable() + "?comp=acl").is(200)),
                new Case("a new table has no access policies", f -> assertEquals(List.of(), f.table().getAccessPolicies().getIdentifiers() == null ? List.of() : f.table().getAccessPolicies().getIdentifiers())),
                new Case("setting no access policies removes them", TableCases::removePolicies),
                new Case("five access policies are allowed, six are not", TableCases::tooManyPolicies),
                new Case("access policies of no table answer 404", f -> f.raw().send("GET", "/" + f.freeName() + "?comp=acl").is(404, "TableNotFound")),
                new Case("setting access policies of no table answers 404", f -> f.raw().send("PUT", "/" + f.freeName() + "?comp=acl", Map.of("Content-Type", "application/xml"), ACL).is(404, "TableNotFound")),
                new Case("access policies end with the table", TableCases::policiesEnd),
                new Case("service properties are answered as they were set", TableCases::serviceProperties),
                new Case("service properties by raw XML answer 202", TableCases::rawServiceProperties),
                new Case("service properties left out stay as they are", TableCases::partialServiceProperties),
                new Case("statistics are not for the primary location", f -> f.raw().send("GET", "?restype=service&comp=stats").is(400, "InvalidQueryParameterValue")),
                new Case("statistics of the secondary location are live", f -> secondary(f, "GET", "?restype=service&comp=stats").is(200).hasXml("/StorageServiceStats/GeoReplication/Status", "live")),
                new Case("the secondary location answers reads", f -> secondary(f, "GET", "/Tables?$top=1").is(200)),
                new Case("preflight is answered by the matching rule", TableCases::preflight),
                new Case("the client's request id is echoed", f -> f.send("GET", "/Tables?$top=1", Map.of("x-ms-client-request-id", "my id 1"), "").is(200).has("x-ms-client-request-id", "my id 1")),
                new Case("the version is echoed", f -> f.send("GET", "/Tables?$top=1", Map.of("x-ms-version", "2019-02-02"), "").is(200).has("x-ms-version", "2019-02-02")),
                new Case("names in the query know no case but $-options do", f -> f.get("/Tables?$top=1&Timeout=30").is(200)),
                new Case("tables of another account are invisible", TableCases::otherAccount),
                new Case("another account's table of the same name is another", TableCases::sameNameElsewhere),
                new Case("host-style addresses reach the account", TableCases::hostStyle),
                new Case("host-style addresses name themselves in metadata", TableCases::hostStyleMetadata),
                new Case("host-style addresses reach entities", TableCases::hostStyleEntity));
    }

    private static RawAnswer create(TableFixture f, Map<String, String> headers, String name) {
        return f.send("POST", "/Tables", headers, "{\"TableName\":\"" + name + "\"}");
    }

    private static void createNoMetadata(TableFixture f) {
        String name = f.freeName();
        assertEquals("{\"TableName\":\"" + name + "\"}", create(f, Map.of(), name).is(201).json().encode());
    }

    private static void createMinimal(TableFixture f) {
        String name = f.freeName();
        assertEquals("{\"odata.metadata\":\"" + f.endpoint() + "/$metadata#Tables/@Element\",\"TableName\":\"" + name + "\"}",
                create(f, Map.of("Accept", TableFixture.MINIMAL_METADATA), name).is(201).json().encode());
    }

    private static void createFull(TableFixture f) {
        String name = f.freeName();
        assertEquals("{\"odata.metadata\":\"" + f.endpoint() + "/$metadata#Tables/@Element\",\"odata.type\":\"" + f.target().account() + ".Tables\",\"odata.id\":\""
                + f.endpoint() + "/Tables('" + name + "')\",\"odata.editLink\":\"Tables('" + name + "')\",\"TableName\":\"" + name + "\"}",
                create(f, Map.of("Accept", TableFixture.FULL_METADATA), name).is(201).json().encode());
    }

    private static void extremeNames(TableFixture f) {
        String unique = UUID.randomUUID().toString().replace("-", "");
        f.service().createTable(f.owned("a" + unique.repeat(2).substring(0, 62)));
        f.service().createTableIfNotExists(f.owned("Z" + unique.substring(0, 2)));
    }

    private static void deletedIsGone(TableFixture f) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "r"));
        table.deleteTable();
        RawAnswer read = f.get(TableFixture.path(table.getTableName(), "p", "r"));
        assertTrue(read.header("x-ms-error-code").equals("TableNotFound") || read.header("x-ms-error-code").equals("TableBeingDeleted"), read::toString);
        assertEquals(List.of(), list(f, "TableName eq '" + table.getTableName() + "'"));
    }

    private static void createAnew(TableFixture f) {
        TableClient table = f.table();
        table.createEntity(new TableEntity("p", "r"));
        table.deleteTable();
        TableFixture.await("the name is free again", () -> create(f, Map.of(), table.getTableName()).status() == 201);
        assertEquals(List.of(), table.listEntities().stream().toList());
    }

    private static List<String> list(TableFixture f, String filter) {
        return names(f.get("/Tables?$filter=" + PercentCoding.encode(filter)).is(200));
    }

    private static List<String> names(RawAnswer answer) {
        return answer.values().stream().map(table -> table.getString("TableName")).toList();
    }

    private static void single(TableFixture f) {
        String table = f.newTable();
        assertEquals("{\"TableName\":\"" + table + "\"}", f.get("/Tables('" + table + "')").is(200).json().encode());
    }

    /** Tables with this prefix, in order. */
    private static List<String> several(TableFixture f, String prefix) {
        List<String> names = IntStream.of(3, 1, 5, 2, 4).mapToObj(i -> f.owned(prefix + i)).toList();
        names.forEach(f.service()::createTable);
        return names.stream().sorted().toList();
    }

    private static String prefix() {
        return "L" + UUID.randomUUID().toString().replace("-", "").substring(0, 20) + "x";
    }

    private static String range(String prefix) {
        return "TableName ge '" + prefix + "' and TableName lt '" + prefix + "~'";
    }

    private static void listRange(TableFixture f) {
        String prefix = prefix();
        List<String> names = several(f, prefix);
        assertEquals(names, list(f, range(prefix)));
        assertEquals(names.subList(1, 4), list(f, "TableName gt '" + prefix + "1' and TableName le '" + prefix + "4'"));
        assertEquals(List.of(names.getFirst(), names.getLast()), list(f, "TableName eq '" + prefix + "5' or TableName eq '" + prefix + "1'"));
    }

    private static void listPages(TableFixture f) {
        String prefix = prefix();
        List<String> names = several(f, prefix);
        String query = "/Tables?$top=2&$filter=" + PercentCoding.encode(range(prefix));
        List<String> seen = new ArrayList<>();
        RawAnswer page = f.get(query).is(200);
        seen.addAll(names(page));
        while (!page.header("x-ms-continuation-NextTableName").isEmpty()) {
            page = f.get(query + "&NextTableName=" + PercentCoding.encode(page.header("x-ms-continuation-NextTableName"))).is(200);
            assertTrue(names(page).size() <= 2);
            seen.addAll(names(page));
        }
        assertEquals(names, seen);
    }

    private static void listReplay(TableFixture f) {
        String prefix = prefix();
        List<String> names = several(f, prefix);
        String query = "/Tables?$top=2&$filter=" + PercentCoding.encode(range(prefix));
        String next = "&NextTableName=" + PercentCoding.encode(f.get(query).is(200).header("x-ms-continuation-NextTableName"));
        assertEquals(names.subList(2, 4), names(f.get(query + next).is(200)));
        assertEquals(names.subList(2, 4), names(f.get(query + next).is(200)));
    }

    private static void sdkPages(TableFixture f) {
        String prefix = prefix();
        List<String> names = several(f, prefix);
        Iterable<PagedResponse<TableItem>> pages = f.service()
                .listTables(new ListTablesOptions().setFilter(range(prefix)).setTop(2), null, Context.NONE).iterableByPage();
        assertEquals(names, StreamSupport.stream(pages.spliterator(), false).flatMap(page -> page.getValue().stream()).map(TableItem::getName).toList());
    }

    private static void listFull(TableFixture f) {
        String table = f.newTable();
        RawAnswer list = f.send("GET", "/Tables?$filter=TableName%20eq%20'" + table + "'", Map.of("Accept", TableFixture.FULL_METADATA), "").is(200);
        assertEquals("{\"odata.type\":\"" + f.target().account() + ".Tables\",\"odata.id\":\"" + f.endpoint() + "/Tables('" + table + "')\",\"odata.editLink\":\"Tables('" + table
                + "')\",\"TableName\":\"" + table + "\"}", list.values().getFirst().encode());
    }

    private static TableSignedIdentifier policy(String id) {
        return new TableSignedIdentifier(id).setAccessPolicy(new TableAccessPolicy()
                .setStartsOn(OffsetDateTime.parse("2024-01-02T03:04:05Z")).setExpiresOn(OffsetDateTime.parse("2034-01-02T03:04:05Z")).setPermissions("raud"));
    }

    private static void accessPolicies(TableFixture f) {
        TableClient table = f.table();
        table.setAccessPolicies(List.of(policy("one"), new TableSignedIdentifier("two").setAccessPolicy(new TableAccessPolicy().setPermissions("r"))));
        List<TableSignedIdentifier> read = table.getAccessPolicies().getIdentifiers();
        assertEquals(List.of("one", "two"), read.stream().map(TableSignedIdentifier::getId).toList());
        assertEquals(OffsetDateTime.parse("2034-01-02T03:04:05Z"), read.getFirst().getAccessPolicy().getExpiresOn());
        assertEquals("raud", read.getFirst().getAccessPolicy().getPermissions());
    }

    private static void rawAccessPolicies(TableFixture f) {
        String path = "/" + f.newTable() + "?comp=acl";
        assertEquals("", f.raw().send("PUT", path, Map.of("Content-Type", "application/xml"), ACL).is(204).body());
        f.raw().send("GET", path).is(200).hasXml("//Id", "one").hasXml("//Permission", "raud").hasXml("count(//SignedIdentifier)", "1");
    }

    private static void removePolicies(TableFixture f) {
        String path = "/" + f.newTable() + "?comp=acl";
        f.raw().send("PUT", path, Map.of("Content-Type", "application/xml"), ACL).is(204);
        f.raw().send("PUT", path, Map.of("Content-Type", "application/xml"), "<SignedIdentifiers/>").is(204);
        f.raw().send("GET", path).is(200).hasXml("count(//SignedIdentifier)", "0");
    }

    private static void tooManyPolicies(TableFixture f) {
        TableClient table = f.table();
        table.setAccessPolicies(IntStream.range(0, 5).mapToObj(i -> policy("p" + i)).toList());
        HttpResponseException refused = assertThrows(HttpResponseException.class, () -> table.setAccessPolicies(IntStream.range(0, 6).mapToObj(i -> policy("p" + i)).toList()));
        assertEquals(400, refused.getResponse().getStatusCode());
        assertEquals(5, table.getAccessPolicies().getIdentifiers().size());
    }

    private static void policiesEnd(TableFixture f) {
        TableClient table = f.table();
        table.setAccessPolicies(List.of(policy("one")));
        table.deleteTable();
        TableFixture.await("the name is free again", () -> create(f, Map.of(), table.getTableName()).status() == 201);
        f.raw().send("GET", "/" + table.getTableName() + "?comp=acl").is(200).hasXml("count(//SignedIdentifier)", "0");
    }

    private static void keepingProperties(TableFixture f, Runnable check) {
        TableServiceProperties before = f.service().getProperties();
        try {
            check.run();
        } finally {
            f.service().setProperties(before);
        }
    }

    private static TableServiceCorsRule corsRule(String origins) {
        return new TableServiceCorsRule().setAllowedOrigins(origins).setAllowedMethods("GET,PUT,POST").setAllowedHeaders("x-ms-*,Content-Type")
                .setExposedHeaders("x-ms-request-id").setMaxAgeInSeconds(60);
    }

    private static void serviceProperties(TableFixture f) {
        keepingProperties(f, () -> {
            TableServiceRetentionPolicy days = new TableServiceRetentionPolicy().setEnabled(true).setDaysToRetain(5);
            f.service().setProperties(new TableServiceProperties()
                    .setLogging(new TableServiceLogging().setAnalyticsVersion("1.0").setReadLogged(true).setWriteLogged(true).setDeleteLogged(false).setRetentionPolicy(days))
                    .setHourMetrics(new TableServiceMetrics().setVersion("1.0").setEnabled(true).setIncludeApis(true).setRetentionPolicy(days))
                    .setMinuteMetrics(new TableServiceMetrics().setVersion("1.0").setEnabled(false).setRetentionPolicy(new TableServiceRetentionPolicy().setEnabled(false)))
                    .setCorsRules(List.of(corsRule("http://a.example"))));
            TableServiceProperties after = f.service().getProperties();
            assertEquals(5, after.getLogging().getRetentionPolicy().getDaysToRetain());
            assertTrue(after.getHourMetrics().isEnabled() && after.getHourMetrics().isIncludeApis());
            assertFalse(after.getMinuteMetrics().isEnabled());
            assertEquals("http://a.example", after.getCorsRules().getFirst().getAllowedOrigins());
        });
    }

    private static void rawServiceProperties(TableFixture f) {
        keepingProperties(f, () -> f.raw().send("PUT", "?restype=service&comp=properties", Map.of("Content-Type", "application/xml"), "<StorageServiceProperties><Cors /></StorageServiceProperties>").is(202));
    }

    private static void partialServiceProperties(TableFixture f) {
        keepingProperties(f, () -> {
            f.service().setProperties(f.service().getProperties().setCorsRules(List.of(corsRule("http://a.example"))));
            f.raw().send("PUT", "?restype=service&comp=properties", Map.of("Content-Type", "application/xml"),
                    "<StorageServiceProperties><HourMetrics><Version>1.0</Version><Enabled>false</Enabled><RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></HourMetrics></StorageServiceProperties>").is(202);
            f.raw().send("GET", "?restype=service&comp=properties").is(200).hasXml("//AllowedOrigins", "http://a.example");
        });
    }

    private static RawAnswer secondary(TableFixture f, String method, String path) {
        return f.raw().sendTo(URI.create(f.endpoint() + "-secondary" + path), method, Map.of("Accept", TableFixture.NO_METADATA), "", f.raw().signer());
    }

    private static void preflight(TableFixture f) {
        keepingProperties(f, () -> {
            f.service().setProperties(f.service().getProperties().setCorsRules(List.of(corsRule("http://a.example"))));
            f.raw().send("OPTIONS", "/Tables", Map.of("Origin", "http://a.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type"), "", null)
                    .is(200).has("Access-Control-Allow-Origin", "http://a.example").has("Access-Control-Max-Age", "60");
            f.raw().send("OPTIONS", "/Tables", Map.of("Origin", "http://b.example", "Access-Control-Request-Method", "POST"), "", null).is(403, "CorsPreflightFailure");
            f.send("GET", "/Tables?$top=1", Map.of("Origin", "http://a.example"), "").is(200).has("Access-Control-Allow-Origin", "http://a.example");
        });
    }

    private static void otherAccount(TableFixture f) {
        String table = f.newTable();
        assertFalse(names(f.otherRaw().send("GET", "/Tables", Map.of("Accept", TableFixture.NO_METADATA), "").is(200)).contains(table));
        f.otherRaw().send("GET", "/" + table, Map.of("Accept", TableFixture.NO_METADATA), "").is(404, "TableNotFound");
        f.raw().sendTo(URI.create(f.endpoint() + "/" + table), "GET", Map.of("Accept", TableFixture.NO_METADATA), "", f.otherRaw().signer()).is(403, "AuthenticationFailed");
    }

    private static void sameNameElsewhere(TableFixture f) {
        String table = f.tableWith("\"v\":\"mine\"");
        RawClient other = f.otherRaw();
        Map<String, String> json = TableFixture.withFormat(Map.of(), "{}");
        other.send("POST", "/Tables", json, "{\"TableName\":\"" + table + "\"}").is(201);
        try {
            other.send("POST", "/" + table, json, TableFixture.json("p", "r", "\"v\":\"theirs\"")).is(201);
            assertEquals("mine", f.get(TableFixture.path(table, "p", "r")).is(200).json().getString("v"));
            assertEquals("theirs", other.send("GET", TableFixture.path(table, "p", "r"), json, "").is(200).json().getString("v"));
        } finally {
            other.send("DELETE", "/Tables('" + table + "')").is(204);
        }
    }

    private static RawAnswer host(TableFixture f, String method, String path, String level, String body) {
        return f.raw().sendToHost(method, path, TableFixture.withFormat(Map.of("Accept", level), body), body, f.raw().signer());
    }

    private static void hostStyle(TableFixture f) {
        String table = f.newTable();
        assertEquals(List.of(table), names(host(f, "GET", "/Tables?$filter=TableName%20eq%20'" + table + "'", TableFixture.NO_METADATA, "").is(200)));
        f.raw().sendToHost("GET", "/Tables", Map.of("Accept", TableFixture.NO_METADATA), "", null).is(401, "NoAuthenticationInformation");
    }

    private static void hostStyleMetadata(TableFixture f) {
        String table = f.tableWith("\"v\":1");
        String authority = "http://" + f.target().account() + ".table.localhost:" + f.raw().endpoint().getPort();
        assertEquals(authority + "/" + table + "(PartitionKey='p',RowKey='r')",
                host(f, "GET", TableFixture.path(table, "p", "r"), TableFixture.FULL_METADATA, "").is(200).json().getString("odata.id"));
    }

    private static void hostStyleEntity(TableFixture f) {
        String table = f.newTable();
        host(f, "POST", "/" + table, TableFixture.NO_METADATA, TableFixture.json("p", "é ü", "\"v\":1")).is(201);
        assertEquals("é ü", f.get(TableFixture.path(table, "p", "é ü")).is(200).json().getString("RowKey"));
    }
}
