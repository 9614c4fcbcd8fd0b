package io.lazuli.cli.local;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Stands in for a node process: holds its ports, says that it is ready, writes its arguments to {@code arguments}. If there
 * is a file {@code refuse} beside its directory, it complains and ends.
 */
public final class FakeNode {

    private FakeNode() {}

    public static void main(String[] arguments) throws Exception {
        List<String> line = List.of(arguments);
        Path directory = Path.of(line.get(line.indexOf("--config") + 1)).getParent();
        Files.writeString(directory.resolve("arguments"), String.join(" ", line.subList(2, line.size())));
        if (Files.exists(directory.resolveSibling("refuse"))) {
            System.err.println("lazuli.mode must be one of development, production");
            System.exit(1);
        }
        NodeConf conf = NodeConf.read(directory);
        ServerSocket cluster = new ServerSocket(conf.ports().get("cluster"));
        HttpServer admin = HttpServer.create(new InetSocketAddress(conf.host(), conf.ports().get("admin")), 5);
        admin.createContext("/api/v1/ready", exchange -> {
            byte[] body = "{\"ready\":true}".getBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        admin.start();
        cluster.accept();
    }
}
