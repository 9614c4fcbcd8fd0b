package io.lazuli.storage.chunk.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import io.lazuli.kernel.SettingsReader;
import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.chunk.ChunkBuffers;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ChunkMissingException;
import io.lazuli.storage.chunk.ChunkNodeStatus;
import io.lazuli.storage.chunk.NodeChunks;
import io.lazuli.storage.chunk.PooledBuffers;
import io.lazuli.storage.chunk.SharedBuffer;
import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.chunk.local.BucketDigest;
import io.lazuli.storage.chunk.local.ChunkPart;
import io.lazuli.storage.model.ChunkRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The chunk port at the wire: who is let in, what a node of the cloud may send, how much at a time, and what ends a connection. */
class ChunkStrangersTest {

    private static final NodeId SERVER = new NodeId("server");
    private static final NodeId CLIENT = new NodeId("client");

    private final CallTimer timer = new CallTimer();
    private final PooledBuffers buffers = new PooledBuffers(64L << 20, 100, 60_000);
    private final Asked chunks = new Asked();
    private TransportSettings settings;
    private ChunkServer server;
    private RemoteNode client;

    /** Appends wait for the test to answer them; everything else is empty. */
    private static final class Asked implements NodeChunks {

        private record Append(ChunkId id, byte[] bytes, CompletableFuture<Void> answer) {}

        private final BlockingQueue<Append> appends = new LinkedBlockingQueue<>();

        @Override
        public NodeId node() {
            return SERVER;
        }

        @Override
        public boolean down() {
            return false;
        }

        @Override
        public CompletionStage<Void> append(ChunkId id, int[] checksums, SharedBuffer bytes) {
            assertTrue(Slices.match(bytes.view(), checksums, 0));
            byte[] copy = new byte[bytes.lengthBytes()];
            bytes.view().get(copy);
            Append append = new Append(id, copy, new CompletableFuture<>());
            appends.add(append);
            return append.answer();
        }

        @Override
        public CompletionStage<ChunkPart> read(ChunkId id, int offset, int maxBytes, ChunkBuffers buffers, Lane lane, long timeoutMillis) {
            return CompletableFuture.failedStage(new ChunkMissingException(id));
        }

        @Override
        public CompletionStage<List<BucketDigest>> digests(int group) {
            return CompletableFuture.completedStage(List.of(new BucketDigest(0, group, 1)));
        }

        @Override
        public CompletionStage<List<ChunkId>> ids(int group, long fromMillis, long toMillis, ChunkId after, int maxIds) {
            return CompletableFuture.completedStage(List.of(new ChunkId(group, fromMillis, maxIds, 1)));
        }

        @Override
        public CompletionStage<NodeSweep> sweep(EncodedRuns named, long begunBeforeMillis, long nowMillis) {
            return CompletableFuture.completedStage(new NodeSweep(named.bytes().length, begunBeforeMillis * 100 + nowMillis));
        }

        @Override
        public CompletionStage<ChunkNodeStatus> status() {
            return CompletableFuture.completedStage(BodiesTest.STATUS);
        }

        @Override
        public void compareSoon() {}
    }

    @BeforeEach
    void start() throws IOException {
        settings = TransportSettings.of(new SettingsReader(ConfigFactory.parseString("""
                lazuli.chunk.transport { max-connections = 8, max-in-flight-bytes = 4 MiB, write-timeout = 60 s, read-timeout = 60 s,
                  upkeep-timeout = 60 s, connect-timeout = 20 s }
                """).withFallback(ConfigFactory.parseResources("reference.conf")).resolve()).under("lazuli.chunk.transport"));
        server = ChunkServer.start("127.0.0.1", 0, "ours", chunks, buffers, settings, timer);
        client = client(SERVER, "ours", server.port());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        timer.close();
        buffers.close();
    }

