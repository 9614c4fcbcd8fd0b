package io.lazuli.host.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes one instance's log: lines with a time stamp, appended unbuffered, so that what was written is there after any
 * kind of crash of the process (not of the machine). At most {@code maxBytes} and one older file of the same size are
 * kept. A full disk loses log lines and nothing else.
 *
 * <p>One process writes a log at a time: the node before and after, the role host while the instance's code runs in it.
 *
 * <p>Each file begins with a header that says how many bytes the log had before it, so that readers
 * can follow a log over rotations with one growing offset.
 */
public final class InstanceLog implements AutoCloseable {

    /** Longest text of one record; what is beyond is cut. */
    static final int MAX_RECORD_CHARS = 16 << 10;

    private static final System.Logger LOGGER = System.getLogger(InstanceLog.class.getName());
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path file;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    /** Not a channel: those are closed by an interrupt of the thread that writes, and role code is interrupted to stop. */
    private FileOutputStream out;
    private long firstOffset;
    private long bytes;

    public InstanceLog(Path file, long maxBytes) {
        this.file = file;
        this.maxBytes = maxBytes;
    }

    /** Appends a record; its further lines are kept as they are. */
    public void write(String level, String text) {
        String bounded = text.length() <= MAX_RECORD_CHARS ? text : text.substring(0, MAX_RECORD_CHARS) + "…";
        append((STAMP.format(Instant.now()) + " " + level + " " + bounded.stripTrailing() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public void write(String level, String text, Throwable thrown) {
        write(level, text + "\n" + stackTrace(thrown));
    }

    /** A stream whose lines become records. */
    public OutputStream lines(String level) {
        return new LineStream(line -> write(level, line));
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private void append(byte[] record) {
        lock.lock();
        try {
            if (out == null) {
                open();
            }
            if (bytes + record.length > maxBytes && bytes > LogFile.HEADER_BYTES) {
                rotate();
            }
            out.write(record);
            bytes += record.length;
        } catch (IOException e) {
            close();
        } finally {
            lock.unlock();
        }
    }

    private void open() throws IOException {
        Files.createDirectories(file.getParent());
        openAt(Files.exists(file) ? LogFile.open(file).firstOffset() : 0);
    }

    private void rotate() throws IOException {
        long before = firstOffset + bytes;
        out.close();
        Files.move(file, oldFile(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        openAt(before);
    }

    private void openAt(long firstOffset) throws IOException {
        this.firstOffset = firstOffset;
        out = new FileOutputStream(file.toFile(), true);
        bytes = Files.size(file);
        if (bytes == 0) {
            byte[] header = LogFile.header(firstOffset);
            out.write(header);
            bytes = header.length;
        }
    }

    static Path oldFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".old");
    }

    /** Closes the file; the next record opens it again. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "cannot close " + file, e);
        } finally {
            out = null;
            lock.unlock();
        }
    }
}
