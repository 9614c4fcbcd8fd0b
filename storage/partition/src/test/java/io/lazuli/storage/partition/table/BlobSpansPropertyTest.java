package io.lazuli.storage.partition.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.store.RowOp;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * {@link RangeRun} with a range of two spans, whose changes delete rows as ranges and ask for further rows when they have seen some: what was
 * deleted is never seen again, neither by later changes nor at a move's target.
 */
class BlobSpansPropertyTest {

    @Test
    void answersAsTheModelDoes() {
        RangeRun.many(600, Run::new);
    }

    /**
     * Of each key an index row holds how often it was written and a data row as many letters.
     *
     * <pre>
     * UPSERT_REPLACE  begins anew, looking at nothing
     * MERGE           reads the index row, then the data row if there is one, and adds a letter; answers how many there are
     * DELETE          deletes all rows of the name, as ranges
     * INSERT          fails if there is one; deletes all rows of the name as ranges, then writes one of them anew
     * </pre>
     */
    private static final class Letters implements RangeLogic<EntityWrite> {

        @Override
        public List<Byte> tags() {
            return List.of(RangeRows.DATA, RangeRows.INDEX);
        }

        @Override
        public EntityWrite changeOf(RangeRequest request) {
            return request instanceof RangeRequest.Write write ? write.writes().getFirst() : null;
        }

        @Override
        public long bytesOf(EntityWrite change) {
            return 1;
        }

        @Override
        public List<byte[]> keys(EntityWrite change) {
            return List.of(change.key().encode());
        }

        @Override
        public List<Wanted> rows(EntityWrite change) {
            return switch (change.kind()) {
                case INSERT -> List.of(new Wanted(index(change.key()), false));
                case MERGE -> List.of(new Wanted(index(change.key())));
                default -> List.of();
            };
        }

        @Override
        public RangeReply refusal(StorageErrorCode error) {
            return new RangeReply.Failed(0, error);
        }

        @Override
        public Outcome decide(EntityWrite change, Rows rows, Stamp stamp) {
            EntityKey key = change.key();
            return switch (change.kind()) {
                case UPSERT_REPLACE -> made(1, stamp, put(index(key), 1), put(data(key), 1));
                case INSERT -> rows.get(index(key)).exists()
                        ? new Outcome.Refused(new RangeReply.Failed(0, StorageErrorCode.ENTITY_ALREADY_EXISTS))
                        : made(1, stamp, drop(RangeRows.DATA, key), drop(RangeRows.INDEX, key), put(index(key), 1), put(data(key), 1));
                case MERGE -> {
                    if (!rows.get(index(key)).exists()) {
                        yield made(1, stamp, put(index(key), 1), put(data(key), 1));
                    }
                    Seen letters = rows.get(data(key));
                    if (letters == null) {
                        yield new Outcome.LookUp(List.of(new Wanted(data(key))));
                    }
                    int count = rows.get(index(key)).value().length;
                    assertTrue(letters.exists(), "rows that belong together are seen together");
                    assertEquals(count, letters.value().length);
                    yield made(count + 1, stamp, put(index(key), count + 1), put(data(key), count + 1));
                }
                default -> made(0, stamp, drop(RangeRows.DATA, key), drop(RangeRows.INDEX, key));
            };
        }

        private static Outcome made(int letters, Stamp stamp, RowOp... ops) {
            return new Outcome.Made(List.of(ops), stamp.ticks(), 0, 0, new RangeReply.Written(List.of((long) letters)));
        }

        private static RowOp put(byte[] key, int letters) {
            return new RowOp.Put(key, "x".repeat(letters).getBytes(StandardCharsets.UTF_8));
        }

        private static RowOp drop(byte tag, EntityKey key) {
            return new RowOp.DeleteRange(RangeRows.rowKey(tag, EntityKey.firstOf(key.partitionKey())),
                    RangeRows.rowKey(tag, EntityKey.behindAllOf(key.partitionKey())));
        }
    }

    private static byte[] index(EntityKey key) {
        return RangeRows.rowKey(RangeRows.INDEX, key.encode());
    }

    private static byte[] data(EntityKey key) {
        return RangeRows.rowKey(RangeRows.DATA, key.encode());
    }

    /** The model counts letters. */
    private static final class Run extends RangeRun<Integer> {

        private static final EntityWrite.Kind[] KINDS = {EntityWrite.Kind.UPSERT_REPLACE, EntityWrite.Kind.MERGE, EntityWrite.Kind.MERGE,
            EntityWrite.Kind.MERGE, EntityWrite.Kind.INSERT, EntityWrite.Kind.DELETE};

        Run(long seed) {
            super(new Letters(), PartitionId.parse("1.b.account-7/1"), PartitionId.parse("2.b.account-7/2"), 16, seed);
        }

        @Override
        RangeRequest next() {
            EntityKey key = new EntityKey("blob" + random.nextInt(3), "row" + random.nextInt(4));
            return new RangeRequest.Write(source.toString(),
                    List.of(new EntityWrite(KINDS[random.nextInt(KINDS.length)], key, new byte[0], EntityWrite.ANY_VERSION)), null);
        }

        @Override
        TreeMap<RowKey, Integer> afterwards(RangeRequest request, RangeReply reply) {
            EntityWrite write = ((RangeRequest.Write) request).writes().getFirst();
            RowKey index = new RowKey(index(write.key()));
            Integer present = model.get(index);
            if (write.kind() == EntityWrite.Kind.INSERT && present != null) {
                assertEquals(new RangeReply.Failed(0, StorageErrorCode.ENTITY_ALREADY_EXISTS), reply);
                return model;
            }
            int letters = switch (write.kind()) {
                case DELETE -> 0;
                case MERGE -> present == null ? 1 : present + 1;
                default -> 1;
            };
            assertEquals(new RangeReply.Written(List.of((long) letters)), reply);
            TreeMap<RowKey, Integer> next = new TreeMap<>(model);
            if (write.kind() == EntityWrite.Kind.DELETE || write.kind() == EntityWrite.Kind.INSERT) {
                next.keySet().removeIf(key -> EntityKey.decode(RangeRows.keyOf(key.bytes())).partitionKey().equals(write.key().partitionKey()));
            }
            if (letters > 0) {
                next.put(index, letters);
                next.put(new RowKey(data(write.key())), letters);
            }
            return next;
        }

        @Override
        TreeMap<RowKey, Integer> content(Map<byte[], byte[]> rows) {
            TreeMap<RowKey, Integer> content = new TreeMap<>();
            rows.forEach((key, value) -> {
                if (key[0] == RangeRows.INDEX || key[0] == RangeRows.DATA) {
                    content.put(new RowKey(key), value.length);
                }
            });
            return content;
        }

        @Override
        void checkSize(RangeSize size, Map<byte[], byte[]> rows) {
            assertTrue(size.latestTicks() > 0 || rows.size() <= 1);
        }
    }
}
