package io.lazuli.storage.store.raft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import io.lazuli.storage.store.raft.RaftSettings;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the Raft port does with bytes that no peer of this cloud sends: it disconnects them and goes on serving. */
class StrangersTest {

    private RaftTransport server;
    private RaftTransport peer;

    private static RaftSettings settings(String cloudName, String overrides) {
        return RaftSettings.of(
                ConfigFactory.parseString("lazuli.store.raft { " + overrides + " }").withFallback(ConfigFactory.load()),
                cloudName, "127.0.0.1", 0);
    }

    @BeforeEach
    void start() throws IOException {
        server = RaftTransport.start(settings("ours", "max-connections = 8"));
        peer = RaftTransport.start(settings("ours", "connect-timeout = 20s"));
    }

    @AfterEach
    void stop() {
        peer.close();
        server.close();
    }

    private static Object ping(RaftTransport from, Endpoint to) throws Exception {
        return client(from).invokeSync(to, PingRequest.newBuilder().setSendTimestamp(1).build(), 60_000);
    }

    /** A client whose group has nothing to replicate. */
    private static GroupRpcClient client(RaftTransport from) {
        GroupRpcClient client = new GroupRpcClient();
        client.registerConnectEventListener((ReplicatorGroup) Proxy.newProxyInstance(
                ReplicatorGroup.class.getClassLoader(), new Class<?>[] {ReplicatorGroup.class}, (proxy, method, arguments) -> null));
        client.init(new RaftNodeOptions(from));
        return client;
    }

    private void assertServes() throws Exception {
        assertEquals(0, assertInstanceOf(ErrorResponse.class, ping(peer, server.self())).getErrorCode());
    }

