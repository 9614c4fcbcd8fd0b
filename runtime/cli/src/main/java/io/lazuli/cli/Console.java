package io.lazuli.cli;

import java.io.PrintStream;

/**
 * Where the command line writes: results to standard output, progress to standard error. On a terminal progress
 * overwrites one line; elsewhere (a file, a CI log) it is a line of its own every now and then.
 */
public final class Console {

    /** Elsewhere than on a terminal, no more than one line of progress in this time. */
    private static final long QUIET_NANOS = 2_000_000_000L;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final int columns;
    private String shown = "";
    private long shownNanos;

    /** @param terminal whether both streams are shown on a terminal; @param columns how wide that is */
    public Console(PrintStream out, PrintStream err, boolean terminal, int columns) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.columns = columns;
    }

    public synchronized void print(String text) {
        clearProgress();
        out.println(text);
        out.flush();
    }

    /** Text without a line end, as it comes from a log. */
    public synchronized void printRaw(String text) {
        clearProgress();
        out.print(text);
        out.flush();
    }

    /** A line for people that is no part of the result. */
    public synchronized void note(String text) {
        clearProgress();
        err.println(text);
        err.flush();
    }

    public synchronized void progress(String text) {
        if (text.equals(shown)) {
            return;
        }
        if (terminal) {
            err.print(ERASE_LINE + fitting(text));
        } else if (shown.isEmpty() || System.nanoTime() - shownNanos > QUIET_NANOS) {
            err.println(text);
        } else {
            return;
        }
        err.flush();
        shown = text;
        shownNanos = System.nanoTime();
    }

    /** A progress line that wraps could not be overwritten. */
    private String fitting(String text) {
        return text.length() < columns ? text : text.substring(0, columns - 2) + "…";
    }

    public synchronized void clearProgress() {
        if (terminal && !shown.isEmpty()) {
            err.print(ERASE_LINE);
            err.flush();
        }
        shown = "";
    }

    public boolean isTerminal() {
        return terminal;
    }

    public String bold(String text) {
        return styled("1", text);
    }

    public String green(String text) {
        return styled("32", text);
    }

    public String red(String text) {
        return styled("31", text);
    }

    public String dim(String text) {
        return styled("2", text);
    }

    private String styled(String code, String text) {
        return terminal ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
