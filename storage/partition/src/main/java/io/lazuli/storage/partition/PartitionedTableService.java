package io.lazuli.storage.partition;

import io.lazuli.kernel.Asking;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.RangeRoutes.RangedName;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.partition.table.EntityWrite;
import io.lazuli.storage.partition.table.EntityWriteException;
import io.lazuli.storage.partition.table.RangeHeader;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.partition.table.RangeRows;
import io.lazuli.storage.partition.table.StoredEntity;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.partition.table.directory.DirectoryKind;
import io.lazuli.storage.partition.table.directory.TableDirectoryMessage;
import io.lazuli.storage.partition.table.directory.TableDirectoryReader;
import io.lazuli.storage.partition.table.directory.TableDirectoryReply;
import io.lazuli.storage.partition.table.directory.TableDirectoryReply.RangeFacts;
import io.lazuli.storage.partition.table.directory.TableDirectoryRequest;
import io.lazuli.storage.partition.table.directory.TableEntry;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowRange;
import io.lazuli.storage.store.RowStore;
import io.lazuli.storage.store.RowsRead;
import io.lazuli.storage.store.RowsWanted;
import io.lazuli.storage.store.StoreLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The table service on one node: finds the range that holds a key, remembers the way, and asks the range's actor to write. Reads go
 * to the rows past the read barrier, without a hop to the actor: what was read counts if the range's header, read as of the same
 * moment, says that the range serves the key ({@link RangeSearch}). Keeps no other state than routes and counts of reads.
 */
final class PartitionedTableService implements TableService {

    private final TableDirectoryReader reader;
    private final RangeSearch search;
    private final ReadCounts readCounts = new ReadCounts();
    private final RowStore store;
    private final ActorRef<RangeRequest> ranges;
    private final ActorRef<TableDirectoryMessage> directories;
    private final Duration requestTimeout;
    private final ActorSystem<?> system;

    PartitionedTableService(ActorSystem<?> system, RowStore store, ActorRef<RangeRequest> ranges,
            ActorRef<TableDirectoryMessage> directories, PartitionSettings settings) {
        this.reader = new TableDirectoryReader(DirectoryKind.TABLES, store, this::resume);
        this.search = new RangeSearch(
                system, new RangeRoutes(reader, settings.maxTableRoutes()), Duration.ofMillis(settings.requestTimeoutMillis()), this::resume);
        this.store = store;
        this.ranges = ranges;
        this.directories = directories;
        this.requestTimeout = Duration.ofMillis(settings.requestTimeoutMillis());
        this.system = system;
        Duration readsInterval = Duration.ofMillis(settings.tableDirectory().readsIntervalMillis());
        system.scheduler().scheduleWithFixedDelay(
                readsInterval, readsInterval, () -> readCounts.tell(directories::tell), system.executionContext());
    }

    @Override
    public CompletionStage<TableListing> listTables(String account, String fromInclusive, String toExclusive, int maxResults) {
        return ServiceFailures.inProtocol(reader.list(DirectoryKind.TABLES.directoryOf(account), fromInclusive, toExclusive, maxResults));
    }

    @Override
    public CompletionStage<Void> createTable(String account, String table) {
        return done(askDirectory(account, (id, replyTo) -> new TableDirectoryRequest.CreateTable(id, table, replyTo)));
    }

    @Override
    public CompletionStage<Void> deleteTable(String account, String table) {
        return done(askDirectory(account, (id, replyTo) -> new TableDirectoryRequest.DeleteTable(id, table, replyTo)));
    }

    @Override
    public CompletionStage<List<AccessPolicy>> getAccessPolicies(String account, String table) {
        return entry(account, table).thenApply(TableEntry::policies);
    }

    @Override
    public CompletionStage<Void> setAccessPolicies(String account, String table, List<AccessPolicy> policies) {
        return done(askDirectory(account, (id, replyTo) -> new TableDirectoryRequest.SetAccessPolicies(id, table, policies, replyTo)));
    }

    @Override
    public CompletionStage<ServiceProperties> getServiceProperties(String account) {
        return ServiceFailures.inProtocol(reader.serviceProperties(DirectoryKind.TABLES.directoryOf(account)));
    }

