package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.CopyOrigin;
import io.lazuli.storage.partition.blob.OutsideSources;
import io.lazuli.storage.protocol.blob.CopySources.OpenSource;
import io.lazuli.storage.protocol.http.ByteRange;
import io.lazuli.storage.protocol.service.MetadataHeaders;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Reads copies' sources from addresses that are not of this cloud, as they come: a source is paused while what came is being written. Follows no
 * redirects, and goes only where {@link CopySourceHosts} allows, whoever asks: a client's request, or a node that takes a copy up. Bounded:
 * sources under way, connections to each host, those waiting for one, times until an answer and without progress, bytes. Any thread.
 */
public final class RemoteSources implements OutsideSources, AutoCloseable {

    static final int MAX_CONNECTIONS = 16;
    static final int MAX_WAITING = 64;
    static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    /** Of connections that nobody uses. What is used is looked after by {@link RemoteBytes}. */
    static final int IDLE_CONNECTION_MILLIS = 600_000;

    /** Sources under way of one node. */
    static final int MAX_SOURCES = 256;

    private static final int MAX_ETAG_CHARS = 256;
    private static final List<String> CONDITIONS = List.of("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since");

    private final Vertx vertx;
    private final CopySourceSettings settings;
    private final long unreadMillis;
    private final Clock clock;
    private final Semaphore sources = new Semaphore(MAX_SOURCES);
    private final HttpClient http;

    /** @param vertx stays the caller's */
    public RemoteSources(Vertx vertx, CopySourceSettings settings, Clock clock) {
        this(vertx, settings, settings.timeoutMillis(), clock);
    }

