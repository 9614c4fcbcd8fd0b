package io.lazuli.storage.partition.table.directory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Asking;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.ActorTest;
import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.partition.table.EntityProperties;
import io.lazuli.storage.partition.table.EntityWrite;
import io.lazuli.storage.partition.table.RangeHeader;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.partition.table.RangeRows;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/**
 * A table is created, grows until its ranges have split and moved, shrinks until they have merged, and is deleted, while the
 * directory's actor dies between any two steps, or any commit fails of it or of a range. Whatever happens, every entity is where the
 * map says, exactly once, and at the end nothing is left.
 */
class DirectoryCrashTest extends ActorTest {

    private static final int ORDERS = 12;
    private static final int COMMITS = 12;
    private static final int AT_A_TIME = 12;
    private static final int ENTITIES = 32;
    private static final int LEFT = 1;
    /** How large ranges are is approximate after a split: two that hold an entity each may seem too large to merge. */
    private static final int RANGES_AT_THE_END = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    /** Then it is asked again: who was asked may have died. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);
    private static final String TABLE = "Crashes";

    @Test
    void deathBetweenAnyTwoStepsLosesNothing() {
        List<Consumer<SmallCloud>> crashes = new ArrayList<>();
        for (int order = 1; order <= ORDERS; order++) {
            int at = order;
            crashes.add(cloud -> cloud.dieAtOrder(at, at % 2 == 0));
        }
        live(crashes);
    }

    @Test
    void commitOfUnknownOutcomeLosesNothing() {
        List<Consumer<SmallCloud>> crashes = new ArrayList<>();
        for (int commit = 0; commit < COMMITS; commit++) {
            int after = commit * 2;
            crashes.add(cloud -> cloud.store.failCommitAfter(after, after % 4 == 0));
        }
        live(crashes);
    }

    private static void live(List<Consumer<SmallCloud>> crashes) {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            List<Future<?>> lives = new ArrayList<>();
            for (Consumer<SmallCloud> crash : crashes) {
                lives.add(threads.submit(() -> new Life(new SmallCloud(kit)).live(crash)));
            }
            for (int i = 0; i < lives.size(); i++) {
                try {
                    lives.get(i).get();
                } catch (Exception e) {
                    threads.shutdownNow();
                    throw new AssertionError("crash " + i, e);
                }
            }
        }
    }

    /** One table's. */
    private static final class Life {

        private final SmallCloud cloud;
        private final TableDirectoryReader reader;
        private final TestProbe<Object> waiting = kit.createTestProbe();

        private Life(SmallCloud cloud) {
            this.cloud = cloud;
            this.reader = new TableDirectoryReader(DirectoryKind.TABLES, cloud.store, unfinished -> { });
        }

        private void live(Consumer<SmallCloud> crash) {
            crash.accept(cloud);
            done(replyTo -> new TableDirectoryRequest.CreateTable(id(), TABLE, replyTo), StorageErrorCode.TABLE_ALREADY_EXISTS);
            for (int i = 0; i < ENTITIES; i++) {
                write(EntityWrite.Kind.UPSERT_REPLACE, i);
            }
            until(() -> {
                write(EntityWrite.Kind.UPSERT_REPLACE, 0);
                List<RangeRow> ranges = ranges();
                assertTrue(ranges.size() >= 3, ranges.size() + " ranges");
                assertEquals(2, ranges.stream().map(range -> range.partition().group()).distinct().count());
            });
            until(() -> assertEntities(ENTITIES));
            for (int i = LEFT; i < ENTITIES; i++) {
                write(EntityWrite.Kind.DELETE, i);
            }
            until(() -> {
                write(EntityWrite.Kind.UPSERT_REPLACE, 0);
                assertTrue(ranges().size() <= RANGES_AT_THE_END, this::described);
            });
            until(() -> assertEntities(LEFT));
            done(replyTo -> new TableDirectoryRequest.DeleteTable(id(), TABLE, replyTo), StorageErrorCode.TABLE_NOT_FOUND);
            until(() -> {
                for (byte kind : new byte[] {'i', 'r', 't', 'w'}) {
                    assertEquals(List.of(), rows(SmallCloud.DIRECTORY, new byte[] {kind}, new byte[] {(byte) (kind + 1)}));
                }
                for (int group = 0; group < 2; group++) {
                    PartitionId space = new RangeName(DirectoryKind.TABLES, "account", 1, 0).in(group);
                    assertEquals(List.of(), rows(space, RangeRows.entityKey(new byte[0]), RangeRows.entityEnd(null)));
                }
            });
        }

        private static String id() {
            return SmallCloud.DIRECTORY.toString();
        }

        private void until(Runnable holds) {
            waiting.awaitAssert(PATIENCE, () -> {
                holds.run();
                return null;
            });
        }

