package io.lazuli.host.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.host.HostSettings.QueueSettings;
import io.lazuli.host.HostSettings.RoleHostSettings;
import io.lazuli.host.StorageAccess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a role host whose node is gone. */
class OrphanTest {

    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    Path directory;

    @Test
    void itEndsWhenItsStandardInputEnds() throws Exception {
        Process roleHost = start(ProcessHandle.current().pid());
        roleHost.getOutputStream().close();
        assertTrue(roleHost.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the role host runs on");
        assertEquals(0, roleHost.exitValue());
    }

    /** As when something that the node started holds the pipe's other end open. */
    @Test
    void itEndsWhenItsNodeIsKilledThoughItsStandardInputStaysOpen() throws Exception {
        Process node = new ProcessBuilder("sleep", "600").start();
        Process roleHost = start(node.pid());
        node.destroyForcibly();
        assertTrue(roleHost.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the role host runs on");
        assertEquals(RoleHostMain.EXIT_ORPHANED, roleHost.exitValue());
    }

    @Test
    void itObeysNobodyButANode() throws Exception {
        Process roleHost = new ProcessBuilder(command()).directory(directory.toFile()).redirectErrorStream(true).start();
        try (OutputStream in = roleHost.getOutputStream()) {
            in.write("{\"type\":\"Heartbeat\"}\n".getBytes(StandardCharsets.UTF_8));
        }
        assertTrue(roleHost.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the role host runs on");
        assertEquals(1, roleHost.exitValue());
    }

    private Process start(long nodePid) throws IOException {
        Process roleHost = new ProcessBuilder(command()).directory(directory.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        RoleHostMessage configure = new RoleHostMessage.Configure(
                nodePid, directory, 1 << 20, 100, new StorageAccess("c", List.of(URI.create("http://127.0.0.1:1/a")), "a",
                        Base64.getEncoder().encodeToString(new byte[32])), new QueueSettings(0, 1, 1, 1_000));
        OutputStream in = roleHost.getOutputStream();
        in.write((RoleHostLine.write(configure) + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
        LineReader lines = new LineReader(roleHost.getInputStream(), RoleHostLine.MAX_LINE_BYTES);
        RoleHostMessage first = RoleHostLine.read(lines.next()).orElseThrow();
        while (first instanceof RoleHostMessage.Heartbeat) {
            first = RoleHostLine.read(lines.next()).orElseThrow();
        }
        assertInstanceOf(RoleHostMessage.Up.class, first);
        return roleHost;
    }

    private static List<String> command() {
        return RoleHostCommandLine.of(new RoleHostSettings(60_000, 1_000, 15_000, "", List.of()), 32);
    }
}
