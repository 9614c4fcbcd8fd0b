package io.lazuli.storage.chunk.local;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of records, appended to until it is full and then only read and deleted. Its name carries its number, which is never used again,
 * and its salt. What changes here is guarded by {@link Extents}.
 */
final class Extent {

    private static final Pattern NAME = Pattern.compile("([0-9a-f]{8})-([0-9a-f]{16})\\.chunks");

    final int number;
    final long salt;
    final Path path;
    /** Up to where it holds durable records. */
    private volatile long sizeBytes;
    /** Whether records may yet be appended. */
    private volatile boolean open;
    /** Whether what it holds could not be read when the node started, so that the index may lack good records of it. */
    private volatile boolean unread;
    /** Guarded by the extents, as all below. */
    FileChannel channel;
    int users;
    boolean deleted;

    Extent(Path directory, int number, long salt, long sizeBytes) {
        this.number = number;
        this.salt = salt;
        this.sizeBytes = sizeBytes;
        path = directory.resolve(String.format("%08x-%016x.chunks", number, salt));
    }

    /** The extent in this file, or null if the name is none of an extent. */
    static Extent of(Path file, long sizeBytes) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches() || name.group(1).charAt(0) > '7') {
            return null;
        }
        return new Extent(file.getParent(), Integer.parseInt(name.group(1), 16), Long.parseUnsignedLong(name.group(2), 16), sizeBytes);
    }

    long sizeBytes() {
        return sizeBytes;
    }

    void size(long bytes) {
        sizeBytes = bytes;
    }

    boolean isOpen() {
        return open;
    }

    /** Somebody is going to append to it. */
    void opened() {
        open = true;
    }

    /** Nobody appends to it any more. */
    void written() {
        open = false;
    }

    boolean isUnread() {
        return unread;
    }

    void unread() {
        unread = true;
    }

    /** Fills the buffer from position to limit. */
    static void read(FileChannel channel, ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
                throw new EOFException("the file ends at " + at);
            }
            at += count;
        }
    }
}
