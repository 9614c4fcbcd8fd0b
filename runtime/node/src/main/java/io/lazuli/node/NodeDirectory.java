package io.lazuli.node;

import io.lazuli.kernel.NodeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A node's data directory: who the node is and whom it has met. One process owns it at a time (a lock on
 * {@code node.lock}). Identity and remembered members survive every crash: each file is written beside itself, fsynced
 * and renamed.
 *
 * <pre>
 * node.id   the node's id, written once     members   cluster addresses of the cloud as last seen
 * store/    replicas                        host/     role packages        log/   logs
 * chunks/   bytes of blobs
 * </pre>
 */
final class NodeDirectory implements AutoCloseable {

    private static final int ID_DIGITS = 8;

    private final Path root;
    private final NodeId id;
    private final FileChannel lockFile;

    private NodeDirectory(Path root, NodeId id, FileChannel lockFile) {
        this.root = root;
        this.id = id;
        this.lockFile = lockFile;
    }

    /**
     * @throws NodeStartException if another process owns the directory, it cannot be written, or it belongs to a node of
     *     another id than {@code configuredId}
     */
    static NodeDirectory open(Path root, Optional<NodeId> configuredId) {
        try {
            Files.createDirectories(root);
            FileChannel lockFile =
                    FileChannel.open(root.resolve("node.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (!lock(lockFile)) {
                    throw new NodeStartException("the data directory " + root + " is in use by another node process");
                }
                return new NodeDirectory(root, identity(root, configuredId), lockFile);
            } catch (RuntimeException | IOException e) {
                lockFile.close();
                throw e;
            }
        } catch (IOException e) {
            throw new NodeStartException("cannot use the data directory " + root + ": " + e.getMessage());
        }
    }

    NodeId id() {
        return id;
    }

    Path root() {
        return root;
    }

    Path store() {
        return root.resolve("store");
    }

    Path chunks() {
        return root.resolve("chunks");
    }

    Path host() {
        return root.resolve("host");
    }

    /** Cluster addresses of the members seen last, this node's own among them; empty before the first join. */
    List<HostPort> members() {
        Path file = root.resolve("members");
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file).stream().filter(line -> !line.isBlank()).map(HostPort::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remember(Collection<HostPort> members) {
        try {
            replace(root.resolve("members"), String.join("\n", new TreeSet<>(members).stream().map(HostPort::toString).toList()) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean lock(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static NodeId identity(Path root, Optional<NodeId> configuredId) throws IOException {
        Path file = root.resolve("node.id");
        if (Files.exists(file)) {
            NodeId kept = new NodeId(Files.readString(file).strip());
            if (configuredId.isPresent() && !configuredId.get().equals(kept)) {
                throw new NodeStartException(
                        "the data directory " + root + " belongs to node " + kept + ", not to node " + configuredId.get());
            }
            return kept;
        }
        NodeId id = configuredId.orElseGet(
                () -> new NodeId("node-" + UUID.randomUUID().toString().replace("-", "").substring(0, ID_DIGITS)));
        replace(file, id.value() + "\n");
        return id;
    }

    private static void replace(Path file, String content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, content);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
