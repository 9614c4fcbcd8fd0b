package io.lazuli.storage.protocol.conformance;

import io.lazuli.kernel.Clock;
import io.lazuli.security.ConnectionString;
import io.lazuli.security.SharedKeyScheme;
import io.lazuli.security.SharedKeySigner;
import io.lazuli.security.SigningKey;
import io.lazuli.security.StorageService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Sends what no SDK would: any method, any URI, any header, signed with the account's key unless told otherwise. */
public final class RawClient {

    static final String VERSION = "2021-12-02";

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** A service may always say so, and has done nothing then. */
    private static final int BUSY = 503;
    private static final int MAX_ATTEMPTS = 20;
    private static final Duration RETRY_PAUSE = Duration.ofMillis(500);

    private final ConnectionString target;
    private final StorageService service;
    private final SharedKeySigner signer;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

    public RawClient(ConnectionString target, StorageService service) {
        this.target = target;
        this.service = service;
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
        return sendTo(URI.create(endpoint() + path), method, headers, body, by);
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
            all = by.sign(service, method, uri, toSign);
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
            for (int attempt = 1; response.statusCode() == BUSY && attempt < MAX_ATTEMPTS; attempt++) {
                Thread.sleep(RETRY_PAUSE);
                response = http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            }
            return new RawAnswer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The account's, without a slash at the end. */
    URI endpoint() {
        return switch (service) {
            case BLOB -> target.blobEndpoint().orElseThrow();
            case QUEUE -> target.queueEndpoint().orElseThrow();
            case TABLE -> target.tableEndpoint().orElseThrow();
            case FILE -> throw new IllegalStateException("no file service");
        };
    }

    /** The same request with the account in the host's name and not in the path: {@code account.table.localhost}. */
    public RawAnswer sendToHost(String method, String path, Map<String, String> headers, String body, SharedKeySigner by) {
        URI uri = URI.create("http://" + target.account() + "." + service.name().toLowerCase(Locale.ROOT) + ".localhost:" + endpoint().getPort() + path);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Map<String, String> all = new LinkedHashMap<>(Map.of("x-ms-version", VERSION, "Content-Length", Integer.toString(bytes.length)));
        all.putAll(headers);
        return exchange(method, uri.getAuthority(), path, by == null ? all : by.sign(service, method, uri, all), bytes);
    }

    /** With these headers and no others, also such as Java's client does not send. */
    RawAnswer sendPlain(String method, String path, Map<String, String> headers) {
        return exchange(method, endpoint().getAuthority(), endpoint().getRawPath() + path, headers, new byte[0]);
    }

    /** Of nobody, to a host that is named: {@code account.web.localhost:10000}. */
    RawAnswer sendToAuthority(String authority, String method, String path) {
        return exchange(method, authority, path, Map.of(), new byte[0]);
    }

    private RawAnswer exchange(String method, String host, String path, Map<String, String> headers, byte[] body) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n");
        headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        try (Socket socket = new Socket(endpoint().getHost(), endpoint().getPort())) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(body);
            return RawAnswer.parse(socket.getInputStream().readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SharedKeySigner signer() {
        return signer;
    }

    public ConnectionString target() {
        return target;
    }
}
