package io.lazuli.cli.local;

import io.lazuli.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What the JDK does not say of processes: whether one is dead but not yet buried, and waiting for several. */
public final class Processes {

    private static final long POLL_NANOS = 50_000_000;

    private Processes() {}

    /** False too for a process that has ended and that its parent has not asked after (a zombie). */
    public static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException | IndexOutOfBoundsException e) {
            return process.isAlive();
        }
    }

    /** Waits until all have ended; returns those that still run when the time is over. */
    static List<ProcessHandle> awaitEnd(Collection<ProcessHandle> processes, long timeoutMillis) {
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
        while (true) {
            List<ProcessHandle> running = processes.stream().filter(Processes::isRunning).toList();
            if (running.isEmpty() || System.nanoTime() - deadline >= 0) {
                return running;
            }
            pause();
        }
    }

    /** A short rest between two looks. @throws CliException if the program is asked to end */
    public static void pause() {
        LockSupport.parkNanos(POLL_NANOS);
        if (Thread.currentThread().isInterrupted()) {
            throw new CliException("interrupted");
        }
    }
}