    /** Sends bytes and waits until the server hangs up. */
    private void assertHangsUpOn(byte[] bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.self().getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            while (socket.getInputStream().read() >= 0) {
                // its handshake, where ours was right
            }
        } catch (SocketException reset) {
            // hung up with bytes of ours unread
        }
    }

    private static byte[] afterHandshake(Buffer rest) {
        return Handshake.encode("ours", "127.0.0.1:1").appendBuffer(rest).getBytes();
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
    void aSerializedJavaObjectIsDisconnectedBeforeAndAfterTheHandshake() throws Exception {
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(object)) {
            out.writeObject(new HashMap<>(Map.of("key", List.of("value"))));
        }
        assertHangsUpOn(object.toByteArray());
        assertHangsUpOn(afterHandshake(Buffer.buffer(object.toByteArray())));
        // As the body of a frame of a known type, too, it is only ever read as protobuf.
        Buffer frame = Buffer.buffer().appendInt(5 + object.size()).appendByte((byte) FrameType.APPEND_ENTRIES.number())
                .appendInt(1).appendBytes(object.toByteArray());
        assertHangsUpOn(afterHandshake(frame));
        assertServes();
    }

    @Test
    void lengthsBeyondTheLimitAndUnknownTypesAreDisconnectedWithoutReadingOn() throws Exception {
        for (int length : new int[] {Integer.MAX_VALUE, -1, 17 << 20, 4, 0}) {
            assertHangsUpOn(afterHandshake(Buffer.buffer().appendInt(length)));
        }
        for (int type : new int[] {0, 8, 64, 72, 127, 128, 255}) {
            assertHangsUpOn(afterHandshake(Buffer.buffer().appendInt(5).appendByte((byte) type).appendInt(1)));
        }
        int response = FrameType.ERROR_RESPONSE.number();
        assertHangsUpOn(afterHandshake(Buffer.buffer().appendInt(5).appendByte((byte) response).appendInt(1)));
        assertServes();
    }

    @Test
    void aPeerOfAnotherCloudOrVersionIsDisconnected() throws Exception {
        assertHangsUpOn(Handshake.encode("theirs", "127.0.0.1:1").getBytes());
        assertHangsUpOn(Handshake.encode("our", "127.0.0.1:1").getBytes());
        byte[] version = Handshake.encode("ours", "127.0.0.1:1").getBytes();
        version[4]++;
        assertHangsUpOn(version);

        RaftTransport other = RaftTransport.start(settings("theirs", ""));
        try {
            assertThrows(RemotingException.class, () -> ping(other, server.self()));
        } finally {
            other.close();
        }
        assertServes();
    }

    @Test
    void aServerThatIsNoPeerIsNotTalkedTo() throws Exception {
        try (ServerSocket impostor = new ServerSocket(0)) {
            Thread answers = Thread.startVirtualThread(() -> {
                try (Socket socket = impostor.accept()) {
                    socket.getOutputStream().write("SSH-2.0-OpenSSH_9.6\r\n".getBytes());
                    socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThrows(RemotingException.class, () -> ping(peer, new Endpoint("127.0.0.1", impostor.getLocalPort())));
            answers.join();
        }
        assertServes();
    }

    @Test
    void silentConnectionsAreLimitedInNumberAndMakeRoomAgain() throws Exception {
        Socket[] silent = new Socket[20];
        for (int i = 0; i < silent.length; i++) {
            silent[i] = new Socket("127.0.0.1", server.self().getPort());
            silent[i].setSoTimeout(60_000);
        }
        // Whoever says nothing is disconnected in time: first those over the limit, then the others.
        for (Socket socket : silent) {
            try (socket) {
                assertEquals(-1, socket.getInputStream().read());
            } catch (SocketException reset) {
                // also an end
            }
        }
        assertServes();
    }

    @Test
    void callsEndWhenTheConnectionDoesAndTheNextOneConnectsAgain() throws Exception {
        assertServes();
        peer.link(server.self()).disconnect("test");
        assertServes();

        Endpoint port = server.self();
        server.close();
        assertThrows(RemotingException.class, () -> ping(peer, port));
    }

    @Test
    void aCallWithoutAnAnswerEndsWithItsTimeout() throws Exception {
        try (ServerSocket mute = new ServerSocket(0)) {
            Thread handshakeOnly = Thread.startVirtualThread(() -> {
                try (Socket socket = mute.accept()) {
                    socket.getOutputStream().write(Handshake.encode("ours", "127.0.0.1:1").getBytes());
                    socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            Endpoint endpoint = new Endpoint("127.0.0.1", mute.getLocalPort());
            // If the call's time were over before there is a connection, there would be none to end.
            peer.link(endpoint).connect().get(60, TimeUnit.SECONDS);
            assertThrows(InvokeTimeoutException.class, () ->
                    client(peer).invokeSync(endpoint, PingRequest.newBuilder().setSendTimestamp(1).build(), 1_000));
            peer.link(endpoint).disconnect("test");
            handshakeOnly.join();
        }
    }

    @Test
    void framesAreCutTheSameHoweverTheirBytesArrive() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Buffer stream = Buffer.buffer();
        for (int i = 0; i < 50; i++) {
            byte[] text = new byte[random.nextInt(300)];
            stream.appendBuffer(Frames.encode(i, ErrorResponse.newBuilder().setErrorCode(i)
                    .setErrorMsgBytes(ByteString.copyFrom("m".repeat(text.length).getBytes())).build(), 1 << 20));
        }
        Frames frames = new Frames(1 << 20);
        int[] received = {0};
        for (int at = 0; at < stream.length();) {
            int end = Math.min(stream.length(), at + 1 + random.nextInt(40));
            frames.read(stream.getBuffer(at, end), 0, (type, call, body) -> {
                assertEquals(FrameType.ERROR_RESPONSE, type);
                assertEquals(received[0]++, call);
                assertEquals(call, ((ErrorResponse) type.parse(body)).getErrorCode());
            });
            at = end;
        }
        assertEquals(50, received[0]);
    }
}