        /** Asks until it is done or was done before. */
        private void done(Function<ActorRef<TableDirectoryReply>, TableDirectoryRequest> request, StorageErrorCode doneBefore) {
            until(() -> {
                TestProbe<TableDirectoryReply> probe = kit.createTestProbe();
                cloud.tell(request.apply(probe.ref()));
                TableDirectoryReply reply = probe.receiveMessage(ANSWER_TIMEOUT);
                assertTrue(reply instanceof TableDirectoryReply.Done || reply.equals(new TableDirectoryReply.Refused(doneBefore)), reply.toString());
            });
        }

        private String described() {
            TestProbe<TableDirectoryReply> probe = kit.createTestProbe();
            cloud.tell(new TableDirectoryRequest.DescribeRanges(id(), 1, new byte[0], probe.ref()));
            return probe.receiveMessage(ANSWER_TIMEOUT).toString();
        }

        private List<RangeRow> ranges() {
            TableEntry entry = now(reader.find(SmallCloud.DIRECTORY, TABLE).toCompletableFuture()).orElseThrow();
            return now(reader.ranges(SmallCloud.DIRECTORY, entry.number()).toCompletableFuture());
        }

        /** Until some range has done it. */
        private void write(EntityWrite.Kind kind, int entity) {
            EntityKey key = key(entity);
            byte[] properties = kind == EntityWrite.Kind.DELETE
                    ? new byte[0] : EntityProperties.encode(Map.of("v", new EdmValue.OfString("x".repeat(6000))));
            EntityWrite write = new EntityWrite(kind, key, properties, EntityWrite.ANY_VERSION);
            until(() -> {
                RangeRow range = ranges().stream().filter(each -> Arrays.compareUnsigned(each.low(), key.encode()) <= 0).toList().getLast();
                RangeReply reply = now(Asking.<RangeRequest, RangeReply>ask(cloud.ranges,
                        replyTo -> new RangeRequest.Write(range.partition().toString(), List.of(write), replyTo),
                        ANSWER_TIMEOUT, kit.system()));
                boolean deletedBefore = reply.equals(new RangeReply.Failed(0, StorageErrorCode.RESOURCE_NOT_FOUND));
                assertTrue(reply instanceof RangeReply.Written || deletedBefore && kind == EntityWrite.Kind.DELETE, reply.toString());
            });
        }

        private static EntityKey key(int entity) {
            return new EntityKey("p%02d".formatted(entity % 16), "r" + entity);
        }

        /** Nothing is under way, the map is whole, its ranges serve what it says, and hold these entities and no others hold any. */
        private void assertEntities(int count) {
            assertEquals(List.of(), rows(SmallCloud.DIRECTORY, new byte[] {'i'}, new byte[] {'j'}));
            assertEquals(List.of(), rows(SmallCloud.DIRECTORY, new byte[] {'w'}, new byte[] {'x'}));
            TreeSet<byte[]> expected = new TreeSet<>(Arrays::compareUnsigned);
            for (int i = 0; i < count; i++) {
                expected.add(key(i).encode());
            }
            List<RangeRow> ranges = ranges();
            assertEquals(0, ranges.getFirst().low().length);
            int held = 0;
            for (int group = 0; group < 2; group++) {
                PartitionId space = new RangeName(DirectoryKind.TABLES, "account", 1, 0).in(group);
                held += rows(space, RangeRows.entityKey(new byte[0]), RangeRows.entityEnd(null)).size();
            }
            List<byte[]> found = new ArrayList<>();
            for (int i = 0; i < ranges.size(); i++) {
                PartitionId partition = ranges.get(i).partition();
                RangeHeader header = now(cloud.store.get(partition, RangeRows.headerKey(partition.name()), ReadPoint.latest())
                        .toCompletableFuture()).map(RangeHeader::decode).orElseThrow();
                assertEquals(RangeHeader.State.LIVE, header.state());
                assertArrayEquals(ranges.get(i).low(), header.low());
                assertArrayEquals(i + 1 < ranges.size() ? ranges.get(i + 1).low() : new byte[0], header.high());
                rows(partition, RangeRows.entityKey(header.low()), RangeRows.entityEnd(header.high()))
                        .forEach(row -> found.add(RangeRows.entityKeyOf(row.key())));
            }
            assertEquals(expected.stream().map(EntityKey::decode).toList(), found.stream().map(EntityKey::decode).toList());
            assertEquals(count, held);
        }

        private List<Row> rows(PartitionId partition, byte[] from, byte[] to) {
            return now(cloud.store.scan(partition, RowRange.ascending(from, to, 1000), ReadPoint.latest()).toCompletableFuture()).rows();
        }

        private static <T> T now(CompletableFuture<T> future) {
            try {
                return future.join();
            } catch (RuntimeException e) {
                throw new AssertionError(e);
            }
        }
    }
}
