package io.lazuli.host.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.lazuli.host.HostSettings.QueueSettings;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.InstanceState;
import io.lazuli.host.NodeAgentProtocol.PeerInfo;
import io.lazuli.host.RoleKind;
import io.lazuli.host.StorageAccess;
import io.lazuli.host.code.CodeSpec;
import io.lazuli.host.packages.RoleJars;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoleHostLineTest {

    private static final InstanceKey KEY = InstanceKey.parse("d/r/0");
    private static final String ODD = "a \"quoted\"\nline\t\\ ü 한 \u0001 ${x} #";

    static Stream<RoleHostMessage> messages() {
        return Stream.of(
                new RoleHostMessage.Configure(7, Path.of("/tmp/a b"), 1L << 40, 1_000, new StorageAccess(
                        "A=b;C=" + ODD, List.of(URI.create("http://h:1/a"), URI.create("http://i:2/a")), "a", "a2V5"),
                        new QueueSettings(1, 2, 3, 4)),
                new RoleHostMessage.StartCode(new CodeSpec(
                        KEY, Long.MAX_VALUE, RoleKind.ACTOR, "a.B$C", Map.of("a.b", ODD, "empty", ""), 5, 6,
                        new RoleJars(Path.of("/x.jar"), List.of(Path.of("/l/1.jar"), Path.of("/l/2.jar"))))),
                new RoleHostMessage.StopCode(KEY, 1),
                new RoleHostMessage.EndCode(KEY, 1),
                new RoleHostMessage.Peers(List.of(new PeerInfo(KEY, "node-1", InstanceState.CYCLING))),
                new RoleHostMessage.Peers(List.of()),
                new RoleHostMessage.Up(),
                new RoleHostMessage.Heartbeat(),
                new RoleHostMessage.CodeReady(KEY, 3),
                new RoleHostMessage.CodeEnded(KEY, 3, ODD, true));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageSurvivesItsLine(RoleHostMessage message) {
        String line = RoleHostLine.write(message);
        assertEquals(1, line.lines().count());
        assertEquals(Optional.of(message), RoleHostLine.read(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "{", "{}", "{\"type\":\"Other\"}", "{\"type\":\"StopCode\",\"instance\":\"x\",\"run\":1}",
        "{\"type\":\"StopCode\",\"instance\":\"a/b/1\",\"run\":\"x\"}", "Terminating due to java.lang.OutOfMemoryError"})
    void whatRoleCodePrintsBehindOurBackIsNoMessage(String line) {
        assertEquals(Optional.empty(), RoleHostLine.read(line));
    }

    @Test
    void linesAreBounded() throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream("0123456789\nü\n\nend".getBytes(StandardCharsets.UTF_8)), 4);
        assertEquals("0123", reader.next());
        assertEquals("ü", reader.next());
        assertEquals("", reader.next());
        assertEquals("end", reader.next());
        assertNull(reader.next());
    }
}
