package io.lazuli.cli.blob;

import io.lazuli.cli.ByteCount;
import io.lazuli.cli.Console;
import java.util.concurrent.atomic.AtomicLong;

/** A bar that tells how much of all transfers of a command has been done. Any thread. */
final class Progress {

    private static final int BAR_CHARS = 24;

    private final Console console;
    private final String what;
    private final long totalBytes;
    private final AtomicLong doneBytes = new AtomicLong();
    private final long startNanos = System.nanoTime();

    Progress(Console console, String what, long totalBytes) {
        this.console = console;
        this.what = what;
        this.totalBytes = totalBytes;
    }

    void add(long bytes) {
        long done = doneBytes.addAndGet(bytes);
        if (!console.isTerminal()) {
            return;
        }
        int filled = totalBytes == 0 ? BAR_CHARS : (int) Math.min(BAR_CHARS, done * BAR_CHARS / totalBytes);
        double seconds = Math.max(0.001, (System.nanoTime() - startNanos) / 1e9);
        console.progress("[" + "#".repeat(filled) + "-".repeat(BAR_CHARS - filled) + "] " + ByteCount.of(done) + " of " + ByteCount.of(totalBytes)
                + ", " + ByteCount.of(done / seconds) + "/s  " + what);
    }
}
