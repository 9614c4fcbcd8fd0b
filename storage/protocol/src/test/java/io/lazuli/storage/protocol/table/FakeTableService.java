package io.lazuli.storage.protocol.table;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.partition.table.EntityLimits;
import io.lazuli.storage.partition.table.EntityProperties;
import io.lazuli.storage.partition.table.EntityWrite;
import io.lazuli.storage.partition.table.EntityWriteException;
import io.lazuli.storage.partition.table.StoredEntity;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.partition.table.Ticks;
import io.lazuli.storage.protocol.service.FakeService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The table service in memory, with the semantics that the interface promises: key order, conditions, all-or-none writes, Timestamps
 * that grow, the documented errors. Answers on {@code executor}'s threads, as the real one answers on threads that are no event loops.
 */
public final class FakeTableService extends FakeService implements TableService {

    private static final class Table {
        final String name;
        List<AccessPolicy> policies = List.of();
        /** The latest Timestamp of an entity that is gone: what is inserted in its place, perhaps in the same millisecond, has a later one. */
        long lastGoneTicks;
        final TreeMap<byte[], StoredEntity> entities = new TreeMap<>(Arrays::compareUnsigned);

        Table(String name) {
            this.name = name;
        }
    }

    private final Clock clock;
    private final int maxPageRows;
    private final Map<String, TreeMap<String, Table>> accounts = new HashMap<>();
    private final List<EntityScan> scans = new ArrayList<>();

    public FakeTableService(Clock clock, Executor executor) {
        this(clock, executor, Integer.MAX_VALUE);
    }

    /** @param maxPageRows pages of a scan are no longer than this, whatever is asked: as if the table had many ranges */
    public FakeTableService(Clock clock, Executor executor, int maxPageRows) {
        super(executor);
        this.clock = clock;
        this.maxPageRows = maxPageRows;
    }

    /** What has been scanned so far. */
    public synchronized List<EntityScan> scans() {
        return List.copyOf(scans);
    }

    @Override
    public CompletionStage<TableListing> listTables(String account, String fromInclusive, String toExclusive, int maxResults) {
        return answer(() -> {
            List<String> names = new ArrayList<>();
            for (Map.Entry<String, Table> entry : tables(account).tailMap(fromInclusive, true).entrySet()) {
                if (toExclusive != null && entry.getKey().compareTo(toExclusive) >= 0) {
                    break;
                }
                if (names.size() == maxResults) {
                    return new TableListing(names, entry.getKey());
                }
                names.add(entry.getValue().name);
            }
            return new TableListing(names, null);
        });
    }

    @Override
    public CompletionStage<Void> createTable(String account, String table) {
        return answer(() -> {
            if (tables(account).putIfAbsent(table.toLowerCase(Locale.ROOT), new Table(table)) != null) {
                throw new StorageException(StorageErrorCode.TABLE_ALREADY_EXISTS);
            }
            return null;
        });
    }

    @Override
    public CompletionStage<Void> deleteTable(String account, String table) {
        return answer(() -> {
            find(account, table);
            tables(account).remove(table.toLowerCase(Locale.ROOT));
            return null;
        });
    }

    @Override
    public CompletionStage<List<AccessPolicy>> getAccessPolicies(String account, String table) {
        return answer(() -> find(account, table).policies);
    }

    @Override
    public CompletionStage<Void> setAccessPolicies(String account, String table, List<AccessPolicy> policies) {
        return answer(() -> {
            find(account, table).policies = List.copyOf(policies);
            return null;
        });
    }

    @Override
    public CompletionStage<Optional<StoredEntity>> get(String account, String table, EntityKey key) {
        return answer(() -> Optional.ofNullable(find(account, table).entities.get(key.encode())));
    }

