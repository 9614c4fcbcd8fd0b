package io.lazuli.storage.partition.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** {@link RangeRun} with writes of entities. */
class RangeStatePropertyTest {

    @Test
    void answersAsTheModelDoes() {
        RangeRun.many(600, Run::new);
    }

    /** An entity as the model has it. */
    private record Entity(long ticks, Map<String, String> properties) {}

    private static final class Run extends RangeRun<Entity> {

        Run(long seed) {
            super(new EntityLogic(), PartitionId.parse("1.t.account-7/1"), PartitionId.parse("2.t.account-7/2"), 0, seed);
        }

        @Override
        RangeRequest next() {
            List<EntityWrite> writes = new ArrayList<>();
            String partitionKey = "p" + random.nextInt(3);
            int first = random.nextInt(4);
            for (int i = 0; i <= random.nextInt(2); i++) {
                EntityWrite.Kind kind = EntityWrite.Kind.values()[random.nextInt(EntityWrite.Kind.values().length)];
                writes.add(new EntityWrite(kind, new EntityKey(partitionKey, "r" + (first + i)), kind == EntityWrite.Kind.DELETE
                        ? new byte[0]
                        : EntityProperties.encode(Map.of("n" + random.nextInt(3), new EdmValue.OfString("v" + random.nextInt(100)))),
                        random.nextBoolean() ? EntityWrite.ANY_VERSION : anyTicks()));
            }
            if (writes.size() == 2 && random.nextInt(20) == 0) {
                writes.set(1, writes.get(0));
            }
            return new RangeRequest.Write(source.toString(), writes, null);
        }

        private long anyTicks() {
            return model.isEmpty() ? 1 : new ArrayList<>(model.values()).get(random.nextInt(model.size())).ticks;
        }

        @Override
        TreeMap<RowKey, Entity> afterwards(RangeRequest request, RangeReply reply) {
            List<EntityWrite> writes = ((RangeRequest.Write) request).writes();
            TreeMap<RowKey, Entity> next = new TreeMap<>(model);
            for (int i = 0; i < writes.size(); i++) {
                EntityWrite write = writes.get(i);
                RowKey key = keyOf(write);
                if (i > 0 && writes.get(0).key().equals(write.key())) {
                    assertEquals(new RangeReply.Failed(i, StorageErrorCode.INVALID_INPUT), reply);
                    return model;
                }
                Optional<StorageErrorCode> refusal = refusal(write, model.get(key));
                if (refusal.isPresent() && !(writes.size() > 1 && writes.get(0).key().equals(writes.get(1).key()))) {
                    assertEquals(new RangeReply.Failed(i, refusal.get()), reply);
                    return model;
                }
            }
            RangeReply.Written written = assertInstanceOf(RangeReply.Written.class, reply);
            for (int i = 0; i < writes.size(); i++) {
                apply(writes.get(i), written.ticks().get(i), next);
            }
            return next;
        }

        private void apply(EntityWrite write, long ticks, Map<RowKey, Entity> next) {
            RowKey key = keyOf(write);
            Entity former = next.get(key);
            if (write.kind() == EntityWrite.Kind.DELETE) {
                assertEquals(0, ticks);
                next.remove(key);
                return;
            }
            assertTrue(ticks >= nowTicks);
            next.values().forEach(entity -> assertTrue(ticks > entity.ticks, "a Timestamp is newer than all before"));
            boolean merge = write.kind() == EntityWrite.Kind.MERGE || write.kind() == EntityWrite.Kind.UPSERT_MERGE;
            Map<String, String> properties = new LinkedHashMap<>(merge && former != null ? former.properties : Map.of());
            properties.putAll(texts(write.properties()));
            next.put(key, new Entity(ticks, properties));
        }

        private static Optional<StorageErrorCode> refusal(EntityWrite write, Entity present) {
            return switch (write.kind()) {
                case UPSERT_MERGE, UPSERT_REPLACE -> Optional.empty();
                case INSERT -> present == null ? Optional.empty() : Optional.of(StorageErrorCode.ENTITY_ALREADY_EXISTS);
                case REPLACE, MERGE, DELETE -> present == null ? Optional.of(StorageErrorCode.RESOURCE_NOT_FOUND)
                        : write.ifMatchTicks() == EntityWrite.ANY_VERSION || write.ifMatchTicks() == present.ticks ? Optional.empty()
                        : Optional.of(StorageErrorCode.UPDATE_CONDITION_NOT_SATISFIED);
            };
        }

        @Override
        TreeMap<RowKey, Entity> content(Map<byte[], byte[]> rows) {
            TreeMap<RowKey, Entity> entities = new TreeMap<>();
            rows.forEach((key, value) -> {
                if (key[0] == RangeRows.INDEX) {
                    entities.put(new RowKey(key), new Entity(RangeRows.ticks(value), texts(RangeRows.properties(value))));
                }
            });
            return entities;
        }

        private static Map<String, String> texts(byte[] properties) {
            Map<String, String> texts = new LinkedHashMap<>();
            EntityProperties.decode(properties).forEach((name, value) -> texts.put(name, ((EdmValue.OfString) value).value()));
            return texts;
        }

        private static RowKey keyOf(EntityWrite write) {
            return new RowKey(RangeRows.entityKey(write.key().encode()));
        }

        @Override
        void checkSize(RangeSize size, Map<byte[], byte[]> rows) {
            assertEquals(content(rows).size(), size.entities());
            assertEquals(rows.entrySet().stream().filter(row -> row.getKey()[0] == RangeRows.INDEX)
                    .mapToLong(row -> row.getKey().length + row.getValue().length).sum(), size.bytes());
        }
    }
}
