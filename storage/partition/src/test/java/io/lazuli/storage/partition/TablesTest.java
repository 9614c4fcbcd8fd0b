package io.lazuli.storage.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.service.MemoryChunks;
import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.partition.table.EntityProperties;
import io.lazuli.storage.partition.table.EntityWrite;
import io.lazuli.storage.partition.table.EntityWriteException;
import io.lazuli.storage.partition.table.StoredEntity;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.partition.table.TableService.EntityPage;
import io.lazuli.storage.partition.table.TableService.EntityScan;
import io.lazuli.storage.partition.table.TableService.RangeInfo;
import io.lazuli.storage.partition.table.TableService.TableListing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole table service on a cluster of one node with two groups, over rows in memory, with ranges that split early. */
class TablesTest {

    private static final String ACCOUNT = "devstoreaccount1";
    private static final EntityScan WHOLE = new EntityScan(new byte[0], null, 1000, 1 << 20);

    private static ActorTestKit kit;
    private static TestProbe<Object> waiting;
    private static TableService tables;
    /** As another node's: with routes of its own. */
    private static TableService elsewhere;

    @BeforeAll
    static void start() {
        OneNodeCluster cluster = new OneNodeCluster("""
                lazuli.partition.table { report-interval = 100ms, tick-interval = 20ms }
                lazuli.partition.table-directory { check-interval = 20ms, reads-interval = 50ms, split-bytes = 64 KiB,
                  merge-after = 1 h }
                """);
        kit = cluster.kit;
        waiting = kit.createTestProbe();
        MemoryRowStore store = new MemoryRowStore();
        tables = cluster.services(store, new MemoryChunks(), Clock.system()).tables();
        elsewhere = cluster.services(store, new MemoryChunks(), Clock.system()).tables();
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void entityGoesThroughItsWholeLife() {
        now(tables.createTable(ACCOUNT, "Life"));
        assertRefused(StorageErrorCode.TABLE_ALREADY_EXISTS, elsewhere.createTable(ACCOUNT, "LIFE"));
        EntityKey key = new EntityKey("p", "r");
        assertEquals(Optional.empty(), now(elsewhere.get(ACCOUNT, "life", key)));
        long inserted = now(tables.write(ACCOUNT, "Life", List.of(write(EntityWrite.Kind.INSERT, key, "one")))).getFirst();
        StoredEntity stored = now(elsewhere.get(ACCOUNT, "life", key)).orElseThrow();
        assertEquals(inserted, stored.timestampTicks());
        assertEquals(Map.of("v", new EdmValue.OfString("one")), EntityProperties.decode(stored.properties()));
        EntityWriteException twice = assertInstanceOf(EntityWriteException.class, assertThrows(CompletionException.class,
                () -> now(elsewhere.write(ACCOUNT, "life", List.of(write(EntityWrite.Kind.INSERT, key, "two"))))).getCause());
        assertEquals(StorageErrorCode.ENTITY_ALREADY_EXISTS, twice.error());
        assertEquals(List.of(0L), now(elsewhere.write(ACCOUNT, "life", List.of(
                new EntityWrite(EntityWrite.Kind.DELETE, key, new byte[0], EntityWrite.ANY_VERSION)))));
        assertEquals(Optional.empty(), now(tables.get(ACCOUNT, "life", key)));
    }

    @Test
    void everyNodeSeesAtOnceThatATableWasDeletedAndCreatedAnew() {
        EntityKey key = new EntityKey("p", "r");
        assertRefused(StorageErrorCode.TABLE_NOT_FOUND, elsewhere.get(ACCOUNT, "again", key));
        now(tables.createTable(ACCOUNT, "again"));
        now(elsewhere.write(ACCOUNT, "again", List.of(write(EntityWrite.Kind.INSERT, key, "old"))));
        now(tables.deleteTable(ACCOUNT, "AGAIN"));
        assertRefused(StorageErrorCode.TABLE_NOT_FOUND, elsewhere.get(ACCOUNT, "again", key));
        assertRefused(StorageErrorCode.TABLE_NOT_FOUND, elsewhere.write(ACCOUNT, "again", List.of(write(EntityWrite.Kind.INSERT, key, "x"))));
        assertRefused(StorageErrorCode.TABLE_NOT_FOUND, tables.scan(ACCOUNT, "again", WHOLE));
        assertRefused(StorageErrorCode.TABLE_NOT_FOUND, tables.deleteTable(ACCOUNT, "again"));
        now(tables.createTable(ACCOUNT, "Again"));
        assertEquals(Optional.empty(), now(elsewhere.get(ACCOUNT, "again", key)));
    }

    @Test
    void tablesAreListedInTheOrderOfTheirNamesAndForTheirAccountOnly() {
        List<String> names = List.of("Abc", "abD", "B", "zz");
        names.reversed().forEach(name -> now(tables.createTable("another", name)));
        assertEquals(new TableListing(names, null), now(tables.listTables("another", "", null, 10)));
        assertEquals(new TableListing(names.subList(0, 2), "b"), now(tables.listTables("another", "", null, 2)));
        assertEquals(new TableListing(names.subList(2, 3), null), now(tables.listTables("another", "abe", "c", 10)));
    }

    @Test
    void policiesAndPropertiesAreKept() {
        now(tables.createTable(ACCOUNT, "policies"));
        List<AccessPolicy> policies = List.of(new AccessPolicy("id", "2026-01-01", null, "raud"));
        now(tables.setAccessPolicies(ACCOUNT, "POLICIES", policies));
        assertEquals(policies, now(elsewhere.getAccessPolicies(ACCOUNT, "policies")));
        assertRefused(StorageErrorCode.TABLE_NOT_FOUND, tables.setAccessPolicies(ACCOUNT, "nobody", policies));
        assertEquals(ServiceProperties.initial(), now(tables.getServiceProperties("properties")));
        now(tables.changeServiceProperties("properties", present -> present));
        assertEquals(ServiceProperties.initial(), now(tables.getServiceProperties("properties")));
    }

    @Test
    void tableThatGrowsSplitsAndSpreadsOverTheGroupsAndLosesNothing() {
        now(tables.createTable(ACCOUNT, "grown"));
        List<EntityKey> written = new ArrayList<>();
        String text = "x".repeat(4000);
        for (int i = 0; i < 200; i++) {
            EntityKey key = new EntityKey("p" + i % 20, "r%04d".formatted(i));
            now((i % 2 == 0 ? tables : elsewhere).write(ACCOUNT, "grown", List.of(write(EntityWrite.Kind.INSERT, key, text))));
            written.add(key);
        }
        List<RangeInfo> ranges = waiting.awaitAssert(() -> {
            List<RangeInfo> now = now(tables.ranges(ACCOUNT, "grown"));
            Set<Integer> groups = now.stream().map(range -> PartitionId.parse(range.partition()).group()).collect(Collectors.toSet());
            assertTrue(now.size() >= 8 && groups.equals(Set.of(0, 1)), now.toString());
            return now;
        });
        assertNull(ranges.getLast().high());
        written.forEach(key -> assertTrue(now(elsewhere.get(ACCOUNT, "grown", key)).isPresent(), key.toString()));
        assertEquals(sorted(written), keys(elsewhere, "grown", 7));
        now(tables.deleteTable(ACCOUNT, "grown"));
        assertRefused(StorageErrorCode.TABLE_NOT_FOUND, elsewhere.scan(ACCOUNT, "grown", WHOLE));
    }

    private static List<EntityKey> sorted(List<EntityKey> keys) {
        TreeSet<byte[]> encoded = new TreeSet<>(Arrays::compareUnsigned);
        keys.forEach(key -> encoded.add(key.encode()));
        return encoded.stream().map(EntityKey::decode).toList();
    }

    private static List<EntityKey> keys(TableService service, String table, int pageRows) {
        List<EntityKey> keys = new ArrayList<>();
        byte[] from = new byte[0];
        while (from != null) {
            EntityPage page = now(service.scan(ACCOUNT, table, new EntityScan(from, null, pageRows, 1 << 20)));
            page.entities().forEach(entity -> keys.add(entity.key()));
            from = page.next();
        }
        return keys;
    }

    private static EntityWrite write(EntityWrite.Kind kind, EntityKey key, String value) {
        return new EntityWrite(kind, key, EntityProperties.encode(Map.of("v", new EdmValue.OfString(value))), EntityWrite.ANY_VERSION);
    }

    private static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static void assertRefused(StorageErrorCode error, CompletionStage<?> stage) {
        CompletionException e = assertThrows(CompletionException.class, () -> now(stage));
        assertEquals(error, assertInstanceOf(StorageException.class, e.getCause()).error());
    }
}
