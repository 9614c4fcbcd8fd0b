package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.core.http.rest.PagedResponse;
import com.azure.core.util.Context;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.models.ListEntitiesOptions;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableTransactionAction;
import com.azure.data.tables.models.TableTransactionActionType;
import io.lazuli.security.PercentCoding;
import io.lazuli.storage.protocol.conformance.TableServiceConformance.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** Results that do not fit one page: 2,500 entities of five partition keys. */
final class PagingCases {

    private static final int PARTITIONS = 5;
    private static final int ROWS = 500;
    private static final int BATCH = 100;

    private PagingCases() {}

    static List<Case> all() {
        return List.of(
                new Case("a page has at most 1000 entities and names the next", PagingCases::firstPage),
                new Case("pages follow each other in key order, none missing, none twice", f -> assertEquals(all(0, PARTITIONS * ROWS), walk(f, "()?"))),
                new Case("a token may be used again", PagingCases::replay),
                new Case("a token with another page size goes on at the same place", PagingCases::otherTop),
                new Case("$top is of a page, not of the whole", f -> assertEquals(all(0, PARTITIONS * ROWS), walk(f, "()?$top=700"))),
                new Case("$top of 1000 is the most", f -> assertEquals(1000, f.get("/" + filled(f) + "()?$top=1000").is(200).values().size())),
                new Case("a filter is kept over pages", f -> assertEquals(all(0, PARTITIONS * ROWS).stream().filter(key -> key.endsWith("7")).toList(), walk(f, "()?$top=30&$filter=" + PercentCoding.encode("last eq 7")))),
                new Case("a partition key's entities alone are read", f -> assertEquals(all(2 * ROWS, 3 * ROWS), walk(f, "()?$filter=" + PercentCoding.encode("PartitionKey eq 'p2'")))),
                new Case("a range over partition keys is read", f -> assertEquals(all(ROWS, 3 * ROWS), walk(f, "()?$filter=" + PercentCoding.encode("PartitionKey ge 'p1' and PartitionKey lt 'p3'")))),
                new Case("a range of row keys is read", f -> assertEquals(all(ROWS + 10, ROWS + 20), walk(f, "()?$filter=" + PercentCoding.encode("PartitionKey eq 'p1' and RowKey ge 'r010' and RowKey lt 'r020'")))),
                new Case("$select is kept over pages", PagingCases::select),
                new Case("the last page names no next", f -> assertFalse(hasNext(f.get("/" + filled(f) + "()?$filter=" + PercentCoding.encode("PartitionKey eq 'p4'")).is(200)))),
                new Case("a page of what matches nothing is empty and ends", f -> assertEquals(List.of(), walk(f, "()?$filter=" + PercentCoding.encode("last eq 10")))),
                new Case("what is deleted behind a token is not seen", PagingCases::deletedBehindToken),
                new Case("what is inserted behind a token is seen", PagingCases::insertedBehindToken),
                new Case("a token for an entity that was deleted goes on behind it", PagingCases::tokenOfDeleted),
                new Case("the SDK pages through all", PagingCases::sdkAll),
                new Case("the SDK's pages have the asked size", PagingCases::sdkPages),
                new Case("keys with odd characters page, too", PagingCases::oddKeys));
    }

