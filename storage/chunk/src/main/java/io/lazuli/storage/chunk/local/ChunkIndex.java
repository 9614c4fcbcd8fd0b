package io.lazuli.storage.chunk.local;

import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.NamedRuns;
import io.lazuli.storage.model.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Which chunks the node holds, and where: rows of an {@link IndexDatabase} and sums of them in memory ({@link Tallies}).
 *
 * <pre>
 * c id   {@link IndexEntry}       a chunk that is held, perhaps damaged
 * w id   nothing                  a chunk that is wanted: damaged, or lost with its file
 * p ext. offset 8                 all records of this extent before this offset are in the index
 * s      {@link ScrubPlace}       how far the scrubber is
 * </pre>
 *
 * <p>Nothing here has to survive a crash: entries are in the extents too, a place that is older than the last one only makes more of them
 * be read again, a wanted chunk that is forgotten is found lacking by comparison, and a dropped one that is back is dropped again.
 *
 * <p>Any thread may read; changes are made one after the other.
 */
final class ChunkIndex implements AutoCloseable {

    private static final byte CHUNK = 'c';
    private static final byte WANTED = 'w';
    private static final byte PLACE = 'p';
    private static final byte[] SCRUB = {'s'};
    private static final byte VERSION = 1;
    private static final int BEHIND_GROUPS = PartitionId.MAX_GROUP + 1;
    /** Rows that are changed under the lock at a time. */
    private static final int STEP_ROWS = 1000;

    private final IndexDatabase rows;
    private final Tallies tallies = new Tallies();
    private final AtomicLong wanted = new AtomicLong();

    /** All records of the extent before the offset are in the index. */
    record Place(int extent, long offset) {}

    /** A new place for a chunk; counts only if it lies, undamaged, at {@code from}, unless that is null. */
    record Put(ChunkId id, IndexEntry entry, IndexEntry from) {}

    ChunkIndex(IndexDatabase rows) {
        this.rows = rows;
    }

    /**
     * Reads all of it, for the sums; entries that are not to be kept are removed and wanted instead.
     *
     * @return how many were wanted before
     * @throws IllegalStateException if it cannot be read whole
     */
    long load(BiPredicate<ChunkId, IndexEntry> keep) {
        rows.scan(IndexEntry.bound(WANTED, 0, 0), IndexEntry.bound(WANTED, BEHIND_GROUPS, 0), (key, value) -> {
            wanted.incrementAndGet();
            return true;
        });
        long before = wanted.get();
        rows.scan(IndexEntry.bound(CHUNK, 0, 0), IndexEntry.bound(CHUNK, BEHIND_GROUPS, 0), (key, value) -> {
            ChunkId id = IndexEntry.id(key);
            IndexEntry entry = IndexEntry.decode(value);
            tallies.add(id, entry);
            if (!keep.test(id, entry)) {
                remove(id, true);
            }
            return true;
        });
        return before;
    }

    /** By number of extent, up to where its records are in the index; also of extents that are gone, as the last one may be. */
    SortedMap<Integer, Long> places() {
        SortedMap<Integer, Long> places = new TreeMap<>();
        rows.scan(place(0), new byte[] {PLACE + 1}, (key, value) -> {
            ByteBuffer in = ByteBuffer.wrap(value);
            if (key.length != 5 || value.length != 9 || in.get() != VERSION) {
                throw new IllegalStateException("not a place of the chunk index");
            }
            places.put(ByteBuffer.wrap(key).getInt(1), in.getLong());
            return true;
        });
        return places;
    }

    Tallies tallies() {
        return tallies;
    }

    /** Damaged and lost chunks that have not come again. */
    long wanted() {
        return wanted.get();
    }

    /** Null if the chunk is not held. */
    IndexEntry get(ChunkId id) {
        byte[] value = rows.get(IndexEntry.key(CHUNK, id));
        return value == null ? null : IndexEntry.decode(value);
    }

