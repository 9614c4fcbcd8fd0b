package io.lazuli.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One node process. It runs until it is told to end (SIGTERM, SIGINT), then leaves the cloud in order. A node that the
 * others have given up for dead while it was paused or cut off starts again in the same process, as a new member.
 *
 * <p>Exit codes: 0 ended in order, 1 cannot start (the reason is on standard error in one line), 2 wrong arguments,
 * 3 could not end in order.
 */
@Command(
        name = "lazuli node",
        description = "Runs one node of a cloud until it is told to end.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Main implements Callable<Integer> {

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The node's configuration (HOCON).")
    private Path configFile;

    @Option(names = "--join", paramLabel = "HOST:PORT", description = "Cluster address of a node of the cloud to join; repeatable.")
    private List<HostPort> join = new ArrayList<>();

    @Option(names = "--form", description = "Form the cloud if this node must not wait for others, whoever it remembers.")
    private boolean form;

    public static void main(String[] args) {
        int exitCode = new CommandLine(new Main())
                .registerConverter(HostPort.class, HostPort::parse)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("lazuli node: " + failure);
                    return 1;
                })
                .execute(args);
        System.exit(exitCode);
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            Config config = read(configFile);
            NodeSettings settings = NodeSettings.of(config);
            Path logs = settings.dataDirectory().resolve("log");
            System.setProperty("lazuli.log.dir", logs.toString());
            try (NodeDirectory directory = NodeDirectory.open(settings.dataDirectory(), settings.configuredId())) {
                return run(config, settings, directory);
            }
        } catch (NodeStartException | SettingsException e) {
            System.err.println("lazuli node: " + e.getMessage());
            return 1;
        }
    }

    private int run(Config config, NodeSettings settings, NodeDirectory directory) throws InterruptedException {
        NodeEnd end = new NodeEnd();
        Runtime.getRuntime().addShutdownHook(new Thread(end::requestAndAwait, "node-end"));
        HostPort self = settings.clusterAddress();
        Joining joining = Joining.decide(self, form, join, settings.join(), directory.members());
        try {
            while (!end.requested()) {
                Node node = Node.start(config, settings, directory, joining);
                end.watch(node);
                node.awaitTermination();
                if (!end.requested()) {
                    LoggerFactory.getLogger(Main.class).warn("this node left the cluster without being told to; it joins again");
                    joining = Joining.again(self, settings.join(), directory.members());
                }
            }
            return 0;
        } finally {
            end.completed();
        }
    }

    private static Config read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new NodeStartException("there is no configuration file " + file);
        }
        try {
            return ConfigFactory.systemProperties()
                    .withFallback(ConfigFactory.parseFile(file.toFile()))
                    .withFallback(ConfigFactory.parseResources("lazuli-pekko.conf"))
                    .withFallback(ConfigFactory.defaultReferenceUnresolved())
                    .resolve();
        } catch (ConfigException e) {
            throw new NodeStartException("cannot read " + file + ": " + e.getMessage());
        }
    }
}
