package io.lazuli.storage.protocol.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.ManualClock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.OutsideSources;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sources that drip, hang or break off, at the level of bytes. */
class RemoteSourcesTest {

    private static final CopySourceSettings ANYWHERE = new CopySourceSettings(CopySourceHosts.ANY, 20_000);
    private static final long PATIENCE_SECONDS = 60;
    private static final String BLOCK_BLOB = "x-ms-blob-type: BlockBlob";

    interface Answer {

        void to(List<String> head, Socket client) throws IOException;
    }

    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final ManualClock clock = new ManualClock(0);
    private Vertx vertx;
    private ServerSocket source;

    @BeforeEach
    void start() throws IOException {
        vertx = Vertx.vertx();
        source = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws Exception {
        source.close();
        for (Socket client : clients) {
            client.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Answers each connection once and leaves it open. */
    private String answering(Answer answer) {
        Thread.ofPlatform().daemon().start(() -> {
            while (true) {
                try {
                    Socket client = source.accept();
                    clients.add(client);
                    Thread.ofPlatform().daemon().start(() -> answer(answer, client));
                } catch (IOException closed) {
                    return;
                }
            }
        });
        return "http://127.0.0.1:" + source.getLocalPort() + "/a?sig=secret";
    }

    private static void answer(Answer answer, Socket client) {
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            List<String> head = new ArrayList<>();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.add(line);
            }
            answer.to(head, client);
        } catch (IOException | UncheckedIOException closed) {
            // The node wants no more.
        }
    }

    private static void send(Socket client, String text) {
        try {
            client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            client.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T now(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static StorageErrorCode error(CompletionStage<?> failed) {
        return ((StorageException) assertThrows(ExecutionException.class, () -> now(failed)).getCause()).error();
    }

    @Test
    void sourceThatDripsIsReadAsLongAsItDoes() throws Exception {
        int drips = 10;
        String drip = "x".repeat(RemoteBytes.MIN_PROGRESS_BYTES);
        Semaphore wanted = new Semaphore(1);
        String url = answering((head, client) -> {
            send(client, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + drips * drip.length() + "\r\n\r\n");
            for (int i = 0; i < drips; i++) {
                wanted.acquireUninterruptibly();
                send(client, drip);
            }
        });
        try (RemoteSources sources = new RemoteSources(vertx, ANYWHERE, clock)) {
            OutsideSources.Opened opened = now(sources.open(url, null, 0));
            assertEquals(drips * drip.length(), opened.lengthBytes());
            long[] received = {0};
            OutsideSources.Sink sink = part -> {
                long before = received[0] / drip.length();
                received[0] += part.remaining();
                if (received[0] / drip.length() > before) {
                    clock.advanceMillis(15_000);
                    wanted.release();
                }
                return null;
            };
            now(opened.pipeTo(sink));
            assertEquals(drips * drip.length(), received[0]);
            assertEquals(0, sources.open());
        }
    }

    @Test
    void sourceThatStopsInTheMiddleFails() throws Exception {
        String url = answering((head, client) -> send(client, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\nsome"));
        failsWhenRead(url, part -> {
            clock.advanceMillis(ANYWHERE.timeoutMillis());
            return null;
        });
    }

    @Test
    void sourceThatDripsSingleBytesFails() throws Exception {
        Semaphore more = new Semaphore(0);
        String url = answering((head, client) -> {
            send(client, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\nsome");
            while (true) {
                more.acquireUninterruptibly();
                send(client, "x");
            }
        });
        failsWhenRead(url, part -> {
            clock.advanceMillis(ANYWHERE.timeoutMillis() / 4);
            more.release();
            return null;
        });
    }

    @Test
    void sourceThatBreaksOffFails() throws Exception {
        String url = answering((head, client) -> {
            send(client, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\nsome");
            client.close();
        });
        failsWhenRead(url, part -> null);
    }

    private void failsWhenRead(String url, OutsideSources.Sink sink) throws Exception {
        try (RemoteSources sources = new RemoteSources(vertx, ANYWHERE, clock)) {
            OutsideSources.Opened opened = now(sources.open(url, null, 0));
            assertEquals(StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE, error(opened.pipeTo(sink)));
            assertEquals(0, sources.open());
        }
    }

    @Test
    void sourceThatIsWaitedForByItsSinkIsNotTooSlow() throws Exception {
        String url = answering((head, client) -> send(client, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nsome"));
        try (RemoteSources sources = new RemoteSources(vertx, ANYWHERE, clock)) {
            CompletableFuture<Void> room = new CompletableFuture<>();
            OutsideSources.Sink sink = part -> {
                clock.advanceMillis(1_000_000);
                vertx.setTimer(2 * RemoteBytes.CHECK_INTERVAL_MILLIS, looked -> room.complete(null));
                return room;
            };
            now(now(sources.open(url, null, 0)).pipeTo(sink));
            assertEquals(0, sources.open());
        }
    }

    @Test
    void restOfASourceIsAskedForAsLongAsItIsTheSame() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        String url = answering((head, client) -> {
            heads.addAll(head);
            send(client, head.stream().anyMatch(line -> line.equalsIgnoreCase("If-Match: \"e\""))
                    ? "HTTP/1.1 206 Partial\r\nContent-Range: bytes 3-4/5\r\nConnection: close\r\nContent-Length: 2\r\n\r\nxx"
                    : "HTTP/1.1 412 Changed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        });
        try (RemoteSources sources = new RemoteSources(vertx, ANYWHERE, clock)) {
            OutsideSources.Opened opened = now(sources.open(url, "\"e\"", 3));
            assertEquals(3, opened.offset());
            assertEquals(2, opened.lengthBytes());
            opened.close();
            assertTrue(heads.stream().anyMatch(line -> line.equalsIgnoreCase("Range: bytes=3-")), heads::toString);
            assertEquals(StorageErrorCode.SOURCE_CONDITION_NOT_MET, error(sources.open(url, "\"f\"", 3)));
            assertEquals(StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE, error(sources.open(url, "\"e\"", 4)), "other bytes");
            assertEquals(0, sources.open());
        }
    }

    @Test
    void sourceThatNeverAnswersIsAnErrorOfTheSource() throws Exception {
        String url = answering((head, client) -> { });
        CopySourceSettings impatient = new CopySourceSettings(CopySourceHosts.ANY, 100);
        try (FakeBlobServer server = new FakeBlobServer(0, Clock.system(), Integer.MAX_VALUE, impatient)) {
            BlobWire wire = new BlobWire(server.port());
            wire.put("/box?restype=container", "").is(201);
            wire.put("/box/copy", "", "x-ms-copy-source: " + url, BLOCK_BLOB).is(500, "CannotVerifyCopySource");
            wire.put("/box/copy", "", "x-ms-copy-source: " + url).is(500, "CannotVerifyCopySource");
            wire.get("/box/copy").is(404, "BlobNotFound");
            assertEquals(0, server.remote().open());
        }
    }

    @Test
    void backgroundCopyNamesItsSourceWithoutTheSignature() throws Exception {
        String url = answering((head, client) -> send(client, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nsome"));
        try (FakeBlobServer server = new FakeBlobServer(0, Clock.system(), Integer.MAX_VALUE, ANYWHERE)) {
            BlobWire wire = new BlobWire(server.port());
            wire.put("/box?restype=container", "").is(201);
            wire.put("/box/copy", "", "x-ms-copy-source: " + url).is(202).has("x-ms-copy-status", "pending");
            long start = System.nanoTime();
            while ("pending".equals(wire.get("/box/copy").response().headers().firstValue("x-ms-copy-status").orElse(""))) {
                assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS), "still pending");
            }
            wire.get("/box/copy").is(200).says("some").has("x-ms-copy-source", url.replace("sig=secret", "sig="))
                    .has("x-ms-copy-progress", "4/4");
        }
    }
}
