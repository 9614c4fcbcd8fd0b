package io.lazuli.host.code;

import io.lazuli.host.log.InstanceLog;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Knows whose code a thread runs, so that in a role host what it prints to {@code System.out} and {@code System.err} goes
 * to its instance's log. Threads that role code starts inherit it; what other threads print goes to a fallback.
 */
public final class RoleOutput {

    private static final InheritableThreadLocal<Target> TARGET = new InheritableThreadLocal<>();

    private record Target(OutputStream lines) {}

    private RoleOutput() {}

    /** From now on this thread runs code of the instance with this log. */
    static void to(InstanceLog log) {
        TARGET.set(new Target(log.lines("OUT")));
    }

    static void toNobody() {
        TARGET.remove();
    }

    /** Routes this process's standard streams. */
    public static void install(OutputStream fallback) {
        PrintStream routed = new PrintStream(new Routed(fallback), true, StandardCharsets.UTF_8);
        System.setOut(routed);
        System.setErr(routed);
    }

    private static final class Routed extends OutputStream {

        private final OutputStream fallback;

        Routed(OutputStream fallback) {
            this.fallback = fallback;
        }

        @Override
        public void write(int b) throws java.io.IOException {
            current().write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws java.io.IOException {
            current().write(bytes, from, length);
        }

        @Override
        public void flush() throws java.io.IOException {
            current().flush();
        }

        private OutputStream current() {
            Target target = TARGET.get();
            return target == null ? fallback : target.lines();
        }
    }
}