    @Override
    public CompletionStage<List<Long>> write(String account, String table, List<EntityWrite> writes) {
        return answer(() -> {
            Table found = find(account, table);
            List<Long> ticks = new ArrayList<>();
            Map<EntityKey, StoredEntity> changed = new HashMap<>();
            for (int i = 0; i < writes.size(); i++) {
                EntityWrite write = writes.get(i);
                StoredEntity result = decide(i, write, found.entities.get(write.key().encode()), found.lastGoneTicks + 1);
                changed.put(write.key(), result);
                ticks.add(result == null ? 0 : result.timestampTicks());
            }
            changed.forEach((key, entity) -> {
                if (entity == null) {
                    found.lastGoneTicks = Math.max(found.lastGoneTicks, found.entities.remove(key.encode()).timestampTicks());
                } else {
                    found.entities.put(key.encode(), entity);
                }
            });
            return ticks;
        });
    }

    private StoredEntity decide(int index, EntityWrite write, StoredEntity present, long firstTicks) {
        boolean conditional = switch (write.kind()) {
            case REPLACE, MERGE, DELETE -> true;
            case INSERT, UPSERT_REPLACE, UPSERT_MERGE -> false;
        };
        if (write.kind() == EntityWrite.Kind.INSERT && present != null) {
            throw new EntityWriteException(index, StorageErrorCode.ENTITY_ALREADY_EXISTS);
        }
        if (conditional && present == null) {
            throw new EntityWriteException(index, StorageErrorCode.RESOURCE_NOT_FOUND);
        }
        if (conditional && write.ifMatchTicks() != EntityWrite.ANY_VERSION && write.ifMatchTicks() != present.timestampTicks()) {
            throw new EntityWriteException(index, StorageErrorCode.UPDATE_CONDITION_NOT_SATISFIED);
        }
        if (write.kind() == EntityWrite.Kind.DELETE) {
            return null;
        }
        boolean merges = present != null && (write.kind() == EntityWrite.Kind.MERGE || write.kind() == EntityWrite.Kind.UPSERT_MERGE);
        byte[] result = write.properties();
        if (merges) {
            Map<String, EdmValue> merged = EntityProperties.decode(present.properties());
            merged.putAll(EntityProperties.decode(write.properties()));
            if (merged.size() > EntityLimits.MAX_PROPERTIES) {
                throw new EntityWriteException(index, StorageErrorCode.TOO_MANY_PROPERTIES);
            }
            if (EntityLimits.sizeOf(write.key(), merged) > EntityLimits.MAX_ENTITY_BYTES) {
                throw new EntityWriteException(index, StorageErrorCode.ENTITY_TOO_LARGE);
            }
            result = EntityProperties.encode(merged);
        }
        long now = Math.max(firstTicks, Ticks.ofEpochMillis(clock.epochMillis()));
        return new StoredEntity(write.key(), present == null ? now : Math.max(now, present.timestampTicks() + 1), result);
    }

    @Override
    public CompletionStage<EntityPage> scan(String account, String table, EntityScan scan) {
        return answer(() -> {
            scans.add(scan);
            List<StoredEntity> page = new ArrayList<>();
            long bytes = 0;
            for (Map.Entry<byte[], StoredEntity> entry : find(account, table).entities.tailMap(scan.fromInclusive(), true).entrySet()) {
                if (scan.toExclusive() != null && Arrays.compareUnsigned(entry.getKey(), scan.toExclusive()) >= 0) {
                    break;
                }
                if (page.size() == Math.min(maxPageRows, scan.maxRows()) || bytes >= scan.maxBytes()) {
                    return new EntityPage(page, entry.getKey());
                }
                page.add(entry.getValue());
                bytes += entry.getKey().length + entry.getValue().properties().length;
            }
            return new EntityPage(page, null);
        });
    }

    @Override
    public CompletionStage<List<RangeInfo>> ranges(String account, String table) {
        return answer(() -> {
            Table found = find(account, table);
            long bytes = found.entities.values().stream().mapToLong(entity -> entity.properties().length).sum();
            return List.of(new RangeInfo(account + "-" + found.name + "/0", new byte[0], null, "live", found.entities.size(), bytes, 0, 0));
        });
    }

    private TreeMap<String, Table> tables(String account) {
        return accounts.computeIfAbsent(account, name -> new TreeMap<>());
    }

    private Table find(String account, String table) {
        Table found = tables(account).get(table.toLowerCase(Locale.ROOT));
        if (found == null) {
            throw new StorageException(StorageErrorCode.TABLE_NOT_FOUND);
        }
        return found;
    }
}
