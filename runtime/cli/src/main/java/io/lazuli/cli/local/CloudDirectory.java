package io.lazuli.cli.local;

import io.lazuli.cli.CliException;
import io.lazuli.cli.admin.AdminClient;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The directory that a cloud of this machine lives in: node <i>n</i> has {@code node-n} in it. */
public final class CloudDirectory {

    private static final Pattern NODE_DIRECTORY = Pattern.compile("node-([1-9][0-9]?)");

    private final Path root;

    public CloudDirectory(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    public Path root() {
        return root;
    }

    /** The nodes in the order of their numbers; empty if there is no cloud here. */
    public List<LocalNode> nodes() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<LocalNode> nodes = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(root, "node-*")) {
            for (Path directory : directories) {
                if (NODE_DIRECTORY.matcher(directory.getFileName().toString()).matches()
                        && Files.exists(directory.resolve(NodeConf.FILE))) {
                    nodes.add(new LocalNode(directory, NodeConf.read(directory)));
                }
            }
        } catch (IOException e) {
            throw new CliException("cannot read " + root + ": " + e);
        }
        nodes.sort(Comparator.comparingInt(node -> number(node.directory())));
        return nodes;
    }

    /** A client of the management API of these nodes, whichever answers. */
    public static AdminClient admin(List<LocalNode> nodes, String whoseCloud) {
        return new AdminClient(
                nodes.stream().map(node -> node.conf().adminEndpoint()).toList(),
                nodes.stream().findFirst().flatMap(node -> node.conf().adminToken()), whoseCloud);
    }

    LocalNode add(int number, Map<String, Integer> ports) {
        Path directory = root.resolve("node-" + number);
        NodeConf.write(directory, "node-" + number, ports);
        return new LocalNode(directory, NodeConf.read(directory));
    }

    static int number(Path directory) {
        var matcher = NODE_DIRECTORY.matcher(directory.getFileName().toString());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(directory + " is no node's directory");
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** Held while the cloud is started or stopped, so that two commands do not do it at the same time. */
    Lock lock() {
        try {
            Files.createDirectories(root);
            FileChannel file = FileChannel.open(root.resolve("cloud.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = file.tryLock();
            if (lock == null) {
                file.close();
                throw new CliException("another 'lazuli up' or 'lazuli down' is at work in " + root);
            }
            return new Lock(file);
        } catch (IOException e) {
            throw new CliException("cannot use the data directory " + root + ": " + e.getMessage());
        }
    }

    record Lock(FileChannel file) implements AutoCloseable {
        @Override
        public void close() {
            try {
                file.close();
            } catch (IOException e) {
                throw new CliException("cannot release the lock of the data directory: " + e.getMessage());
            }
        }
    }
}
