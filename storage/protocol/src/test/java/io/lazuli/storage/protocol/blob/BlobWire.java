package io.lazuli.storage.protocol.blob;

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

/** Sends what no SDK would, signed with the development account's key. */
final class BlobWire {

    static final String ACCOUNT = ConfiguredAccounts.DEVELOPMENT_ACCOUNT;

    private final int port;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final SharedKeySigner signer =
            new SharedKeySigner(ACCOUNT, SigningKey.ofBase64(ConfiguredAccounts.DEVELOPMENT_KEY), SharedKeyScheme.SHARED_KEY, Clock.system());

    record Answer(HttpResponse<byte[]> response) {

        Answer is(int status, String code) {
            assertEquals(status + " " + code, response.statusCode() + " " + header("x-ms-error-code"), this::text);
            return this;
        }

        Answer is(int status) {
            return is(status, "");
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        Answer has(String name, String value) {
            assertEquals(value, header(name), name);
            return this;
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        Answer says(String text) {
            assertEquals(text, text());
            return this;
        }

        Answer holds(String part) {
            assertTrue(text().contains(part), () -> part + " in " + text());
            return this;
        }
    }

    BlobWire(int port) {
        this.port = port;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + "/" + ACCOUNT + path;
    }

    Answer get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    Answer put(String path, String body, String... headers) {
        return send("PUT", path, body, headers);
    }

    /** @param headers {@code Name: value} */
    Answer send(String method, String path, String body, String... headers) {
        return send(method, path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer send(String method, String path, byte[] body, String... headers) {
        boolean hasBody = method.equals("PUT") || method.equals("POST");
        Map<String, String> all = new LinkedHashMap<>();
        all.put("x-ms-version", "2023-11-03");
        for (String header : headers) {
            int colon = header.indexOf(':');
            all.put(header.substring(0, colon), header.substring(colon + 1).trim());
        }
        if (hasBody && body.length > 0) {
            all.put("Content-Length", Integer.toString(body.length));
        }
        URI uri = URI.create(url(path));
        Map<String, String> signed = new LinkedHashMap<>(signer.sign(StorageService.BLOB, method, uri, all));
        signed.remove("Content-Length");
        return exchange(method, uri, signed, hasBody ? body : null);
    }

    Answer sendUnsigned(String method, String path, String... headers) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String header : headers) {
            int colon = header.indexOf(':');
            all.put(header.substring(0, colon), header.substring(colon + 1).trim());
        }
        return exchange(method, URI.create(url(path)), all, method.equals("PUT") ? new byte[0] : null);
    }

    private Answer exchange(String method, URI uri, Map<String, String> headers, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(
                method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            return new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