    @Override
    public CompletionStage<ServiceProperties> changeServiceProperties(String account, UnaryOperator<ServiceProperties> change) {
        return new PropertiesChange(() -> getServiceProperties(account), (expected, changed) -> askDirectory(
                account, (id, replyTo) -> new TableDirectoryRequest.SetServiceProperties(id, expected, changed, replyTo))
                .thenApply(reply -> reply instanceof TableDirectoryReply.Done)).make(change);
    }

    @Override
    public CompletionStage<Optional<StoredEntity>> get(String account, String table, EntityKey key) {
        byte[] encoded = key.encode();
        byte[] row = RangeRows.entityKey(encoded);
        return search.find(named(account, table), encoded, (range, timeout) -> {
            readCounts.read(range.partition());
            RowsWanted wanted = new RowsWanted(Optional.empty(), List.of(row, RangeRows.headerKey(range.partition().name())));
            return store.read(range.partition(), wanted, ReadPoint.latest()).thenApply(read -> header(read, 1)
                    .filter(header -> header.serves(encoded))
                    .map(header -> read.values().getFirst().map(value -> RangeRows.entity(key, value))));
        });
    }

    @Override
    public CompletionStage<List<Long>> write(String account, String table, List<EntityWrite> writes) {
        byte[] key = writes.getFirst().key().encode();
        return search.find(named(account, table), key, (range, timeout) -> {
            String id = range.partition().toString();
            return Asking.<RangeRequest, RangeReply>ask(ranges, replyTo -> new RangeRequest.Write(id, writes, replyTo), timeout, system)
                    .thenCompose(reply -> switch (reply) {
                        case RangeReply.Written written -> CompletableFuture.completedStage(Optional.of(written.ticks()));
                        case RangeReply.Moved moved -> CompletableFuture.completedStage(Optional.empty());
                        case RangeReply.Failed failed ->
                                CompletableFuture.failedStage(new EntityWriteException(failed.index(), failed.error()));
                        case RangeReply.Refused refused -> ServiceFailures.failed(refused.error());
                        case RangeReply.Changed changed -> unexpected(changed);
                        case RangeReply.Done done -> unexpected(done);
                        case RangeReply.SplitKey key2 -> unexpected(key2);
                        case RangeReply.Described described -> unexpected(described);
                    });
        });
    }

    private static <T> CompletionStage<T> unexpected(RangeReply reply) {
        return CompletableFuture.failedStage(new IllegalStateException("a range answered a write with " + reply));
    }

    @Override
    public CompletionStage<EntityPage> scan(String account, String table, EntityScan scan) {
        if (scan.toExclusive() != null && Arrays.compareUnsigned(scan.fromInclusive(), scan.toExclusive()) >= 0) {
            return entry(account, table).thenApply(exists -> new EntityPage(List.of(), null));
        }
        return search.find(named(account, table), scan.fromInclusive(), (range, timeout) -> {
            byte[] end = earlier(range.high(), scan.toExclusive() == null ? new byte[0] : scan.toExclusive());
            RowRange rows = new RowRange(RangeRows.entityKey(scan.fromInclusive()), RangeRows.entityEnd(end), scan.maxRows(),
                    Math.min(scan.maxBytes(), StoreLimits.MAX_PAGE_BYTES), false);
            RowsWanted wanted = new RowsWanted(Optional.of(rows), List.of(RangeRows.headerKey(range.partition().name())));
            // What is done with a page takes long, so not on the few threads that read, or that receive from other nodes.
            return store.read(range.partition(), wanted, ReadPoint.latest()).thenApplyAsync(read -> {
                readCounts.scanned(range.partition(), read.page().rows().size());
                return header(read, 0).filter(header -> header.serves(scan.fromInclusive()))
                        .map(header -> page(read, earlier(end, header.high()), scan));
            }, system.executionContext());
        });
    }

