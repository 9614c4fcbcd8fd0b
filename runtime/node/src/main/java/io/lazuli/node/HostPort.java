package io.lazuli.node;

/** A TCP address as people write it, {@code host:port}. */
record HostPort(String host, int port) implements Comparable<HostPort> {

    private static final int MAX_PORT = 65_535;

    /** @throws IllegalArgumentException if the text is not {@code host:port} */
    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port > 0 && port <= MAX_PORT) {
                return new HostPort(text.substring(0, colon), port);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not host:port: '" + text + "'", e);
        }
        throw new IllegalArgumentException("not host:port: '" + text + "'");
    }

    @Override
    public int compareTo(HostPort other) {
        int c = host.compareTo(other.host);
        return c != 0 ? c : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
