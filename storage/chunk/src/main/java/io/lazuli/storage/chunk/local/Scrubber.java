package io.lazuli.storage.chunk.local;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.chunk.ChunkDamagedException;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ChunkMissingException;
import io.lazuli.storage.model.ChunkRun;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every chunk of a node again from time to time, in the order of ids, and notes those that have decayed. Where it is survives a restart,
 * if not always a crash. Runs on one thread at a time.
 */
final class Scrubber {

    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
    /** Looked up at once, and read until the place is noted. */
    private static final int STEP_CHUNKS = 64;

    private final ChunkIndex index;
    private final ChunkReader reader;
    private final Clock clock;
    private final long intervalMillis;
    private final Pace pace;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(ChunkRun.CHUNK_BYTES);
    private volatile ScrubPlace place;
    private volatile long verifiedChunks;
    private volatile long verifiedBytes;

    Scrubber(ChunkIndex index, ChunkReader reader, Clock clock, LocalSettings settings, Pace pace) {
        this.index = index;
        this.reader = reader;
        this.clock = clock;
        intervalMillis = settings.scrubIntervalMillis();
        this.pace = pace;
        place = ScrubPlace.decode(index.scrubPlace());
    }

    ScrubPlace place() {
        return place;
    }

    long verifiedChunks() {
        return verifiedChunks;
    }

    long verifiedBytes() {
        return verifiedBytes;
    }

    /** Goes on with the pass that is under way, or begins the next if it is time; ends with it. */
    void run() {
        boolean underWay = place.passBeganMillis() > place.lastPassEndedMillis();
        if (!underWay) {
            if (place.passBeganMillis() > 0 && clock.epochMillis() - place.passBeganMillis() < intervalMillis) {
                return;
            }
            note(new ScrubPlace(null, Math.max(clock.epochMillis(), place.lastPassEndedMillis() + 1), 0, place.lastPassEndedMillis()));
        }
        pass();
    }

    private void pass() {
        while (true) {
            Map<ChunkId, IndexEntry> step = new LinkedHashMap<>();
            index.scan(place.after(), (id, entry) -> {
                step.put(id, entry);
                return step.size() < STEP_CHUNKS;
            });
            if (step.isEmpty()) {
                note(new ScrubPlace(null, place.passBeganMillis(), place.passChunks(), Math.max(clock.epochMillis(), place.passBeganMillis())));
                LOG.info("all {} chunks have been read and checked", place.passChunks());
                return;
            }
            ChunkId last = null;
            for (Map.Entry<ChunkId, IndexEntry> next : step.entrySet()) {
                last = next.getKey();
                verify(last, next.getValue());
                if (!pace.worked(next.getValue().lengthBytes())) {
                    return;
                }
            }
            note(new ScrubPlace(last, place.passBeganMillis(), place.passChunks() + step.size(), place.lastPassEndedMillis()));
        }
    }

    private void verify(ChunkId id, IndexEntry entry) {
        try {
            chunk.clear().limit(entry.lengthBytes());
            IndexEntry read = reader.fill(id, entry, 0, chunk);
            reader.checkHeader(id, read, chunk);
            verifiedChunks++;
            verifiedBytes += entry.lengthBytes();
        } catch (ChunkDamagedException | ChunkMissingException e) {
            LOG.debug("{}", e.getMessage());
        }
    }

    private void note(ScrubPlace reached) {
        place = reached;
        index.scrubPlace(reached.encode());
    }
}