    private RemoteNode client(NodeId expected, String cloud, int port) {
        return new RemoteNode(
                expected, InetSocketAddress.createUnresolved("127.0.0.1", port), cloud, CLIENT, settings, timer, Clock.system());
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static Throwable failure(CompletionStage<?> stage) {
        return assertThrows(ExecutionException.class, () -> await(stage)).getCause();
    }

    private void assertServes() throws Exception {
        assertEquals(List.of(new BucketDigest(0, 3, 1)), await(client.digests(3)));
    }

    /** Sends bytes and waits until the server hangs up. */
    private void assertHangsUpOn(byte[] bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // its handshake, where ours was right
            }
        } catch (SocketException reset) {
            // hung up with bytes of ours unread
        }
    }

    private static byte[] afterHandshake(byte[] rest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ChunkHandshake.encode("ours", CLIENT));
        bytes.writeBytes(rest);
        return bytes.toByteArray();
    }

    private static byte[] frame(int length, int type, int call, byte[] body) {
        return ByteBuffer.allocate(9 + body.length).putInt(length).put((byte) type).putInt(call).put(body).array();
    }

    private static byte[] request(FrameType type, byte[] body) {
        return afterHandshake(frame(5 + body.length, type.number(), 1, body));
    }

    @Test
    void garbageIsDisconnected() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            byte[] garbage = new byte[1 + random.nextInt(2_000)];
            random.nextBytes(garbage);
            garbage[0] = (byte) (garbage[0] == 'L' ? 'M' : garbage[0]);
            assertHangsUpOn(garbage);
        }
        assertHangsUpOn("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
        assertServes();
    }

    @Test
    void aNodeOfAnotherCloudOrVersionIsDisconnected() throws Exception {
        assertHangsUpOn(ChunkHandshake.encode("theirs", CLIENT));
        assertHangsUpOn(ChunkHandshake.encode("our", CLIENT));
        byte[] version = ChunkHandshake.encode("ours", CLIENT);
        version[4]++;
        assertHangsUpOn(version);
        try (RemoteNode stranger = client(SERVER, "theirs", server.port())) {
            assertInstanceOf(PeerUnreachableException.class, failure(stranger.digests(0)));
        }
        assertServes();
    }

    @Test
    void anotherNodeAtTheExpectedAddressIsNotTalkedTo() throws Exception {
        try (RemoteNode other = client(new NodeId("other"), "ours", server.port())) {
            assertInstanceOf(PeerUnreachableException.class, failure(other.digests(0)));
        }
        assertServes();
    }

    @Test
    void framesThatMakeNoSenseAreDisconnectedWithoutReadingOn() throws Exception {
        byte[] id = Bodies.encode(out -> Bodies.putId(out, new ChunkId(0, 1, 2, 3)));
        for (int length : new int[] {Integer.MAX_VALUE, -1, 4, 0}) {
            assertHangsUpOn(afterHandshake(frame(length, FrameType.DIGESTS.number(), 1, new byte[0])));
        }
        for (int type : new int[] {0, 8, 63, 64, 65, 71, 127, 128, 255}) {
            assertHangsUpOn(afterHandshake(frame(5, type, 1, new byte[0])));
        }
        for (int chunkBytes : new int[] {0, -1, ChunkRun.CHUNK_BYTES + 1, Integer.MAX_VALUE, 10}) {
            ByteBuffer write = ByteBuffer.allocate(id.length + 4).put(id).putInt(chunkBytes);
            assertHangsUpOn(afterHandshake(frame(100, FrameType.WRITE.number(), 1, write.array())));
        }
        assertHangsUpOn(request(FrameType.READ, ByteBuffer.allocate(id.length + 8).put(id).putInt(-1).putInt(5).array()));
        assertHangsUpOn(request(FrameType.READ, ByteBuffer.allocate(id.length + 8).put(id).putInt(0).putInt(2 << 20).array()));
        assertHangsUpOn(request(FrameType.READ, ByteBuffer.allocate(id.length + 8).putInt(-1).putInt(5).array()));
        assertHangsUpOn(request(FrameType.STATUS, new byte[1]));
        assertHangsUpOn(request(FrameType.SWEEP, new byte[100]));
        assertHangsUpOn(request(FrameType.IDS, new byte[7]));
        assertServes();
    }

    @Test
    void moreConnectionsThanAllowedAreRefusedUntilOthersEnd() throws Exception {
        assertServes();
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            Socket socket = new Socket("127.0.0.1", server.port());
            socket.getOutputStream().write(ChunkHandshake.encode("ours", CLIENT));
            assertEquals('L', socket.getInputStream().read());
            sockets.add(socket);
        }
        assertHangsUpOn(new byte[0]);
        assertServes();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void everyQuestionIsAnsweredWithWhatTheNodeSays() throws Exception {
        assertServes();
        assertEquals(List.of(new ChunkId(2, 10, 5, 1)), await(client.ids(2, 10, 20, new ChunkId(2, 10, 1, 0), 5)));
        NodeChunks.EncodedRuns named = NodeChunks.EncodedRuns.of(io.lazuli.storage.chunk.NamedRuns.sized(100_000, 0.01, 1));
        assertEquals(new NodeChunks.NodeSweep(named.bytes().length, 7788), await(client.sweep(named, 77, 88)));
        assertEquals(BodiesTest.STATUS, await(client.status()));
        assertInstanceOf(ChunkMissingException.class, failure(client.read(new ChunkId(0, 1, 2, 3), 5, 10, buffers, Lane.READS, 60_000)));
        assertEquals(0, buffers.takenBytes());
    }

    @Test
    void noMoreIsTakenInThanAllowedUntilItIsAnswered() throws Exception {
        List<CompletionStage<Void>> written = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ChunkBuffer buffer = await(buffers.take(ChunkRun.CHUNK_BYTES));
            for (int at = 0; at < ChunkRun.CHUNK_BYTES; at += 8) {
                buffer.bytes().putLong(at, i * 31L + at);
            }
            int[] checksums = Slices.checksums(buffer.bytes());
            SharedBuffer shared = SharedBuffer.of(buffer);
            written.add(client.append(new ChunkId(0, 1, 2, i), checksums, shared));
            shared.release();
        }
        for (int i = 0; i < 10; i++) {
            Asked.Append append = chunks.appends.poll(60, TimeUnit.SECONDS);
            assertEquals(i, append.id().index());
            byte[] expected = new byte[ChunkRun.CHUNK_BYTES];
            ByteBuffer numbers = ByteBuffer.wrap(expected);
            for (int at = 0; at < ChunkRun.CHUNK_BYTES; at += 8) {
                numbers.putLong(at, i * 31L + at);
            }
            assertArrayEquals(expected, append.bytes());
            // Of 4 MiB that may be under way 3 more at the most can be waiting.
            assertTrue(chunks.appends.size() <= 3, chunks.appends.size() + " more are under way");
            append.answer().complete(null);
            await(written.get(i));
        }
    }

    @Test
    void callsOfALostConnectionFailAndTheNextOpenAnother() throws Exception {
        assertServes();
        ChunkBuffer buffer = await(buffers.take(10));
        int[] checksums = Slices.checksums(buffer.bytes());
        SharedBuffer shared = SharedBuffer.of(buffer);
        CompletionStage<Void> written = client.append(new ChunkId(0, 1, 2, 3), checksums, shared);
        shared.release();
        Asked.Append append = chunks.appends.poll(60, TimeUnit.SECONDS);
        int port = server.port();
        server.close();
        assertInstanceOf(PeerUnreachableException.class, failure(written));
        append.answer().complete(null);
        server = startAgain(port);
        while (true) {
            try {
                assertServes();
                return;
            } catch (ExecutionException e) {
                assertInstanceOf(PeerUnreachableException.class, e.getCause());
                client.unreachable(true);
                client.unreachable(false);
            }
        }
    }

    /** A port that was open before may for a moment be somebody's own end of a connection. */
    private ChunkServer startAgain(int port) throws IOException {
        long start = System.nanoTime();
        while (true) {
            try {
                return ChunkServer.start("127.0.0.1", port, "ours", chunks, buffers, settings, timer);
            } catch (BindException taken) {
                if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(60)) {
                    throw taken;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    @Test
    void anAnswerThatStopsInItsMiddleFailsAndGivesItsMemoryBack() throws Exception {
        long timeoutMillis = 100;
        while (!stopsInTheMiddle(timeoutMillis)) {
            timeoutMillis *= 2;
            assertTrue(timeoutMillis < 100_000, "the question never came in time");
        }
    }

    /** False if the call was over before its question had come. */
    private boolean stopsInTheMiddle(long timeoutMillis) throws Exception {
        try (ServerSocket stopping = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                RemoteNode there = client(SERVER, "ours", stopping.getLocalPort())) {
            // A call that is over before it has connected never comes.
            stopping.setSoTimeout((int) timeoutMillis);
            CompletionStage<ChunkPart> reading = there.read(new ChunkId(0, 1, 2, 3), 0, 100, buffers, Lane.READS, timeoutMillis);
            try (Socket socket = stopping.accept()) {
                socket.setSoTimeout((int) timeoutMillis);
                byte[] handshake = ChunkHandshake.encode("ours", CLIENT);
                byte[] hello = socket.getInputStream().readNBytes(handshake.length);
                if (hello.length < handshake.length) {
                    return false;
                }
                assertArrayEquals(handshake, hello);
                socket.getOutputStream().write(ChunkHandshake.encode("ours", SERVER));
                byte[] question = socket.getInputStream().readNBytes(9 + Bodies.CHUNK_ID_BYTES + 8);
                if (question.length < 9 + Bodies.CHUNK_ID_BYTES + 8 || reading.toCompletableFuture().isDone()) {
                    return false;
                }
                ByteBuffer begin = ByteBuffer.allocate(9 + PartHead.FIXED_BYTES + 4 + 50);
                begin.putInt(5 + PartHead.FIXED_BYTES + 4 + 100).put(FrameType.PART.number()).putInt(ByteBuffer.wrap(question).getInt(5));
                begin.putInt(0).putInt(100).putInt(100).putInt(0);
                socket.getOutputStream().write(begin.array());
                assertInstanceOf(PeerUnreachableException.class, failure(reading));
                assertEquals(0, buffers.takenBytes());
                return true;
            } catch (SocketTimeoutException | SocketException late) {
                return false;
            }
        }
    }
}
