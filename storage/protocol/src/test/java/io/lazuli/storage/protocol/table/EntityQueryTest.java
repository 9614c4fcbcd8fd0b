package io.lazuli.storage.protocol.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Clock;
import io.lazuli.security.GrantedKeys;
import io.lazuli.security.QueryString;
import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.partition.table.EntityProperties;
import io.lazuli.storage.partition.table.EntityWrite;
import io.lazuli.storage.partition.table.TableService.EntityScan;
import io.lazuli.storage.protocol.table.json.TableAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A table of 10 partitions p0 to p9 with 100 rows 00 to 99 each; property N is the row's number. */
class EntityQueryTest {

    private static final String ACCOUNT = "account";
    private static final String TABLE = "Numbers";

    private final SteppingClock clock = new SteppingClock();

    private int maxAnswerBytes = QueryRequests.MAX_ANSWER_BYTES;

    private static final class SteppingClock implements Clock {
        long nanos;
        long stepNanos;

        @Override
        public long epochMillis() {
            return 0;
        }

        @Override
        public long nanos() {
            return nanos += stepNanos;
        }
    }

    private FakeTableService filled(int maxPageRows) {
        FakeTableService tables = new FakeTableService(clock, Runnable::run, maxPageRows);
        tables.createTable(ACCOUNT, TABLE);
        for (int partition = 0; partition < 10; partition++) {
            List<EntityWrite> writes = new ArrayList<>();
            for (int row = 0; row < 100; row++) {
                byte[] properties = EntityProperties.encode(Map.of("N", new EdmValue.OfInt32(row)));
                writes.add(new EntityWrite(EntityWrite.Kind.INSERT, new EntityKey("p" + partition, "%02d".formatted(row)), properties, EntityWrite.ANY_VERSION));
            }
            tables.write(ACCOUNT, TABLE, writes);
        }
        return tables;
    }

    private EntityQuery query(FakeTableService tables, String query, byte[] start, GrantedKeys allowed) {
        QueryOptions options = QueryOptions.read(QueryString.parse(query), "application/json;odata=nometadata");
        EntityQuery running = new EntityQuery(tables, new TableAddress("http://host/account", ACCOUNT, TABLE), options, start, allowed, maxAnswerBytes, clock);
        running.run().toCompletableFuture().join();
        return running;
    }

    private EntityQuery query(FakeTableService tables, String query) {
        return query(tables, query, new byte[0], GrantedKeys.ALL);
    }

    private static int count(EntityQuery query) {
        return new String(query.answer(), StandardCharsets.UTF_8).split("\"PartitionKey\"", -1).length - 1;
    }

    @Test
    void partitionIsOneScanOfItsRange() {
        FakeTableService tables = filled(Integer.MAX_VALUE);
        EntityQuery query = query(tables, "$filter=PartitionKey%20eq%20'p3'");
        assertEquals(100, count(query));
        assertNull(query.next());
        assertEquals(1, tables.scans().size());
        EntityScan scan = tables.scans().getFirst();
        assertTrue(new String(scan.fromInclusive(), StandardCharsets.UTF_8).startsWith("p3") && new String(scan.toExclusive(), StandardCharsets.UTF_8).startsWith("p3"));
    }

    @Test
    void conditionOnBothKeysIsNoScan() {
        FakeTableService tables = filled(Integer.MAX_VALUE);
        assertEquals(1, count(query(tables, "$filter=PartitionKey%20eq%20'p3'%20and%20RowKey%20eq%20'42'")));
        assertEquals(2, count(query(tables, "$filter=PartitionKey%20eq%20'p3'%20and%20(RowKey%20eq%20'42'%20or%20RowKey%20eq%20'44')")));
        assertEquals(0, count(query(tables, "$filter=PartitionKey%20eq%20'p3'%20and%20RowKey%20eq%20'42'%20and%20N%20eq%201")));
        assertEquals(List.of(), tables.scans());
    }

    @Test
    void answerEndsWithTheEntityThatMakesItSoLong() {
        FakeTableService tables = filled(Integer.MAX_VALUE);
        maxAnswerBytes = 2_000;
        byte[] next = new byte[0];
        int found = 0;
        while (next != null) {
            EntityQuery query = query(tables, "$top=100", next, GrantedKeys.ALL);
            assertTrue(query.answer().length < 2_200, () -> query.answer().length + " bytes");
            found += count(query);
            next = query.next();
        }
        assertEquals(1000, found);
        assertTrue(tables.scans().stream().allMatch(scan -> scan.maxBytes() == 2_000));
    }

