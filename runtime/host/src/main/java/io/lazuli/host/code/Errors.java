package io.lazuli.host.code;

/** Says in one line what went wrong in role code. */
public final class Errors {

    /** Longest line; instances' logs have the whole. */
    static final int MAX_CHARS = 1_000;

    private Errors() {}

    public static String describe(Throwable thrown) {
        String line;
        try {
            line = String.valueOf(thrown).strip().replaceAll("\\s+", " ");
        } catch (RuntimeException e) {
            line = thrown.getClass().getName();
        }
        return line.length() <= MAX_CHARS ? line : line.substring(0, MAX_CHARS - 1) + "…";
    }
}
