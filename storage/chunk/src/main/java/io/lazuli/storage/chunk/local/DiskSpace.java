package io.lazuli.storage.chunk.local;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much room a node's disk has, and whether and why it takes no chunks. Asks the file system from time to time and counts what is written
 * in between. Any thread.
 */
final class DiskSpace {

    /** So much is written at most until the file system is asked again. */
    private static final long ASK_AFTER_BYTES = 32L << 20;

    /** Asks for the free bytes of a disk. */
    interface Probe {

        long freeBytes() throws IOException;

        static Probe of(Path directory) throws IOException {
            FileStore store = Files.getFileStore(directory);
            return store::getUsableSpace;
        }
    }

    private final Probe probe;
    private final long reserveBytes;
    private final AtomicLong writtenBytes = new AtomicLong();
    private volatile long freeBytes;
    private volatile String full = "";
    private volatile String failure = "";

    DiskSpace(Probe probe, long reserveBytes) {
        this.probe = probe;
        this.reserveBytes = reserveBytes;
        ask();
    }

    /** Empty if chunks are taken. */
    String notWritable() {
        return failure.isEmpty() ? full : failure;
    }

    boolean isFull() {
        return !full.isEmpty();
    }

    long freeBytes() {
        return Math.max(0, freeBytes - writtenBytes.get());
    }

    /** Asks now; what had been marked full or failing may be written to again if there is room. */
    void ask() {
        try {
            freeBytes = probe.freeBytes();
            writtenBytes.set(0);
            failure = "";
            full = freeBytes < reserveBytes ? "disk full: " + (freeBytes >> 20) + " MiB free" : "";
        } catch (IOException e) {
            failure = "disk failing: " + e.getMessage();
        }
    }

    /** Before a write of chunks of users: whether there is room. */
    boolean roomFor(long bytes) {
        if (writtenBytes.get() > ASK_AFTER_BYTES || freeBytes() - bytes < reserveBytes) {
            ask();
            if (freeBytes() - bytes < reserveBytes) {
                full = "disk full: " + (freeBytes() >> 20) + " MiB free";
            }
        }
        return notWritable().isEmpty();
    }

    void written(long bytes) {
        writtenBytes.addAndGet(bytes);
    }

    /** A write has failed; until {@link #ask} finds room no further one is begun. */
    void failed(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left") || message.contains("quota exceeded")) {
            full = "disk full: " + message;
        } else {
            failure = "disk failing: " + message;
        }
    }
}
