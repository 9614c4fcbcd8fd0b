package io.lazuli.storage.chunk.local;

import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.model.ChunkRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings index and extents together when a node starts. What the index names but no file holds is lost and wanted again; what lies in the
 * extents behind the index's places is entered, with its checksums verified, because a crash may have left records whose bytes never came to
 * the disk: a torn end is cut off, something torn before good records is entered as damaged, since it may have been acknowledged. An index
 * that is lost or cannot be read is made anew from the headers in all extents, and the bytes at their ends, where a write may have been under
 * way; of two records with the same id a whole one counts, the later if both are.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /** An extent with less than this part of it free is not appended to again. */
    private static final int LEAST_ROOM_SHARE = 8;

    private final Extents extents;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(ChunkRun.CHUNK_BYTES);
    private ChunkIndex index;
    private long lostChunks;
    private final List<Extent> toContinue = new ArrayList<>();

    private Recovery(Extents extents) {
        this.extents = extents;
    }

    /** @param toContinue extents that have room, open for appending, at most one for each lane */
    record Recovered(ChunkIndex index, List<Extent> toContinue, long lostChunks) {}

    static Recovered run(Path indexDirectory, Extents extents, LocalSettings settings) throws IOException {
        Recovery recovery = new Recovery(extents);
        recovery.openIndex(indexDirectory, settings);
        return new Recovered(recovery.index, recovery.toContinue, recovery.lostChunks);
    }

    private void openIndex(Path directory, LocalSettings settings) throws IOException {
        Files.createDirectories(directory);
        IndexDatabase rows = null;
        try {
            rows = new IndexDatabase(directory, settings);
            index = new ChunkIndex(rows);
            SortedMap<Integer, Long> places = index.places();
            if (!places.isEmpty() || extents.last() == null) {
                places.keySet().forEach(extents::reserve);
                long wantedBefore = index.load((id, entry) -> keep(entry));
                replay(places, false, settings);
                lostChunks = Math.max(0, index.wanted() - wantedBefore);
                return;
            }
            LOG.warn("the chunk index in {} is lost: making it anew from {} extents", directory, extents.list().size());
        } catch (IllegalStateException | RocksDBException e) {
            LOG.warn("the chunk index in {} cannot be read: making it anew from {} extents", directory, extents.list().size(), e);
        }
        if (rows != null) {
            rows.close();
        }
        deleteTree(directory);
        Files.createDirectories(directory);
        try {
            index = new ChunkIndex(new IndexDatabase(directory, settings));
        } catch (RocksDBException e) {
            throw new IOException("cannot make an index in " + directory, e);
        }
        replay(Collections.emptySortedMap(), true, settings);
        index.flush(true);
    }

    private boolean keep(IndexEntry entry) {
        extents.reserve(entry.extent());
        Extent extent = extents.get(entry.extent());
        return extent != null && entry.offset() + entry.recordBytes() <= extent.sizeBytes();
    }

    /** @param anew whether the index was lost, so that only what a crash may have torn is verified */
    private void replay(SortedMap<Integer, Long> places, boolean anew, LocalSettings settings) {
        List<Extent> all = extents.list();
        for (int i = all.size() - 1; i >= 0 && toContinue.size() < settings.writeLanes(); i--) {
            boolean hasRoom = all.get(i).sizeBytes() <= settings.extentBytes() - settings.extentBytes() / LEAST_ROOM_SHARE;
            if (hasRoom && places.getOrDefault(all.get(i).number, 0L) <= all.get(i).sizeBytes()) {
                toContinue.add(all.get(i));
            }
        }
        for (Extent extent : all) {
            long from = places.getOrDefault(extent.number, 0L);
            boolean continued = toContinue.contains(extent);
            try {
                if (from > extent.sizeBytes()) {
                    // What followed a header that lost its bytes would be taken for these.
                    LOG.error("{} has lost its end, {} bytes; nothing is appended to it any more", extent.path, from - extent.sizeBytes());
                } else if (from < extent.sizeBytes()) {
                    replay(extent, from, anew ? extent.sizeBytes() - WriteLane.MAX_UNSYNCED_BYTES : from, continued);
                }
                if (continued) {
                    extent.opened();
                }
            } catch (IOException e) {
                LOG.error("{} cannot be read", extent.path, e);
                extent.unread();
                toContinue.remove(extent);
            }
        }
    }

    /** @param verifyFrom behind this all records are verified */
    private void replay(Extent extent, long from, long verifyFrom, boolean continued) throws IOException {
        try (FileChannel channel = FileChannel.open(extent.path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            // A process that was killed has written more than it synced; whoever holds a chunk answers for it.
            channel.force(false);
            ExtentScan scan = new ExtentScan(channel, extent.salt, from);
            long goodEnd = from;
            ExtentScan.Found found;
            // A damaged record is entered only once something good follows.
            List<ExtentScan.Found> torn = new ArrayList<>();
            while ((found = scan.next()) != null) {
                // A later copy that is torn must not take the place of a good one.
                boolean verify = found.offset() >= verifyFrom || index.get(found.header().id()) != null;
                if (verify && !whole(channel, found)) {
                    torn.add(found);
                    continue;
                }
                for (ExtentScan.Found damaged : torn) {
                    enter(extent, damaged, true);
                }
                torn.clear();
                enter(extent, found, false);
                goodEnd = found.offset() + RecordFormat.recordBytes(found.header().lengthBytes());
            }
            if (continued) {
                if (goodEnd < channel.size()) {
                    LOG.info("{}: a torn end of {} bytes is cut off", extent.path, channel.size() - goodEnd);
                    channel.truncate(goodEnd);
                    channel.force(true);
                }
                extent.size(goodEnd);
            }
        }
    }

    private boolean whole(FileChannel channel, ExtentScan.Found found) {
        chunk.clear().limit(found.header().lengthBytes());
        try {
            Extent.read(channel, chunk, found.offset() + found.header().bytes());
        } catch (IOException e) {
            LOG.warn("chunk {} cannot be read", found.header().id(), e);
            return false;
        }
        return Slices.match(chunk.flip(), found.header().checksums(), 0);
    }

    private void enter(Extent extent, ExtentScan.Found found, boolean damaged) {
        if (damaged && index.get(found.header().id()) != null) {
            return;
        }
        IndexEntry entry = IndexEntry.of(found.header(), extent.number, found.offset(), damaged);
        long end = found.offset() + entry.recordBytes();
        index.put(List.of(new ChunkIndex.Put(found.header().id(), entry, null)), new ChunkIndex.Place(extent.number, end));
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
