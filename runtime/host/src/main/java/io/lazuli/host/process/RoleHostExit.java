package io.lazuli.host.process;

/** What the exit code of a role host means to people. */
final class RoleHostExit {

    /** What HotSpot exits with under {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;
    /** Codes above this are the signals that ended the process. */
    private static final int SIGNALS = 128;
    private static final int SIGABRT = 6;
    private static final int SIGKILL = 9;

    private RoleHostExit() {}

    static String describe(int code) {
        if (code == OUT_OF_MEMORY) {
            return "the role host ran out of memory";
        }
        if (code > SIGNALS) {
            int signal = code - SIGNALS;
            return switch (signal) {
                case SIGABRT -> "the role host crashed (signal " + signal + ")";
                case SIGKILL -> "the role host was killed (signal " + signal + ")";
                default -> "the role host ended by signal " + signal;
            };
        }
        return "the role host exited with code " + code;
    }
}
