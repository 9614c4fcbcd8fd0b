package io.lazuli.storage.conformance.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A network that breaks: connections to an endpoint that are cut, without a word, after a random number of bytes in either direction. */
final class FlakyProxy implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 << 10;

    private final URI target;
    private final long meanBytes;
    private final SplittableRandom random;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cut = new AtomicInteger();

    /** @param meanBytes that a connection carries before it is cut */
    FlakyProxy(URI target, long meanBytes, long seed) throws IOException {
        this.target = target;
        this.meanBytes = meanBytes;
        this.random = new SplittableRandom(seed);
        this.server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("flaky-proxy").start(this::accept);
    }

    /** The target's URL by way of this proxy. */
    String endpoint() {
        return "http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort() + target.getPath();
    }

    int connectionsCut() {
        return cut.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket service = new Socket(target.getHost(), target.getPort());
                open.add(client);
                open.add(service);
                long[] leftBytes = {(long) (-Math.log(1 - random.nextDouble()) * meanBytes)};
                Thread.ofPlatform().daemon().start(() -> carry(client, service, leftBytes));
                Thread.ofPlatform().daemon().start(() -> carry(service, client, leftBytes));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void carry(Socket from, Socket to, long[] leftBytes) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                synchronized (leftBytes) {
                    leftBytes[0] -= read;
                    if (leftBytes[0] < 0) {
                        cut.incrementAndGet();
                        return;
                    }
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // An end like any other.
        } finally {
            abort(from);
            abort(to);
        }
    }

    /** With a reset, as when a machine dies. */
    private void abort(Socket socket) {
        open.remove(socket);
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(this::abort);
    }
}
