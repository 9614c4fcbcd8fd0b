package io.lazuli.cli.blob;

import io.lazuli.cli.ByteCount;
import io.lazuli.cli.Console;
import java.util.concurrent.atomic.AtomicLong;

/** A bar that tells how much of all transfers of a command has been done. Any thread. */
final class Progress {

    private static final int BAR_CHARS = 24;

    private final Console console;
    private final String what;
    private final AtomicLong totalBytes;
    private final AtomicLong doneBytes = new AtomicLong();
    private final long startNanos = System.nanoTime();

    Progress(Console console, String what, long totalBytes) {
        this.console = console;
        this.what = what;
        this.totalBytes = new AtomicLong(totalBytes);
    }

    /** More is to be done than was known. */
    void expect(long bytes) {
        totalBytes.addAndGet(bytes);
    }

    long totalBytes() {
        return totalBytes.get();
    }

    void add(long bytes) {
        long done = doneBytes.addAndGet(bytes);
        if (!console.isTerminal()) {
            return;
        }
        long total = totalBytes();
        int filled = total == 0 ? BAR_CHARS : (int) Math.min(BAR_CHARS, done * BAR_CHARS / total);
        double seconds = Math.max(0.001, (System.nanoTime() - startNanos) / 1e9);
        console.progress("[" + "#".repeat(filled) + "-".repeat(BAR_CHARS - filled) + "] " + ByteCount.of(done) + " of " + ByteCount.of(total)
                + ", " + ByteCount.of(done / seconds) + "/s  " + what);
    }
}