    /**
     * Enters chunks, no id twice, and that all records of an extent before a place are in the index.
     *
     * @return how many of them had been wanted
     */
    synchronized int put(List<Put> puts, Place place) {
        int repaired = 0;
        try (WriteBatch batch = new WriteBatch()) {
            List<Put> counted = new ArrayList<>(puts.size());
            List<IndexEntry> before = new ArrayList<>(puts.size());
            for (Put put : puts) {
                IndexEntry old = get(put.id());
                if (put.from() != null && (old == null || old.damaged() || !old.liesAt(put.from()))) {
                    continue;
                }
                counted.add(put);
                before.add(old);
                batch.put(IndexEntry.key(CHUNK, put.id()), put.entry().encode());
                byte[] want = IndexEntry.key(WANTED, put.id());
                if (put.entry().damaged()) {
                    want(batch, put.id());
                } else if (wanted.get() > 0 && rows.get(want) != null) {
                    batch.delete(want);
                    repaired++;
                }
            }
            batch.put(place(place.extent()), ByteBuffer.allocate(9).put(VERSION).putLong(place.offset()).array());
            rows.write(batch);
            for (int i = 0; i < counted.size(); i++) {
                ChunkId id = counted.get(i).id();
                if (before.get(i) != null) {
                    tallies.remove(id, before.get(i));
                }
                tallies.add(id, counted.get(i).entry());
            }
            wanted.addAndGet(-repaired);
        } catch (RocksDBException e) {
            throw new IllegalStateException("the chunk index fails", e);
        }
        return repaired;
    }

