package io.lazuli.storage.chunk.local;

import io.lazuli.storage.chunk.ChunkDamagedException;
import io.lazuli.storage.chunk.ChunkMissingException;
import io.lazuli.storage.model.ChunkRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives room back: what an extent with much garbage still holds is appended again as any chunk is, and when all of it is on disk elsewhere
 * the file is deleted. A crash in between leaves chunks twice, of which the later copy counts. The index is flushed before a file goes, so
 * that a crash brings back no entries of dropped chunks without their bytes, which would look like a loss. An extent with damaged chunks is left alone: the
 * repair makes them garbage, and without one their good slices are still worth something; so is one that could not be read when the node started:
 * the next start may read it. Runs on one thread at a time.
 */
final class Compactor {

    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    private final Extents extents;
    private final ChunkIndex index;
    private final ChunkReader reader;
    private final ChunkWriter writer;
    private final int garbagePercent;
    private final Pace pace;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(ChunkRun.CHUNK_BYTES);

    Compactor(Extents extents, ChunkIndex index, ChunkReader reader, ChunkWriter writer, LocalSettings settings, Pace pace) {
        this.extents = extents;
        this.index = index;
        this.reader = reader;
        this.writer = writer;
        garbagePercent = settings.compactGarbagePercent();
        this.pace = pace;
    }

    /** Compacts whatever is worth it. */
    void run() throws IOException {
        for (Extent extent : extents.list()) {
            // The last one's number must not be used again after a start, so it stays.
            if (!extent.isOpen() && !extent.isUnread() && extent != extents.last() && worthIt(extent) && !compact(extent)) {
                return;
            }
        }
    }

    private boolean worthIt(Extent extent) {
        long live = index.tallies().liveBytes(extent.number);
        return !index.tallies().hasDamaged(extent.number) && (live == 0 || (extent.sizeBytes() - live) * 100 >= extent.sizeBytes() * garbagePercent);
    }

    /** @return whether to go on */
    private boolean compact(Extent extent) throws IOException {
        long movedBytes = 0;
        if (index.tallies().liveBytes(extent.number) > 0) {
            FileChannel channel = extents.acquire(extent.number);
            if (channel == null) {
                return true;
            }
            try {
                ExtentScan scan = new ExtentScan(channel, extent.salt, 0);
                ExtentScan.Found found;
                while ((found = scan.next()) != null) {
                    int moved = move(extent, found);
                    movedBytes += moved;
                    if (!pace.worked(moved + RecordFormat.MAX_HEADER_BYTES)) {
                        return false;
                    }
                }
            } catch (ChunkDamagedException | ChunkMissingException e) {
                LOG.info("{} stays: {}", extent.path, e.getMessage());
                return true;
            } catch (CompletionException e) {
                LOG.info("{} stays for now", extent.path, e.getCause());
                return false;
            } finally {
                extents.release(extent.number);
            }
        }
        if (index.tallies().liveBytes(extent.number) == 0) {
            index.flush(true);
            extents.delete(extent);
            index.forget(extent);
            LOG.info("{} of {} bytes is deleted; {} bytes of it moved", extent.path, extent.sizeBytes(), movedBytes);
        }
        return true;
    }

    private int move(Extent extent, ExtentScan.Found found) {
        IndexEntry entry = index.get(found.header().id());
        if (entry == null || entry.extent() != extent.number || entry.offset() != found.offset()) {
            return 0;
        }
        chunk.clear().limit(entry.lengthBytes());
        IndexEntry read = reader.fill(found.header().id(), entry, 0, chunk);
        writer.move(found.header().id(), read, chunk).join();
        return entry.recordBytes();
    }
}
