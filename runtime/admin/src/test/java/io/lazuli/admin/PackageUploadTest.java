package io.lazuli.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.FabricException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packages that come with a deployment: their files, limits and ends. */
class PackageUploadTest extends AdminTest {

    @Test
    void anUploadReachesTheCloudWholeAndItsFileIsRemoved() throws Exception {
        HttpResponse<String> response = send("PUT",
                "/deployments/words?count=counter%3D3&count=web=0&set=counter.queue%3Da%3Db&set=counter.dotted.key=%20x&set=web.k=",
                BodyPublishers.ofByteArray(new byte[MAX_PACKAGE]));
        assertEquals(201, response.statusCode(), response.body());
        assertEquals("words", new JsonObject(response.body()).getString("name"));
        assertEquals(List.of("deploy words 100000 bytes {counter=3, web=0} {counter={queue=a=b, dotted.key= x}, web={k=}}"), cloud.calls);
        assertTrue(cloud.uploaded.startsWith(uploads));
        assertNoUploadsAreLeft();
    }

    @Test
    void aClientThatAsksFirstIsToldToGoOn() throws Exception {
        HttpRequest request = request("/deployments/words").expectContinue(true)
                .PUT(BodyPublishers.ofByteArray(new byte[1_000])).build();
        assertEquals(201, HTTP.send(request, BodyHandlers.ofString()).statusCode());
    }

    @Test
    void anUploadThatIsTooLargeIsRefusedWhetherItSaysSoOrNot() throws Exception {
        assertError(413, "PackageTooLarge", send("PUT", "/deployments/words", BodyPublishers.ofByteArray(new byte[MAX_PACKAGE + 1])));
        byte[] chunk = new byte[10_000];
        BodyPublisher withoutLength = BodyPublishers.ofByteArrays(Collections.nCopies(15, chunk));
        assertError(413, "PackageTooLarge", send("PUT", "/deployments/words", withoutLength));
        assertEquals(List.of(), cloud.calls);
        assertNoUploadsAreLeft();
    }

    @ParameterizedTest
    @CsvSource({"count=counter", "count==3", "count=counter%3Dx", "count=counter%3D-1", "set=counter", "set=counter.key", "set=.key%3Dv", "set=counter.%3Dv"})
    void wrongCountsAndSettingsAreRefused(String query) throws Exception {
        assertError(400, "InvalidRequest", send("PUT", "/deployments/words?" + query, BodyPublishers.ofByteArray(new byte[100])));
        assertEquals(List.of(), cloud.calls);
    }

    @Test
    void anotherKindOfBodyThanAPackageIsRefused() throws Exception {
        HttpRequest request = request("/deployments/words").header("Content-Type", "application/json").PUT(BodyPublishers.ofString("{}")).build();
        assertError(415, "UnsupportedMediaType", HTTP.send(request, BodyHandlers.ofString()));
    }

    @Test
    void aRefusedPackageIsAnsweredWithTheReasonAndItsFileIsRemoved() throws Exception {
        cloud.failure = new FabricException(FabricErrorCode.INVALID_PACKAGE, "the package has no class X");
        HttpResponse<String> response = send("PUT", "/deployments/words", BodyPublishers.ofByteArray(new byte[100]));
        assertError(400, "InvalidPackage", response);
        assertEquals("the package has no class X", new JsonObject(response.body()).getJsonObject("error").getString("message"));
        assertNoUploadsAreLeft();
    }

    @Test
    void moreUploadsThanTheNodeTakesAreTurnedAway() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        cloud.block = release;
        CompletableFuture<HttpResponse<String>> first = HTTP.sendAsync(
                request("/deployments/words").PUT(BodyPublishers.ofByteArray(new byte[100])).build(), BodyHandlers.ofString());
        while (cloud.calls.isEmpty()) {
            Thread.onSpinWait();
        }
        assertError(503, "ServerBusy", send("PUT", "/deployments/words", BodyPublishers.ofByteArray(new byte[100])));
        release.complete(null);
        assertEquals(201, first.get(60, TimeUnit.SECONDS).statusCode());
        assertEquals(201, send("PUT", "/deployments/words", BodyPublishers.ofByteArray(new byte[100])).statusCode());
    }

    @Test
    void anUploadThatBreaksOffLeavesNothingBehind() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            socket.getOutputStream().write(("PUT /api/v1/deployments/words HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 90000\r\n\r\n"
                    + "x".repeat(1_000)).getBytes(StandardCharsets.US_ASCII));
            awaitUploads(1);
        }
        awaitUploads(0);
        assertEquals(List.of(), cloud.calls);
        int status = 503;
        while (status == 503) {
            // The file is gone a moment before its place among the uploads is free.
            status = send("PUT", "/deployments/words", BodyPublishers.ofByteArray(new byte[100])).statusCode();
        }
        assertEquals(201, status);
    }

    private void awaitUploads(int count) throws IOException {
        long found = -1;
        while (found != count) {
            Thread.onSpinWait();
            try (Stream<Path> files = Files.list(uploads)) {
                found = files.count();
            }
        }
    }

    private void assertNoUploadsAreLeft() throws IOException {
        try (Stream<Path> files = Files.list(uploads)) {
            assertEquals(List.of(), files.toList());
        }
    }
}
