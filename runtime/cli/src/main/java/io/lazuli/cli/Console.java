package io.lazuli.cli;

import java.io.PrintStream;

/**
 * Where the command line writes: results to standard output, progress to standard error. On a terminal progress
 * overwrites one line; elsewhere (a file, a CI log) each new text is a line of its own.
 */
public final class Console {

    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private String shown = "";

    public Console(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
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
            err.print(ERASE_LINE + text);
        } else {
            err.println(text);
        }
        err.flush();
        shown = text;
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
