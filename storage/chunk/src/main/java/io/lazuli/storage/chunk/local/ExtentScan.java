package io.lazuli.storage.chunk.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the records of an extent from some record on by their headers. Where no header is, a damaged stretch or a torn end, it looks for the
 * next one page by page.
 */
final class ExtentScan {

    private static final Logger LOG = LoggerFactory.getLogger(ExtentScan.class);

    private final FileChannel channel;
    private final long salt;
    private final long fileBytes;
    private final ByteBuffer header = ByteBuffer.allocateDirect(RecordFormat.MAX_HEADER_BYTES);
    private long next;

    ExtentScan(FileChannel channel, long salt, long from) throws IOException {
        this.channel = channel;
        this.salt = salt;
        fileBytes = channel.size();
        next = from;
    }

    /** A record that lies whole within the file. */
    record Found(RecordFormat.Header header, long offset) {}

    /** Null at the end. */
    Found next() {
        while (next < fileBytes) {
            RecordFormat.Header found = header();
            long offset = next;
            if (found != null && offset + RecordFormat.recordBytes(found.lengthBytes()) <= fileBytes) {
                next = offset + RecordFormat.recordBytes(found.lengthBytes());
                return new Found(found, offset);
            }
            next += RecordFormat.ALIGNMENT_BYTES;
        }
        return null;
    }

    private RecordFormat.Header header() {
        header.clear().limit((int) Math.min(header.capacity(), fileBytes - next));
        try {
            Extent.read(channel, header, next);
        } catch (IOException e) {
            LOG.warn("a page at {} cannot be read", next, e);
            return null;
        }
        return RecordFormat.decodeHeader(header.flip(), salt);
    }
}
