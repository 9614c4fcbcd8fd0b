package io.lazuli.storage.partition.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.ManualClock;
import io.lazuli.kernel.SettingsReader;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.MemoryRowStore;
import io.lazuli.storage.partition.blob.BlobDecisions;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** Ranges' actors over rows in memory, and short names for what tests ask of them. */
final class RangeFixture {

    static final PartitionId FIRST = PartitionId.parse("1.t.account-7/1");
    static final PartitionId SECOND = PartitionId.parse("1.t.account-7/2");
    static final PartitionId ELSEWHERE = PartitionId.parse("2.t.account-7/3");
    static final byte[] EDGE = {};

    final MemoryRowStore store = new MemoryRowStore();
    final ManualClock clock = new ManualClock(1_000_000);
    final ConcurrentLinkedQueue<RangeReport> reports = new ConcurrentLinkedQueue<>();
    final ActorTestKit kit;
    final TestProbe<RangeReply> probe;

    RangeFixture(ActorTestKit kit) {
        this.kit = kit;
        this.probe = kit.createTestProbe();
    }

    static RangeSettings settings(String settings) {
        return RangeSettings.of(new SettingsReader(ConfigFactory.parseString("lazuli.partition.table {" + settings + "}")
                .withFallback(ConfigFactory.parseString("""
                        lazuli.partition.table { min-restart-backoff = 10ms, max-restart-backoff = 20ms, tick-interval = 20ms }"""))
                .withFallback(ConfigFactory.defaultReference())).under("lazuli.partition.table"));
    }

    ActorRef<RangeCommand> spawn(PartitionId partition, String settings) {
        return kit.spawn(RangePartition.create(
                partition, new RangePartition.Needs(store, logicOf(partition), settings(settings), clock, reports::add), Optional.empty()));
    }

    private static RangeLogic<?> logicOf(PartitionId partition) {
        return partition.kind() == PartitionKind.BLOB_RANGE ? new BlobDecisions(UUID::randomUUID) : new EntityLogic();
    }

    /** The table's first range, serving all of it. */
    ActorRef<RangeCommand> live(String settings) {
        ActorRef<RangeCommand> range = spawn(FIRST, settings);
        assertEquals(new RangeReply.Done(), ask(range, new RangeRequest.Initialize(FIRST.toString(), EDGE, EDGE, probe.ref())));
        return range;
    }

    void stop(ActorRef<RangeCommand> range) {
        range.tell(RangeCommand.Stop.STOP);
        probe.expectTerminated(range);
    }

    RangeReply ask(ActorRef<RangeCommand> range, RangeRequest request) {
        range.tell(request);
        return probe.receiveMessage();
    }

    RangeReply write(ActorRef<RangeCommand> range, EntityWrite... writes) {
        return ask(range, request(writes));
    }

    RangeRequest.Write request(EntityWrite... writes) {
        return new RangeRequest.Write(FIRST.toString(), List.of(writes), probe.ref());
    }

    /** The new Timestamp of the only entity written. */
    long ticks(RangeReply reply) {
        return assertInstanceOf(RangeReply.Written.class, reply).ticks().getFirst();
    }

    static EntityWrite insert(String partitionKey, String rowKey, String value) {
        return write(EntityWrite.Kind.INSERT, partitionKey, rowKey, EntityWrite.ANY_VERSION, "value", value);
    }

    static EntityWrite upsert(String partitionKey, String rowKey, String value) {
        return write(EntityWrite.Kind.UPSERT_REPLACE, partitionKey, rowKey, EntityWrite.ANY_VERSION, "value", value);
    }

    static EntityWrite delete(String partitionKey, String rowKey) {
        return new EntityWrite(EntityWrite.Kind.DELETE, new EntityKey(partitionKey, rowKey), new byte[0], EntityWrite.ANY_VERSION);
    }

    /** @param namesAndValues of string properties */
    static EntityWrite write(EntityWrite.Kind kind, String partitionKey, String rowKey, long ifMatchTicks, String... namesAndValues) {
        Map<String, EdmValue> properties = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.put(namesAndValues[i], new EdmValue.OfString(namesAndValues[i + 1]));
        }
        return new EntityWrite(kind, new EntityKey(partitionKey, rowKey), EntityProperties.encode(properties), ifMatchTicks);
    }

    /** All entities in the partition's row space as {@code pk/rk=properties}, in order. */
    List<String> entities(PartitionId partition) {
        List<String> entities = new ArrayList<>();
        for (Row row : rows(partition)) {
            EntityKey key = EntityKey.decode(RangeRows.entityKeyOf(row.key()));
            List<String> properties = new ArrayList<>();
            EntityProperties.decode(RangeRows.entity(key, row.value()).properties()).forEach(
                    (name, value) -> properties.add((name.equals("value") ? "" : name + ":") + ((EdmValue.OfString) value).value()));
            entities.add(key.partitionKey() + "/" + key.rowKey() + "=" + String.join(",", properties));
        }
        return entities;
    }

    private List<Row> rows(PartitionId partition) {
        List<Row> rows = new ArrayList<>();
        byte[] from = RangeRows.entityKey(EDGE);
        while (true) {
            RowPage page = store.scan(partition, RowRange.ascending(from, RangeRows.entityEnd(EDGE), 10_000), ReadPoint.latest())
                    .toCompletableFuture().join();
            rows.addAll(page.rows());
            if (!page.more()) {
                return rows;
            }
            byte[] last = page.rows().getLast().key();
            from = Arrays.copyOf(last, last.length + 1);
        }
    }

    Optional<RangeHeader> header(PartitionId partition) {
        return store.get(partition, RangeRows.headerKey(partition.name()), ReadPoint.latest()).toCompletableFuture().join().map(RangeHeader::decode);
    }

    RangeSize size(PartitionId partition) {
        return RangeSize.of(store.get(partition, RangeRows.sizeKey(partition.name()), ReadPoint.latest()).toCompletableFuture().join());
    }

    static RangeReply failed(int index, StorageErrorCode error) {
        return new RangeReply.Failed(index, error);
    }

    static RangeReply busy() {
        return new RangeReply.Refused(StorageErrorCode.SERVER_BUSY);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
