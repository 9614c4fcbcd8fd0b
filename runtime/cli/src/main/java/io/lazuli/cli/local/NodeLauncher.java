package io.lazuli.cli.local;

import io.lazuli.cli.CliException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts a node as a process of its own session, which outlives this one and its terminal. It goes through the launcher
 * script, where a node's JVM options are.
 */
public final class NodeLauncher {

    private final List<String> command;
    private final Map<String, String> environment;

    /** @param command the launcher and what comes before {@code --config}; @param environment added to this process' own */
    public NodeLauncher(List<String> command, Map<String, String> environment) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
    }

    /** The launcher that started this process, with the JDK that runs it. */
    public static NodeLauncher shipped(Map<String, String> environment) {
        String script = System.getProperty("lazuli.launcher");
        if (script == null) {
            throw new CliException("nodes are started by the launcher script only (runtime/bin/lazuli)");
        }
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("LAZULI_JAVA_HOME", System.getProperty("java.home"));
        return new NodeLauncher(List.of("/bin/sh", script, "node"), all);
    }

    ProcessHandle start(LocalNode node, List<String> arguments) {
        List<String> line = new ArrayList<>();
        findOnPath("setsid").ifPresentOrElse(setsid -> line.add(setsid.toString()), () -> line.add("nohup"));
        line.addAll(command);
        line.add("--config");
        line.add(node.confFile().toString());
        line.addAll(arguments);
        try {
            Files.createDirectories(node.consoleLog().getParent());
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(node.directory().toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(node.consoleLog().toFile()));
            builder.environment().putAll(environment);
            return builder.start().toHandle();
        } catch (IOException e) {
            throw new CliException("cannot start " + node.id() + ": " + e.getMessage());
        }
    }

    private static Optional<Path> findOnPath(String program) {
        for (String directory : System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, program);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
