package io.lazuli.storage.protocol.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Clock;
import io.lazuli.security.ConfiguredAccounts;
import io.lazuli.security.SharedKeyScheme;
import io.lazuli.security.SharedKeySigner;
import io.lazuli.security.SigningKey;
import io.lazuli.security.StorageService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sends what no SDK would, signed with the development account's key or not at all. */
final class TableWire {

    private static final String ACCOUNT = ConfiguredAccounts.DEVELOPMENT_ACCOUNT;

    private final int port;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final SharedKeySigner signer =
            new SharedKeySigner(ACCOUNT, SigningKey.ofBase64(ConfiguredAccounts.DEVELOPMENT_KEY), SharedKeyScheme.SHARED_KEY_LITE, Clock.system());

    record Answer(HttpResponse<String> response) {

        Answer is(int status, String code) {
            assertEquals(status + " " + code, response.statusCode() + " " + header("x-ms-error-code"), () -> response.body());
            return this;
        }

        Answer is(int status) {
            return is(status, "");
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        Answer has(String header, String value) {
            assertEquals(value, header(header));
            return this;
        }

        String body() {
            return response.body();
        }

        Answer holds(String part) {
            assertTrue(body().contains(part), () -> part + " in " + body());
            return this;
        }

        Answer lacks(String part) {
            assertTrue(!body().contains(part), () -> part + " in " + body());
            return this;
        }
    }

    TableWire(int port) {
        this.port = port;
    }

    Answer get(String path) {
        return send("GET", path, "", "");
    }

    /** @param headers {@code Name: value}, several between {@code |} */
    Answer send(String method, String path, String headers, String body) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String header : headers.split("\\|")) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                all.put(header.substring(0, colon), header.substring(colon + 1).trim());
            }
        }
        URI uri = URI.create("http://127.0.0.1:" + port + "/" + ACCOUNT + path);
        return exchange(method, uri, path.contains("sig=") ? all : signer.sign(StorageService.TABLE, method, uri, all), body);
    }

    Answer sendUnsigned(String method, String path, Map<String, String> headers, String body) {
        return exchange(method, URI.create("http://127.0.0.1:" + port + "/" + ACCOUNT + path), headers, body);
    }

    private Answer exchange(String method, URI uri, Map<String, String> headers, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method, body.isEmpty() && !method.equals("POST") && !method.equals("PUT")
                ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8)));
        headers.forEach(request::header);
        try {
            return new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
