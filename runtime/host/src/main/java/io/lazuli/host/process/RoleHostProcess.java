package io.lazuli.host.process;

import io.lazuli.host.log.InstanceLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The node's end of one role-host process: four small platform threads, which start it and write what it is told, read
 * what it says, keep its standard error in the role host's log, and wait for its end. Its methods return at once; the listener is called by those
 * threads, {@link Listener#exited} last.
 */
final class RoleHostProcess {

    /** Orders that wait to be written; more than this means that the role host does not read them. */
    static final int MAX_WAITING_LINES = 4_096;

    private static final String END = "";
    private static final long STACK_BYTES = 256 << 10;
    private static final long LAST_WORDS_MILLIS = 2_000;

    interface Listener {
        void started(long pid);

        void said(RoleHostMessage.FromRoleHost message);

        /** @param why for people */
        void exited(String why);
    }

    private final List<String> command;
    private final Path directory;
    private final InstanceLog log;
    private final Listener listener;
    private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>(MAX_WAITING_LINES);
    /** Null until started. Guarded by this object, as the next. */
    private Process process;
    private Optional<String> killedBecause = Optional.empty();

    private RoleHostProcess(List<String> command, Path directory, InstanceLog log, Listener listener) {
        this.command = command;
        this.directory = directory;
        this.log = log;
        this.listener = listener;
    }

    /** @param directory where its code runs, made if missing; @param log closed when the process has ended */
    static RoleHostProcess start(List<String> command, Path directory, InstanceLog log, Listener listener) {
        RoleHostProcess host = new RoleHostProcess(command, directory, log, listener);
        thread("role-host-stdin", host::launchAndWrite);
        return host;
    }

    void tell(RoleHostMessage.ToRoleHost message) {
        if (!waiting.offer(RoleHostLine.write(message))) {
            kill("the role host does not read what it is told");
        }
    }

    /** Ends it and what it has started. @param why what the listener is told, unless it has been killed or has ended before */
    void kill(String why) {
        synchronized (this) {
            if (killedBecause.isEmpty()) {
                killedBecause = Optional.of(why);
            }
            if (process != null) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
        waiting.clear();
        waiting.add(END);
    }

    private void launchAndWrite() {
        Process started;
        try {
            Files.createDirectories(directory);
            synchronized (this) {
                if (killedBecause.isPresent()) {
                    finish(killedBecause.get());
                    return;
                }
                started = new ProcessBuilder(command).directory(directory.toFile()).start();
                process = started;
            }
        } catch (IOException e) {
            finish("the role host cannot be started: " + e.getMessage());
            return;
        }
        listener.started(started.pid());
        Thread errors = thread("role-host-stderr", () -> keepErrors(started.getErrorStream()));
        Thread words = thread("role-host-stdout", () -> listen(started.getInputStream()));
        thread("role-host-exit", () -> awaitExit(started, words, errors));
        write(started.getOutputStream());
    }

    private void write(OutputStream toRoleHost) {
        try (toRoleHost) {
            for (String line = waiting.take(); !line.equals(END); line = waiting.take()) {
                toRoleHost.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                toRoleHost.flush();
            }
        } catch (IOException e) {
            log.write("INFO", "the role host has stopped listening");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen(InputStream fromRoleHost) {
        LineReader lines = new LineReader(fromRoleHost, RoleHostLine.MAX_LINE_BYTES);
        try {
            for (String line = lines.next(); line != null; line = lines.next()) {
                Optional<RoleHostMessage> message = RoleHostLine.read(line);
                if (message.isPresent() && message.get() instanceof RoleHostMessage.FromRoleHost said) {
                    listener.said(said);
                } else {
                    log.write("OUT", line);
                }
            }
        } catch (IOException e) {
            log.write("INFO", "the role host has stopped talking");
        }
    }

    private void keepErrors(InputStream errors) {
        try (OutputStream lines = log.lines("ERR")) {
            errors.transferTo(lines);
        } catch (IOException e) {
            log.write("INFO", "the role host has stopped talking");
        }
    }

    /** What it said last is heard before its end, unless something that it started holds its streams open. */
    private void awaitExit(Process exiting, Thread words, Thread errors) {
        try {
            int code = exiting.waitFor();
            words.join(LAST_WORDS_MILLIS);
            errors.join(LAST_WORDS_MILLIS);
            waiting.clear();
            waiting.add(END);
            String why;
            synchronized (this) {
                why = killedBecause.orElse(RoleHostExit.describe(code));
            }
            finish(why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish(String why) {
        log.write("INFO", why);
        log.close();
        listener.exited(why);
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