    private static String filled(TableFixture f) {
        return f.shared("rows", (fixture, table) -> {
            TableClient client = fixture.service().getTableClient(table);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                for (int first = 0; first < ROWS; first += BATCH) {
                    client.submitTransaction(inserts(partition, first));
                }
            }
        });
    }

    private static List<TableTransactionAction> inserts(int partition, int first) {
        return IntStream.range(first, first + BATCH).mapToObj(row -> new TableTransactionAction(
                TableTransactionActionType.CREATE, new TableEntity("p" + partition, rowKey(row)).addProperty("last", row % 10))).toList();
    }

    private static String rowKey(int row) {
        return String.format("r%03d", row);
    }

    private static List<String> all(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "p" + number / ROWS + rowKey(number % ROWS)).toList();
    }

    private static boolean hasNext(RawAnswer page) {
        return !page.header("x-ms-continuation-NextPartitionKey").isEmpty();
    }

    private static String next(RawAnswer page) {
        String row = page.header("x-ms-continuation-NextRowKey");
        return "&NextPartitionKey=" + PercentCoding.encode(page.header("x-ms-continuation-NextPartitionKey"))
                + (row.isEmpty() ? "" : "&NextRowKey=" + PercentCoding.encode(row));
    }

    private static List<String> keys(RawAnswer page) {
        return page.is(200).values().stream().map(entity -> entity.getString("PartitionKey") + entity.getString("RowKey")).toList();
    }

    private static List<String> walk(TableFixture f, String query) {
        String start = "/" + filled(f) + query;
        List<String> keys = new ArrayList<>();
        RawAnswer page = f.get(start);
        keys.addAll(keys(page));
        while (hasNext(page)) {
            page = f.get(start + next(page));
            keys.addAll(keys(page));
        }
        return keys;
    }

    private static void firstPage(TableFixture f) {
        RawAnswer page = f.get("/" + filled(f) + "()").is(200);
        assertTrue(page.values().size() <= 1000 && hasNext(page), () -> page.values().size() + " entities, " + page.headers().map());
        assertEquals(all(0, page.values().size()), keys(page));
    }

    private static void replay(TableFixture f) {
        String start = "/" + filled(f) + "()?$top=10";
        RawAnswer first = f.get(start);
        List<String> second = keys(f.get(start + next(first)));
        assertEquals(all(10, 20), second);
        assertEquals(second, keys(f.get(start + next(first))));
    }

    private static void otherTop(TableFixture f) {
        RawAnswer first = f.get("/" + filled(f) + "()?$top=10");
        assertEquals(all(10, 13), keys(f.get("/" + filled(f) + "()?$top=3" + next(first))));
    }

    private static void select(TableFixture f) {
        RawAnswer first = f.get("/" + filled(f) + "()?$top=2&$select=last");
        assertEquals("[{\"last\":2},{\"last\":3}]", f.get("/" + filled(f) + "()?$top=2&$select=last" + next(first)).is(200).json().getJsonArray("value").encode());
    }

    private static String fiveRows(TableFixture f) {
        String table = f.newTable();
        IntStream.range(0, 5).forEach(row -> f.insert(table, "p", Integer.toString(row), "").is(204));
        return table;
    }

    private static void delete(TableFixture f, String table, String rowKey) {
        f.send("DELETE", TableFixture.path(table, "p", rowKey), Map.of("If-Match", "*"), "").is(204);
    }

    private static void deletedBehindToken(TableFixture f) {
        String table = fiveRows(f);
        RawAnswer first = f.get("/" + table + "()?$top=2");
        delete(f, table, "3");
        assertEquals(List.of("p2", "p4"), keys(f.get("/" + table + "()?$top=10" + next(first))));
    }

    private static void insertedBehindToken(TableFixture f) {
        String table = fiveRows(f);
        RawAnswer first = f.get("/" + table + "()?$top=2");
        f.insert(table, "p", "35", "").is(204);
        assertEquals(List.of("p2", "p3", "p35", "p4"), keys(f.get("/" + table + "()?$top=10" + next(first))));
    }

    private static void tokenOfDeleted(TableFixture f) {
        String table = fiveRows(f);
        RawAnswer first = f.get("/" + table + "()?$top=2");
        delete(f, table, "1");
        delete(f, table, "2");
        assertEquals(List.of("p3", "p4"), keys(f.get("/" + table + "()?$top=10" + next(first))));
    }

    private static void sdkAll(TableFixture f) {
        assertEquals(all(0, PARTITIONS * ROWS), f.service().getTableClient(filled(f)).listEntities().stream()
                .map(entity -> entity.getPartitionKey() + entity.getRowKey()).toList());
    }

    private static void sdkPages(TableFixture f) {
        Iterable<PagedResponse<TableEntity>> pages = f.service().getTableClient(filled(f))
                .listEntities(new ListEntitiesOptions().setTop(200).setFilter("PartitionKey eq 'p3'"), null, Context.NONE).iterableByPage();
        assertEquals(List.of(200, 200, 100), StreamSupport.stream(pages.spliterator(), false)
                .map(page -> page.getValue().size()).filter(size -> size > 0).toList());
    }

    private static void oddKeys(TableFixture f) {
        String table = f.newTable();
        List<String> rowKeys = List.of("", " ", "!8!", "%2F", "&x=1", "+", "=", "a'b", "é", "漢", "😀");
        rowKeys.forEach(key -> f.insert(table, "it's & ünïque", key, "").is(204));
        List<String> seen = new ArrayList<>();
        String token = "";
        for (int page = 0; page < 20 && (page == 0 || !token.isEmpty()); page++) {
            RawAnswer answer = f.get("/" + table + "()?$top=1" + token).is(200);
            answer.values().forEach(entity -> seen.add(entity.getString("RowKey")));
            token = hasNext(answer) ? next(answer) : "";
        }
        assertEquals(rowKeys, seen);
    }
}
