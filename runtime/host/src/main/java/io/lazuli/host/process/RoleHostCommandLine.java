package io.lazuli.host.process;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.Context;
import com.typesafe.config.Config;
import io.lazuli.host.HostSettings.RoleHostSettings;
import io.lazuli.kernel.NodeId;
import io.lazuli.role.Role;
import io.lazuli.security.SharedKeySigner;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.event.slf4j.Slf4jLogger;
import org.slf4j.Logger;

/** How a role host is started: the running node's Java, little memory beside the heap, only the jars that it needs. */
final class RoleHostCommandLine {

    private static final int METASPACE_MIB = 128;
    private static final int CODE_CACHE_MIB = 48;
    private static final int INITIAL_HEAP_MIB = 8;
    /** Instances have virtual threads; so many of them can compute at the same time without keeping the others from running. */
    private static final int CARRIER_THREADS = 16;

    /** One class of every jar that a role host may load classes from. */
    private static final List<Class<?>> ANCHORS = List.of(
            RoleHostMain.class, Role.class, NodeId.class, SharedKeySigner.class, Config.class, ActorSystem.class,
            org.apache.pekko.actor.Actor.class, Slf4jLogger.class, scala.Option.class, Logger.class, LoggerContext.class, Context.class);

    private RoleHostCommandLine() {}

    static List<String> of(RoleHostSettings settings, int heapMib) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMib + "m",
                "-Xms" + Math.min(INITIAL_HEAP_MIB, heapMib) + "m",
                "-XX:+UseSerialGC",
                "-XX:MaxMetaspaceSize=" + METASPACE_MIB + "m",
                "-XX:ReservedCodeCacheSize=" + CODE_CACHE_MIB + "m",
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+DisplayVMOutputToStderr",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=hs_err.log",
                "-Djdk.virtualThreadScheduler.parallelism=" + Math.max(CARRIER_THREADS, Runtime.getRuntime().availableProcessors()),
                "-Dlogback.configurationFile=io/lazuli/host/process/logback-role-host.xml",
                "-Dfile.encoding=UTF-8"));
        command.addAll(settings.jvmOptions());
        command.addAll(List.of("-cp", settings.classPath().isEmpty() ? classPath() : settings.classPath(), RoleHostMain.class.getName()));
        return command;
    }

    private static String classPath() {
        Set<String> jars = new LinkedHashSet<>();
        for (Class<?> anchor : ANCHORS) {
            try {
                jars.add(Path.of(anchor.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
            } catch (URISyntaxException e) {
                throw new IllegalStateException("no path: " + anchor.getProtectionDomain().getCodeSource().getLocation(), e);
            }
        }
        return String.join(File.pathSeparator, jars);
    }
}
