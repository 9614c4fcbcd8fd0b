package io.lazuli.storage.protocol.conformance;

import io.lazuli.kernel.Clock;
import io.lazuli.security.ConnectionString;
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
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sends what no SDK would: any method, any URI, any header, signed with the account's key unless told otherwise. */
public final class RawClient {

    static final String VERSION = "2021-12-02";

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ConnectionString target;
    private final SharedKeySigner signer;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

    public RawClient(ConnectionString target) {
        this.target = target;
        this.signer = new SharedKeySigner(
                target.account(), SigningKey.ofBase64(target.key()), SharedKeyScheme.SHARED_KEY, Clock.system());
    }

    /** @param path what follows the account's endpoint, escaped, with its query */
    public RawAnswer send(String method, String path, Map<String, String> headers, String body) {
        return send(method, path, headers, body, signer);
    }

    public RawAnswer send(String method, String path) {
        return send(method, path, Map.of(), "");
    }

    /** @param by null for no signature */
    public RawAnswer send(String method, String path, Map<String, String> headers, String body, SharedKeySigner by) {
        return sendTo(URI.create(target.queueEndpoint().orElseThrow() + path), method, headers, body, by);
    }

    public RawAnswer sendTo(URI uri, String method, Map<String, String> headers, String body, SharedKeySigner by) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean withBody = bytes.length > 0 || method.equals("PUT") || method.equals("POST");
        Map<String, String> all = new LinkedHashMap<>(Map.of("x-ms-version", VERSION));
        all.putAll(headers);
        all.values().removeIf(String::isEmpty);
        if (by != null) {
            Map<String, String> toSign = new LinkedHashMap<>(all);
            if (withBody) {
                toSign.put("Content-Length", Integer.toString(bytes.length));
            }
            all = by.sign(StorageService.QUEUE, method, uri, toSign);
            all.remove("Content-Length");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
        if (method.equals("GET") && !withBody) {
            request.GET();
        } else {
            request.method(method, withBody ? HttpRequest.BodyPublishers.ofByteArray(bytes) : HttpRequest.BodyPublishers.noBody());
        }
        all.forEach(request::header);
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new RawAnswer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    SharedKeySigner signer() {
        return signer;
    }

    public ConnectionString target() {
        return target;
    }
}
