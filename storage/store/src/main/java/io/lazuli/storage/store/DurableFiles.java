package io.lazuli.storage.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** File operations that a crash cannot leave half done. */
final class DurableFiles {

    private DurableFiles() {}

    /** Replaces the file's content whole: a crash leaves the old or the new. */
    static void replace(Path file, String content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, content);
        sync(fresh);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(file.toAbsolutePath().getParent());
    }

    /** Creates the directory and makes its name durable. */
    static void createDirectory(Path directory) throws IOException {
        Files.createDirectories(directory);
        sync(directory.toAbsolutePath().getParent());
    }

    /**
     * Copies a database's files, durably, into an existing directory: table files, which never change, as hard links where
     * the file system can, the others byte by byte because their owner appends to them.
     */
    static void copyDatabase(Path source, Path target) throws IOException {
        for (Path file : list(source)) {
            if (!Files.isRegularFile(file)) {
                continue;
            }
            Path copy = target.resolve(file.getFileName().toString());
            if (!file.toString().endsWith(".sst") || !link(file, copy)) {
                Files.copy(file, copy);
            }
            sync(copy);
        }
        sync(target);
    }

    static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** fsync of a file or a directory. */
    static void sync(Path path) throws IOException {
        StandardOpenOption mode = Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }

    private static boolean link(Path existing, Path link) {
        try {
            Files.createLink(link, existing);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