    /** @param end of what the range served of the scan, empty for the table's end */
    private static EntityPage page(RowsRead read, byte[] end, EntityScan scan) {
        List<StoredEntity> entities = new ArrayList<>(read.page().rows().size());
        for (Row row : read.page().rows()) {
            byte[] key = RangeRows.entityKeyOf(row.key());
            if (end.length > 0 && Arrays.compareUnsigned(key, end) >= 0) {
                return new EntityPage(entities, end);
            }
            entities.add(RangeRows.entity(EntityKey.decode(key), row.value()));
        }
        if (read.page().more()) {
            return new EntityPage(entities, entities.getLast().key().behind());
        }
        boolean whole = end.length == 0 || scan.toExclusive() != null && Arrays.compareUnsigned(end, scan.toExclusive()) >= 0;
        return new EntityPage(entities, whole ? null : end);
    }

    /** Of two ends of ranges, empty for the table's end. */
    private static byte[] earlier(byte[] one, byte[] other) {
        boolean oneIsEarlier = other.length == 0 || one.length > 0 && Arrays.compareUnsigned(one, other) <= 0;
        return oneIsEarlier ? one : other;
    }

    private static Optional<RangeHeader> header(RowsRead read, int index) {
        return index < read.values().size() ? read.values().get(index).map(RangeHeader::decode) : Optional.empty();
    }

    @Override
    public CompletionStage<List<RangeInfo>> ranges(String account, String table) {
        return entry(account, table).thenCompose(entry -> ranges(account, entry.number(), new byte[0], new ArrayList<>()))
                .thenApply(PartitionedTableService::infos);
    }

    private CompletionStage<List<RangeFacts>> ranges(String account, long number, byte[] from, List<RangeFacts> found) {
        return askDirectory(account, (id, replyTo) -> new TableDirectoryRequest.DescribeRanges(id, number, from, replyTo))
                .thenCompose(reply -> {
                    TableDirectoryReply.Ranges page = (TableDirectoryReply.Ranges) reply;
                    found.addAll(page.ranges());
                    return page.next() == null
                            ? CompletableFuture.completedStage(found)
                            : ranges(account, number, page.next(), found);
                });
    }

    private static List<RangeInfo> infos(List<RangeFacts> ranges) {
        List<RangeInfo> infos = new ArrayList<>(ranges.size());
        for (int i = 0; i < ranges.size(); i++) {
            RangeFacts range = ranges.get(i);
            infos.add(new RangeInfo(range.partition(), range.low(), i + 1 < ranges.size() ? ranges.get(i + 1).low() : null,
                    range.state(), range.entities(), range.bytes(), range.writesPerSecond(), range.readsPerSecond()));
        }
        return infos;
    }

    /** The table's entry, if it is live; else TableNotFound. Linearizable. */
    private CompletionStage<TableEntry> entry(String account, String table) {
        return ServiceFailures.inProtocol(reader.find(DirectoryKind.TABLES.directoryOf(account), table)).thenApply(found -> found
                .filter(entry -> entry.state() == TableEntry.State.LIVE)
                .orElseThrow(() -> new StorageException(StorageErrorCode.TABLE_NOT_FOUND)));
    }

    private CompletionStage<TableDirectoryReply> askDirectory(
            String account, BiFunction<String, ActorRef<TableDirectoryReply>, TableDirectoryRequest> request) {
        String partition = DirectoryKind.TABLES.directoryOf(account).toString();
        return ServiceFailures.inProtocol(Asking.<TableDirectoryMessage, TableDirectoryReply>ask(
                directories, replyTo -> request.apply(partition, replyTo), requestTimeout, system))
                .thenCompose(reply -> reply instanceof TableDirectoryReply.Refused refused
                        ? ServiceFailures.failed(refused.error())
                        : CompletableFuture.completedStage(reply));
    }

    /** Fire and forget: whoever sees the unfinished entry next asks again. */
    private void resume(PartitionId directory) {
        askDirectory(directory.name(), TableDirectoryRequest.Resume::new);
    }

    private static RangedName named(String account, String table) {
        return new RangedName(account, DirectoryKind.TABLES.keyOf(table));
    }

    private static CompletionStage<Void> done(CompletionStage<?> reply) {
        return reply.thenApply(ignored -> null);
    }
}
