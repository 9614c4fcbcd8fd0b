package io.lazuli.cli.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which ports a node of this machine gets: the first node the well-known ones, every further node 100 more, all plus the
 * cloud's offset. The distance between the groups of ports leaves room for {@link #MAX_NODES} nodes.
 */
public final class PortPlan {

    /** More nodes than this on one machine would run into each other's ports. */
    public static final int MAX_NODES = 9;
    /** The highest port of the last node must stay below 65536. */
    public static final int MAX_OFFSET = 30_000;

    private static final int DISTANCE = 100;

    private PortPlan() {}

    /** Ports by name for node {@code number} (from 1). */
    public static Map<String, Integer> ports(int number, int offset) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("blob", 10_000);
        ports.put("queue", 10_001);
        ports.put("table", 10_002);
        ports.put("admin", 10_080);
        ports.put("gateway", 10_088);
        ports.put("cluster", 25_520);
        ports.put("raft", 26_000);
        ports.put("chunk", 26_050);
        ports.replaceAll((name, port) -> port + DISTANCE * (number - 1) + offset);
        return ports;
    }

    /** The name of the first port of these that another program listens on. */
    public static Optional<String> taken(String host, Map<String, Integer> ports) {
        return ports.entrySet().stream().filter(port -> !isFree(host, port.getValue())).map(Map.Entry::getKey).findFirst();
    }

    /**
     * The lowest offset from {@code fromOffset} on at which {@code nodes} nodes find all of their ports free; empty if none.
     * Low offsets keep out of the range from which the system takes ports for outgoing connections.
     */
    public static Optional<Integer> freeOffset(String host, int nodes, int fromOffset) {
        for (int offset = fromOffset; offset <= MAX_OFFSET; offset += DISTANCE * nodes) {
            boolean free = true;
            for (int number = 1; number <= nodes && free; number++) {
                free = taken(host, ports(number, offset)).isEmpty();
            }
            if (free) {
                return Optional.of(offset);
            }
        }
        return Optional.empty();
    }

    private static boolean isFree(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
