package io.lazuli.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, in a distribution without content, with JDKs that only say who they are and what they were given. */
class LauncherTest {

    @TempDir
    private Path root;
    private Path launcher;
    private Path home;

    private record Run(int status, String output) {}

    @BeforeEach
    void makeDistribution() throws IOException {
        Path distribution = Files.createDirectories(root.resolve("dist with blank"));
        home = Files.createDirectories(root.resolve("home"));
        for (String directory : List.of("bin", "lib", "samples")) {
            Files.createDirectories(distribution.resolve(directory));
        }
        for (String file : List.of(
                "lib/lazuli-cli-0.1.jar", "lib/picocli-4.jar", "lib/jackson-databind-2.jar", "lib/jackson-annotations-2.jar",
                "lib/jackson-core-2.jar", "lib/config-1.jar", "lib/lazuli-node-0.1.jar", "built")) {
            Files.createFile(distribution.resolve(file));
        }
        launcher = distribution.resolve("bin/lazuli");
        Files.copy(Path.of("..", "bin", "lazuli"), launcher);
        assertTrue(launcher.toFile().setExecutable(true));
    }

    @Test
    void theJdkThatIsAskedForIsTaken() throws Exception {
        Path jdk = jdk("asked", "21.0.2");
        jdk("newer", "99");
        assertTrue(run(launcher, Map.of("LAZULI_JAVA_HOME", jdk.toString()), "ps").output().contains("jdk asked"));
    }

    @Test
    void anOldJdkThatIsAskedForIsRefused() throws Exception {
        Run run = run(launcher, Map.of("LAZULI_JAVA_HOME", jdk("old", "17.0.1").toString()), "ps");
        assertEquals(1, run.status());
        assertTrue(run.output().contains("is no JDK of version 21 or newer"), run.output());
    }

    @Test
    void anOldDefaultIsPassedOverForANewerOneBesideIt() throws Exception {
        Path old = jdk("old", "1.8.0_402");
        jdk(".jdks/jdk-999", "999-ea");
        Run run = run(launcher, Map.of("JAVA_HOME", old.toString(), "PATH", old.resolve("bin") + ":/usr/bin:/bin"), "ps");
        assertTrue(run.output().contains("jdk .jdks/jdk-999"), run.output());
    }

    @Test
    void argumentsArriveAsTheyWereGivenThroughASymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(root.resolve("link"), launcher);
        Run run = run(link, Map.of("LAZULI_JAVA_HOME", jdk("asked", "21").toString()), "queue", "put", "q", "a  b*");
        assertEquals(0, run.status());
        assertTrue(run.output().endsWith("[io.lazuli.cli.Main][queue][put][q][a  b*]\n"), run.output());
    }

    @Test
    void aNodeGetsItsOptionsAndThoseOfItsOwner() throws Exception {
        Path jdk = jdk("asked", "25");
        Path conf = Files.createFile(root.resolve("node.conf"));
        Files.createFile(root.resolve("jvm.options"));
        Run run = run(
                launcher, Map.of("LAZULI_JAVA_HOME", jdk.toString(), "LAZULI_NODE_OPTS", "-Xmx2g -Done"),
                "node", "--config", conf.toString(), "--join", "h:1");
        assertTrue(run.output().contains("[-Xmx512m]"), run.output());
        assertTrue(run.output().contains("[@" + root.resolve("jvm.options") + "][-Xmx2g][-Done][-cp]"), run.output());
        assertTrue(run.output().endsWith("[io.lazuli.node.Main][--config][" + conf + "][--join][h:1]\n"), run.output());
        assertFalse(run.output().contains("SharedArchiveFile"), run.output());
    }

    @Test
    void anOwnersCollectorReplacesOurs() throws Exception {
        Path jdk = jdk("asked", "25");
        assertTrue(run(launcher, Map.of("LAZULI_JAVA_HOME", jdk.toString()), "node").output().contains("[-XX:+UseSerialGC]"));
        Run run = run(launcher, Map.of("LAZULI_JAVA_HOME", jdk.toString(), "LAZULI_NODE_OPTS", "-XX:+UseParallelGC"), "node");
        assertFalse(run.output().contains("SerialGC"), run.output());
    }

    /** A JDK whose java prints the JDK's name and its arguments, each in brackets. */
    private Path jdk(String name, String version) throws IOException {
        Path jdk = home.resolve(name);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"test\"\nJAVA_VERSION=\"" + version + "\"\n");
        Path java = Files.writeString(jdk.resolve("bin/java"), """
                #!/bin/sh
                echo "jdk %s"
                for argument; do printf '[%%s]' "$argument"; done
                echo
                """.formatted(name));
        assertTrue(java.toFile().setExecutable(true));
        return jdk;
    }

    private Run run(Path script, Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(script.toString()).redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeAll(List.of("LAZULI_JAVA_HOME", "JAVA_HOME", "LAZULI_NODE_OPTS"));
        builder.environment().put("HOME", home.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }
}
