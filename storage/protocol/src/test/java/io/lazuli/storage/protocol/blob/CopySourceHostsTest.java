package io.lazuli.storage.protocol.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.SettingsException;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.http.BodyStream;
import io.lazuli.storage.protocol.http.ServiceVersion;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node does not read for its clients what only it can reach. */
class CopySourceHostsTest {

    private static final String BLOCK_BLOB = "x-ms-blob-type: BlockBlob";

    @Test
    void addressesOfMachinesAndTheirNetworksAreNotPublic() throws Exception {
        for (String address : List.of(
                "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "100.64.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1",
                "192.0.0.8", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "fe80::1", "fc00::1", "fd12::1", "ff02::1",
                "2002:7f00:1::", "2001::1", "2001:db8::1", "64:ff9b::7f00:1", "::7f00:1")) {
            assertFalse(CopySourceHosts.isPublic(InetAddress.getByName(address)), address);
        }
        for (String address : List.of("8.8.8.8", "100.128.0.1", "172.32.0.1", "192.1.0.1", "2606:4700::1111", "2001:4860:4860::8888")) {
            assertTrue(CopySourceHosts.isPublic(InetAddress.getByName(address)), address);
        }
    }

    @Test
    void aHostIsPublicIfAllItsAddressesAre() throws Exception {
        InetAddress open = InetAddress.getByName("8.8.8.8");
        InetAddress own = InetAddress.getByName("127.0.0.1");
        assertTrue(CopySourceHosts.PUBLIC.allows(List.of(open)));
        assertFalse(CopySourceHosts.PUBLIC.allows(List.of(open, own)));
        assertFalse(CopySourceHosts.PUBLIC.allows(List.of()));
        assertTrue(CopySourceHosts.ANY.allows(List.of(own)));
        assertFalse(CopySourceHosts.NONE.allows(List.of(open)));
    }

    @Test
    void onlyPublicOnesAreAllowedUnlessToldOtherwise() {
        assertEquals(CopySourceHosts.PUBLIC, CopySourceHosts.of(ConfigFactory.load()));
        Config wrong = ConfigFactory.parseString("lazuli.blob.copy-sources = internal");
        assertThrows(SettingsException.class, () -> CopySourceHosts.of(wrong));
    }

    @Test
    void aServerOfTheNodesOwnMachineIsNotAsked() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        other.start();
        try (FakeBlobServer server = new FakeBlobServer(
                0, Clock.system(), Integer.MAX_VALUE, new CopySourceSettings(CopySourceHosts.PUBLIC, 20_000))) {
            BlobWire wire = new BlobWire(server.port());
            wire.put("/box?restype=container", "").is(201);
            for (String host : List.of("127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]")) {
                String source = "x-ms-copy-source: http://" + host + ":" + other.getAddress().getPort() + "/a/b";
                wire.put("/box/copy", "", source, BLOCK_BLOB).is(403, "CannotVerifyCopySource");
                wire.put("/box/copy?comp=block&blockid=YQ%3D%3D", "", source).is(403, "CannotVerifyCopySource");
                wire.put("/box/copy", "", source).is(403, "CannotVerifyCopySource");
                String url = source.substring(source.indexOf("http"));
                ExecutionException refused = assertThrows(
                        ExecutionException.class, () -> server.remote().open(url, null, 0).toCompletableFuture().get(20, TimeUnit.SECONDS));
                assertEquals(StorageErrorCode.COPY_SOURCE_NOT_ALLOWED, ((StorageException) refused.getCause()).error());
            }
        } finally {
            other.stop(0);
        }
        assertEquals(0, asked.get());
    }

    @Test
    void whatASourceSaysOfItselfMustBeFitToBeRepeated() throws Exception {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/\u00e4");
            if (exchange.getRequestURI().getPath().equals("/metadata")) {
                exchange.getResponseHeaders().add("x-ms-meta-a&b", "1");
            }
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'h', 'i'});
            exchange.close();
        });
        other.start();
        try (FakeBlobServer server = new FakeBlobServer(0, Clock.system(), Integer.MAX_VALUE)) {
            BlobWire wire = new BlobWire(server.port());
            wire.put("/box?restype=container", "").is(201);
            String source = "x-ms-copy-source: http://127.0.0.1:" + other.getAddress().getPort();
            wire.put("/box/copy", "", source + "/metadata", BLOCK_BLOB).is(400, "InvalidMetadata");
            wire.put("/box/copy", "", source + "/plain", BLOCK_BLOB).is(201);
            wire.get("/box/copy").is(200).says("hi").has("Content-Type", "application/octet-stream");
        } finally {
            other.stop(0);
        }
    }

    @Test
    @Timeout(180)
    void aSourceThatIsNotReadGivesItsPlaceBack() throws Exception {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'h', 'i'});
            exchange.close();
        });
        other.start();
        Vertx vertx = Vertx.vertx();
        try (RemoteSources sources = new RemoteSources(vertx, new CopySourceSettings(CopySourceHosts.ANY, 20_000), 1, Clock.system())) {
            String url = "http://127.0.0.1:" + other.getAddress().getPort() + "/a";
            BlobCall call = new BlobCall(FakeHead.of("PUT", ""), ServiceVersion.DEFAULT, "account", "http://x", null, null, 0);
            BodyStream unread = sources.open(call, url, null, 10).toCompletableFuture().get(60, TimeUnit.SECONDS).bytes();
            while (sources.open() > 0) {
                Thread.onSpinWait();
            }
            assertThrows(ExecutionException.class, () -> unread.pipeTo(part -> null).toCompletableFuture().get(60, TimeUnit.SECONDS));
        } finally {
            other.stop(0);
            vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }
}