    @Test
    void searchesByPropertiesTakeLittleRoom() {
        FakeTableService tables = filled(Integer.MAX_VALUE);
        assertEquals(QueryRequests.MAX_ANSWER_BYTES, query(tables, "").expectedAnswerBytes());
        assertEquals(QueryRequests.MAX_ANSWER_BYTES, query(tables, "$filter=PartitionKey%20eq%20'p3'").expectedAnswerBytes());
        assertEquals(EntityQuery.MAX_SOUGHT_ANSWER_BYTES, query(tables, "$filter=N%20eq%2099").expectedAnswerBytes());
        assertTrue(query(tables, "$top=1&$filter=N%20eq%2099").expectedAnswerBytes() < EntityQuery.MAX_SOUGHT_ANSWER_BYTES);
    }

    @Test
    void topEndsTheScanEarly() {
        FakeTableService tables = filled(Integer.MAX_VALUE);
        EntityQuery query = query(tables, "$top=7");
        assertEquals(7, count(query));
        assertEquals(new EntityKey("p0", "07"), EntityKey.decode(query.next()));
        assertEquals(List.of(7), tables.scans().stream().map(EntityScan::maxRows).toList());
    }

    @Test
    void pagesGrowWhileFewRowsMatch() {
        FakeTableService tables = filled(Integer.MAX_VALUE);
        assertEquals(10, count(query(tables, "$filter=N%20eq%2099")));
        assertEquals(List.of(64, 256, 1000), tables.scans().stream().map(EntityScan::maxRows).toList());
    }

    @Test
    void everyEntityComesOnceOverManyPages() {
        FakeTableService tables = filled(3);
        byte[] next = new byte[0];
        int found = 0;
        int answers = 0;
        while (next != null) {
            EntityQuery query = query(tables, "$top=90&$filter=N%20lt%2050", next, GrantedKeys.ALL);
            found += count(query);
            answers++;
            next = query.next();
        }
        assertEquals(500, found);
        assertEquals(6, answers);
    }

    @Test
    void signatureRangeNarrowsTheScan() {
        FakeTableService tables = filled(Integer.MAX_VALUE);
        GrantedKeys allowed = new GrantedKeys("p2", "50", "p3", "09");
        assertEquals(60, count(query(tables, "", new byte[0], allowed)));
        assertEquals(10, count(query(tables, "$filter=PartitionKey%20eq%20'p3'", new byte[0], allowed)));
        assertEquals(0, count(query(tables, "$filter=PartitionKey%20eq%20'p4'", new byte[0], allowed)));
        assertEquals(0, count(query(tables, "$filter=PartitionKey%20eq%20'p2'%20and%20RowKey%20eq%20'49'", new byte[0], allowed)));
        assertEquals(10, count(query(tables, "", new EntityKey("p3", "00").encode(), allowed)));
    }

    @Test
    void answerEndsWhenTheTimeForItIsOver() {
        FakeTableService tables = filled(10);
        clock.stepNanos = QueryRequests.MAX_WORK_NANOS / 3 + 1;
        EntityQuery query = query(tables, "$filter=N%20eq%20100");
        assertEquals(0, count(query));
        assertEquals(new EntityKey("p0", "30"), EntityKey.decode(query.next()));
    }

    @Test
    void answerEndsWhenItIsLong() {
        FakeTableService tables = new FakeTableService(clock, Runnable::run);
        tables.createTable(ACCOUNT, TABLE);
        byte[] properties = EntityProperties.encode(Map.of("V", new EdmValue.OfString("x".repeat(30_000)), "W", new EdmValue.OfString("x".repeat(30_000))));
        for (int row = 100; row < 300; row++) {
            tables.write(ACCOUNT, TABLE, List.of(new EntityWrite(EntityWrite.Kind.INSERT, new EntityKey("p", "" + row), properties, EntityWrite.ANY_VERSION)));
        }
        EntityQuery query = query(tables, "");
        int length = query.answer().length;
        assertTrue(length >= QueryRequests.MAX_ANSWER_BYTES && length < QueryRequests.MAX_ANSWER_BYTES + 70_000, () -> "length " + length);
        assertEquals(new EntityKey("p", "170"), EntityKey.decode(query.next()));
    }

    @Test
    void manyPagesThatComeAtOnceDoNotGrowTheStack() {
        assertEquals(1000, count(query(filled(1), "")));
    }
}
