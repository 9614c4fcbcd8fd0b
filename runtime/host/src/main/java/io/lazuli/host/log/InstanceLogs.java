package io.lazuli.host.log;

import io.lazuli.host.InstanceKey;
import io.lazuli.host.NodeAgentProtocol.LogPage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The logs of a node's instances: {@code <directory>/<deployment>/<role>.<index>.log}, and {@code role-host.log} beside
 * them for what a deployment's role host said outside of any instance. Reads pages of them; blocks.
 */
public final class InstanceLogs {

    public static final int MAX_PAGE_BYTES = 1 << 20;

    /** What deployments and roles may be named; anything else is no file of ours. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int MAX_ATTEMPTS = 3;

    private final Path directory;
    private final long maxBytes;

    /** @param maxBytes of each file; an instance has two at most */
    public InstanceLogs(Path directory, long maxBytes) {
        this.directory = directory;
        this.maxBytes = maxBytes;
    }

    /** The caller closes it. */
    public InstanceLog of(InstanceKey key) {
        return new InstanceLog(file(key), maxBytes);
    }

    /** The caller closes it. */
    public InstanceLog ofRoleHost(String deployment) {
        return new InstanceLog(directory.resolve(checked(deployment)).resolve("role-host.log"), maxBytes);
    }

    /**
     * Reads from {@code offset} (negative: that many bytes before the end) at most {@code maxBytes}, which is held within 1
     * and {@link #MAX_PAGE_BYTES}. What is older than what is kept is skipped; beyond the end there is nothing yet. Pages
     * end with whole lines if they contain any, and with whole characters in any case.
     */
    public LogPage read(InstanceKey key, long offset, int maxBytes) {
        int bounded = Math.max(1, Math.min(maxBytes, MAX_PAGE_BYTES));
        try {
            for (int attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
                try {
                    return readOnce(key, offset, bounded);
                } catch (FileNotFoundException | NoSuchFileException e) {
                    continue;
                }
            }
            return readOnce(key, offset, bounded);
        } catch (IOException | IllegalArgumentException e) {
            return new LogPage(key, Math.max(0, offset), "");
        }
    }

    private LogPage readOnce(InstanceKey key, long offset, int maxBytes) throws IOException {
        Path current = file(key);
        List<LogFile> files = new ArrayList<>();
        for (Path path : List.of(InstanceLog.oldFile(current), current)) {
            if (Files.exists(path)) {
                files.add(LogFile.open(path));
            }
        }
        if (files.isEmpty()) {
            return new LogPage(key, 0, "");
        }
        long end = files.getLast().endOffset();
        long wanted = offset >= 0 ? offset : Math.max(0, end + offset);
        for (LogFile file : files) {
            long from = Math.max(wanted, file.firstOffset() + LogFile.HEADER_BYTES);
            if (from < file.endOffset()) {
                byte[] page = file.read(from, maxBytes);
                int start = offset < 0 && from == wanted ? afterFirstLineEnd(page) : 0;
                int length = wholeLength(page);
                return new LogPage(key, from + length, new String(page, start, length - start, StandardCharsets.UTF_8));
            }
        }
        return new LogPage(key, Math.min(wanted, end), "");
    }

    /** A page that is counted from the end begins with a whole line, if it has one. */
    private static int afterFirstLineEnd(byte[] page) {
        for (int i = 0; i < page.length - 1; i++) {
            if (page[i] == '\n') {
                return i + 1;
            }
        }
        return 0;
    }

    /** To the last line's end; without one, to the last whole character; at least one byte. */
    private static int wholeLength(byte[] page) {
        for (int i = page.length - 1; i >= 0; i--) {
            if (page[i] == '\n') {
                return i + 1;
            }
        }
        int start = page.length - 1;
        while (start > 0 && (page[start] & 0xC0) == 0x80) {
            start--;
        }
        int lead = page[start] & 0xFF;
        int needed = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        return start == 0 || page.length - start >= needed ? page.length : start;
    }

    private Path file(InstanceKey key) {
        if (key.index() < 0) {
            throw new IllegalArgumentException("no instance has the index " + key.index());
        }
        return directory.resolve(checked(key.deployment())).resolve(checked(key.role()) + "." + key.index() + ".log");
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of a deployment or role: '" + name + "'");
        }
        return name;
    }
}