    /** Marks a chunk that lies there; false if it does not any more, or is known to be damaged. */
    synchronized boolean damaged(ChunkId id, IndexEntry at) {
        IndexEntry old = get(id);
        if (old == null || !old.liesAt(at) || old.damaged()) {
            return false;
        }
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(IndexEntry.key(CHUNK, id), old.asDamaged().encode());
            want(batch, id);
            rows.write(batch);
        } catch (RocksDBException e) {
            throw new IllegalStateException("the chunk index fails", e);
        }
        tallies.remove(id, old);
        tallies.add(id, old.asDamaged());
        return true;
    }

    /** @return what was there, null if nothing */
    synchronized IndexEntry remove(ChunkId id, boolean lost) {
        IndexEntry old = get(id);
        byte[] want = IndexEntry.key(WANTED, id);
        try (WriteBatch batch = new WriteBatch()) {
            batch.delete(IndexEntry.key(CHUNK, id));
            if (lost && old != null) {
                want(batch, id);
            } else if (!lost && wanted.get() > 0 && rows.get(want) != null) {
                batch.delete(want);
                wanted.decrementAndGet();
            }
            rows.write(batch);
        } catch (RocksDBException e) {
            throw new IllegalStateException("the chunk index fails", e);
        }
        if (old != null) {
            tallies.remove(id, old);
        }
        return old;
    }

    /** An extent is gone, and nothing that lay in it is here. */
    synchronized void forget(Extent gone) {
        try (WriteBatch batch = new WriteBatch()) {
            batch.delete(place(gone.number));
            rows.write(batch);
        } catch (RocksDBException e) {
            throw new IllegalStateException("the chunk index fails", e);
        }
    }

    /** Removes what lies in an extent that is gone. @return the groups that lost something, once per chunk */
    List<Integer> lose(int extent) {
        List<ChunkId> lost = new ArrayList<>();
        scan(0, 0, BEHIND_GROUPS, 0, null, (id, entry) -> {
            if (entry.extent() == extent) {
                lost.add(id);
            }
            return true;
        });
        List<Integer> groups = new ArrayList<>();
        for (ChunkId id : lost) {
            synchronized (this) {
                IndexEntry entry = get(id);
                if (entry != null && entry.extent() == extent) {
                    remove(id, true);
                    groups.add(id.group());
                }
            }
        }
        return groups;
    }

    /** See {@link LocalChunks#drop}. */
    DropReport drop(int group, NamedRuns named, long begunBeforeMillis) {
        long old = 0;
        long chunks = 0;
        long bytes = 0;
        ChunkId after = null;
        List<ChunkId> step;
        do {
            step = ids(CHUNK, group, 0, group, begunBeforeMillis, after, STEP_ROWS, false);
            old += step.size();
            for (ChunkId id : step) {
                IndexEntry dropped = named.mayContain(id) ? null : remove(id, false);
                chunks += dropped == null ? 0 : 1;
                bytes += dropped == null ? 0 : dropped.lengthBytes();
                after = id;
            }
        } while (step.size() == STEP_ROWS);
        after = null;
        do {
            step = ids(WANTED, group, 0, group, begunBeforeMillis, after, STEP_ROWS, false);
            for (ChunkId id : step) {
                if (!named.mayContain(id)) {
                    remove(id, false);
                }
                after = id;
            }
        } while (step.size() == STEP_ROWS);
        return new DropReport(group, old, chunks, bytes);
    }

    /** See {@link LocalChunks#ids}. */
    List<ChunkId> ids(int group, long fromMillis, long toMillis, ChunkId after, int maxIds) {
        return ids(CHUNK, group, fromMillis, group, toMillis, after, maxIds, true);
    }

    /** See {@link LocalChunks#damaged}. */
    List<ChunkId> wanted(ChunkId after, int maxIds) {
        return ids(WANTED, 0, 0, BEHIND_GROUPS, 0, after, maxIds, false);
    }

    interface EntryReader {

        /** @return whether to go on */
        boolean entry(ChunkId id, IndexEntry entry);
    }

    /** All entries behind an id (null: from the first), in order. */
    void scan(ChunkId after, EntryReader reader) {
        scan(0, 0, BEHIND_GROUPS, 0, after, reader);
    }

    byte[] scrubPlace() {
        return rows.get(SCRUB);
    }

    void scrubPlace(byte[] place) {
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(SCRUB, place);
            rows.write(batch);
        } catch (RocksDBException e) {
            throw new IllegalStateException("the chunk index fails", e);
        }
    }

    void flush(boolean wait) {
        rows.flush(wait);
    }

    @Override
    public void close() {
        rows.close();
    }

    private static byte[] place(int extent) {
        return ByteBuffer.allocate(5).put(PLACE).putInt(extent).array();
    }

    private void want(WriteBatch batch, ChunkId id) throws RocksDBException {
        byte[] want = IndexEntry.key(WANTED, id);
        if (rows.get(want) == null) {
            batch.put(want, new byte[0]);
            wanted.incrementAndGet();
        }
    }

    private List<ChunkId> ids(
            byte kind, int fromGroup, long fromMillis, int toGroup, long toMillis, ChunkId after, int maxIds, boolean goodOnly) {
        List<ChunkId> ids = new ArrayList<>();
        rows.scan(begin(kind, fromGroup, fromMillis, after), IndexEntry.bound(kind, toGroup, toMillis), (key, value) -> {
            ChunkId id = IndexEntry.id(key);
            if (!id.equals(after) && !(goodOnly && IndexEntry.decode(value).damaged())) {
                ids.add(id);
            }
            return ids.size() < maxIds;
        });
        return ids;
    }

    private void scan(int fromGroup, long fromMillis, int toGroup, long toMillis, ChunkId after, EntryReader reader) {
        rows.scan(begin(CHUNK, fromGroup, fromMillis, after), IndexEntry.bound(CHUNK, toGroup, toMillis), (key, value) -> {
            ChunkId id = IndexEntry.id(key);
            return id.equals(after) || reader.entry(id, IndexEntry.decode(value));
        });
    }

    private static byte[] begin(byte kind, int group, long fromMillis, ChunkId after) {
        byte[] begin = IndexEntry.bound(kind, group, fromMillis);
        if (after != null) {
            byte[] behind = IndexEntry.key(kind, after);
            return Arrays.compareUnsigned(behind, begin) > 0 ? behind : begin;
        }
        return begin;
    }
}
