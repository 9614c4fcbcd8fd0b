package io.lazuli.storage.chunk.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extent files of a node. At most {@value #MAX_OPEN} are kept open for reading. A file that is deleted while somebody reads it stays
 * readable for them. Any thread.
 */
final class Extents implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Extents.class);
    private static final int MAX_OPEN = 256;

    private final Path directory;
    private final SecureRandom salts = new SecureRandom();
    private final TreeMap<Integer, Extent> all = new TreeMap<>();
    /** Least recently used first. */
    private final LinkedHashMap<Integer, Extent> open = new LinkedHashMap<>(16, 0.75f, true);
    private int nextNumber = 1;

    private Extents(Path directory) {
        this.directory = directory;
    }

    static Extents open(Path directory) throws IOException {
        Files.createDirectories(directory);
        sync(directory.toAbsolutePath().getParent());
        // Of a process that was killed a file may be seen that is not durably named yet.
        sync(directory);
        Extents extents = new Extents(directory);
        for (Path file : list(directory)) {
            Extent extent = Extent.of(file, Files.size(file));
            if (extent != null) {
                extents.all.put(extent.number, extent);
                extents.reserve(extent.number);
            }
        }
        return extents;
    }

    /** Numbers up to this one are not used for new extents. */
    synchronized void reserve(int number) {
        nextNumber = Math.max(nextNumber, number + 1);
    }

    /** A new file, durably named, and open for appending. */
    Extent create() throws IOException {
        Extent extent;
        synchronized (this) {
            extent = new Extent(directory, nextNumber++, salts.nextLong(), 0);
            extent.opened();
        }
        Files.createFile(extent.path);
        sync(directory);
        synchronized (this) {
            all.put(extent.number, extent);
        }
        return extent;
    }

    synchronized Extent get(int number) {
        return all.get(number);
    }

    /** In the order of their numbers. */
    synchronized List<Extent> list() {
        return List.copyOf(all.values());
    }

    synchronized Extent last() {
        return all.isEmpty() ? null : all.lastEntry().getValue();
    }

    /** For reading; null if there is no such extent. To be given back with {@link #release}. */
    synchronized FileChannel acquire(int number) throws IOException {
        Extent extent = all.get(number);
        if (extent == null) {
            return null;
        }
        if (extent.channel == null) {
            extent.channel = FileChannel.open(extent.path, StandardOpenOption.READ);
        }
        extent.users++;
        open.put(number, extent);
        closeUnused();
        return extent.channel;
    }

    synchronized void release(int number) {
        Extent extent = open.get(number);
        extent.users--;
        if (extent.deleted && extent.users == 0) {
            open.remove(number);
            closeQuietly(extent);
        }
    }

    /** Also of one whose file is gone already. */
    void delete(Extent extent) throws IOException {
        synchronized (this) {
            all.remove(extent.number);
            extent.deleted = true;
            if (extent.users == 0) {
                open.remove(extent.number);
                closeQuietly(extent);
            }
        }
        Files.deleteIfExists(extent.path);
        sync(directory);
    }

    /** Extents whose file has vanished. */
    List<Extent> missing() throws IOException {
        List<Extent> known = list();
        Set<Path> names = list(directory).stream().map(Path::getFileName).collect(Collectors.toSet());
        return known.stream().filter(extent -> !names.contains(extent.path.getFileName())).toList();
    }

    @Override
    public synchronized void close() {
        open.values().forEach(Extents::closeQuietly);
        open.clear();
    }

    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private void closeUnused() {
        Iterator<Map.Entry<Integer, Extent>> oldest = open.entrySet().iterator();
        while (open.size() > MAX_OPEN && oldest.hasNext()) {
            Extent extent = oldest.next().getValue();
            if (extent.users == 0) {
                oldest.remove();
                closeQuietly(extent);
            }
        }
    }

    private static void closeQuietly(Extent extent) {
        try {
            if (extent.channel != null) {
                extent.channel.close();
            }
        } catch (IOException e) {
            // Only ever read from: nothing can be lost.
            LOG.warn("cannot close {}", extent.path, e);
        }
        extent.channel = null;
    }
}
