package io.lazuli.cli.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lazuli.cli.Table;
import io.lazuli.cli.admin.AdminClient;
import io.lazuli.cli.local.CloudDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

/**
 * Loads what most commands load, so that the launcher can write the archive from which the JVM starts faster: one exchange
 * with a server of its own, a table, some JSON.
 */
@Command(name = "rehearse", hidden = true)
public final class RehearseCommand extends CloudCommand {

    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"instances\":[]}";

    @Override
    public Integer call() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> answerOnce(server));
            new AdminClient(List.of("http://127.0.0.1:" + server.getLocalPort()), Optional.empty(), "rehearsal").get("/instances");
        }
        console().print(new Table("A", "B").row(1, 2).toString());
        printJson(StatusCommand.merge(Optional.empty(), new CloudDirectory(main().data()).nodes()));
        console().print(new ObjectMapper().writeValueAsString(Map.of("a", 1)));
        return 0;
    }

    private static void answerOnce(ServerSocket server) {
        try (Socket socket = server.accept(); OutputStream output = socket.getOutputStream()) {
            socket.getInputStream().read();
            output.write(ANSWER.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