    /** @param unreadMillis for how long a source stays open that nobody reads */
    RemoteSources(Vertx vertx, CopySourceSettings settings, long unreadMillis, Clock clock) {
        this.vertx = vertx;
        this.settings = settings;
        this.unreadMillis = unreadMillis;
        this.clock = clock;
        this.http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                        .setIdleTimeout(IDLE_CONNECTION_MILLIS)
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS),
                new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING));
    }

    /** As {@link CopySources#open}. */
    CompletionStage<OpenSource> open(BlobCall call, String url, ByteRange range, long maxBytes) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (range != null) {
            headers.put("Range", "bytes=" + range.firstByte() + "-" + (range.lastByte() == ByteRange.OPEN ? "" : range.lastByte()));
        }
        for (String name : CONDITIONS) {
            put(headers, name, call.header("x-ms-source-" + name));
        }
        put(headers, "Authorization", call.header("x-ms-copy-source-authorization"));
        return ask(options(url), headers).map(answer -> answer.check(() -> {
            requireGood(answer.response.statusCode(), range != null);
            long lengthBytes = length(answer.response);
            CopySources.requireAtMost(lengthBytes, maxBytes);
            MultiMap found = answer.response.headers();
            return new OpenSource(
                    CopySources.withoutSignature(url), null, new CopyOrigin.Elsewhere(url, etag(found), lengthBytes), null, headers(found),
                    MetadataHeaders.read(found), Map.of(), answer.bytes(0, lengthBytes));
        })).toCompletionStage();
    }

    @Override
    public CompletionStage<Opened> open(String url, String etag, long offset) {
        Map<String, String> headers = new LinkedHashMap<>();
        put(headers, "If-Match", etag);
        put(headers, "Range", offset == 0 ? null : "bytes=" + offset + "-");
        RequestOptions options;
        try {
            options = options(url);
        } catch (StorageException e) {
            return CompletableFuture.failedStage(e);
        }
        return ask(options, headers).<Opened>map(answer -> answer.check(() -> {
            boolean isRest = offset > 0 && answer.response.statusCode() == 206;
            requireGood(answer.response.statusCode(), isRest);
            String range = answer.response.getHeader("Content-Range");
            if (isRest && (range == null || !range.startsWith("bytes " + offset + "-"))) {
                throw new StorageException(StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE);
            }
            return answer.bytes(isRest ? offset : 0, length(answer.response));
        })).toCompletionStage();
    }

    private static void put(Map<String, String> headers, String name, String value) {
        if (value != null) {
            headers.put(name, value);
        }
    }

    /** @throws StorageException InvalidHeaderValue if that is no address of the web */
    private static RequestOptions options(String url) {
        String scheme = url.substring(0, Math.max(0, url.indexOf("://"))).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw Heads.invalid("x-ms-copy-source", CopySources.withoutSignature(url));
        }
        try {
            return new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(url).setFollowRedirects(false);
        } catch (RuntimeException e) {
            throw Heads.invalid("x-ms-copy-source", CopySources.withoutSignature(url));
        }
    }

    /** An answer that is paused, before any of its body has come. */
    private final class Answer {

        private final HttpClientResponse response;
        private final Context context;
        private final RemoteBytes.Place place;

        private Answer(HttpClientResponse response, Context context, RemoteBytes.Place place) {
            this.response = response;
            this.context = context;
            this.place = place;
        }

        private RemoteBytes bytes(long offset, long lengthBytes) {
            RemoteBytes bytes = new RemoteBytes(response, offset, lengthBytes, context, place, settings.timeoutMillis(), clock);
            vertx.setTimer(unreadMillis, over -> bytes.closeUnread());
            return bytes;
        }

        /** What is made of the answer, or it is cut. */
        private <T> T check(Supplier<T> checked) {
            try {
                response.exceptionHandler(failure -> place.leave());
                return checked.get();
            } catch (StorageException e) {
                RemoteBytes.cut(response);
                place.leave();
                throw e;
            }
        }
    }

    /** The answer's head must have come within the time, name resolution and waiting for a connection included. */
    private Future<Answer> ask(RequestOptions options, Map<String, String> headers) {
        if (!sources.tryAcquire()) {
            return Future.failedFuture(new StorageException(StorageErrorCode.SERVER_BUSY));
        }
        RemoteBytes.Place place = new RemoteBytes.Place(sources);
        Promise<Answer> answered = Promise.promise();
        long timer = vertx.setTimer(settings.timeoutMillis(), late ->
                answered.tryFail(new StorageException(StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE)));
        answered.future().onFailure(failure -> place.leave());
        resolve(options)
                .compose(http::request)
                .compose(request -> send(request, headers, place, answered.future()))
                .onComplete(sent -> {
                    vertx.cancelTimer(timer);
                    if (sent.failed()) {
                        answered.tryFail(sent.cause() instanceof StorageException refused
                                ? refused : new StorageException(StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE));
                    } else if (!answered.tryComplete(sent.result())) {
                        RemoteBytes.cut(sent.result().response);
                    }
                });
        return answered.future();
    }

    /** The addresses that are judged are those that are connected to: asked a second time, a name could have others. */
    private Future<RequestOptions> resolve(RequestOptions options) {
        if (settings.hosts() == CopySourceHosts.NONE) {
            return Future.failedFuture(new StorageException(StorageErrorCode.COPY_SOURCE_NOT_ALLOWED));
        }
        return vertx.executeBlocking(() -> List.of(InetAddress.getAllByName(options.getHost())), false).map(addresses -> {
            if (!settings.hosts().allows(addresses)) {
                throw new StorageException(StorageErrorCode.COPY_SOURCE_NOT_ALLOWED);
            }
            return options.setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(addresses.getFirst(), options.getPort())));
        });
    }

    /** Paused on its own event loop, before any of its body comes. @param over whose failure means that nobody waits any more */
    private Future<Answer> send(HttpClientRequest request, Map<String, String> headers, RemoteBytes.Place place, Future<?> over) {
        headers.forEach(request::putHeader);
        over.onFailure(late -> request.reset());
        return request.send().map(response -> {
            response.pause();
            return new Answer(response, Vertx.currentContext(), place);
        });
    }

    private static void requireGood(int status, boolean ranged) {
        if (status == (ranged ? 206 : 200)) {
            return;
        }
        throw new StorageException(switch (status) {
            case 401, 403 -> StorageErrorCode.COPY_SOURCE_NOT_ALLOWED;
            case 404 -> StorageErrorCode.COPY_SOURCE_NOT_FOUND;
            case 304, 412 -> StorageErrorCode.SOURCE_CONDITION_NOT_MET;
            case 416 -> StorageErrorCode.INVALID_RANGE;
            default -> StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE;
        });
    }

    private static long length(HttpClientResponse response) {
        String text = response.getHeader("Content-Length");
        if (text == null || !text.matches("[0-9]{1,18}")) {
            throw new StorageException(StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE);
        }
        return Long.parseLong(text);
    }

    /** Null if there is none by which the same bytes could be asked for again. */
    private static String etag(MultiMap headers) {
        String etag = text(headers, "ETag");
        return etag == null || etag.startsWith("W/") || etag.length() > MAX_ETAG_CHARS ? null : etag;
    }

    private static BlobHeaders headers(MultiMap headers) {
        return new BlobHeaders(
                text(headers, "Content-Type"), text(headers, "Content-Encoding"), text(headers, "Content-Language"),
                text(headers, "Content-Disposition"), text(headers, "Cache-Control"), null);
    }

    /** Null also for what our own answers could not repeat. */
    private static String text(MultiMap headers, String name) {
        String value = headers.get(name);
        return value == null || !Heads.isVisible(value) ? null : value;
    }

    /** Sources under way. */
    int open() {
        return MAX_SOURCES - sources.availablePermits();
    }

    @Override
    public void close() {
        http.close();
    }
}
