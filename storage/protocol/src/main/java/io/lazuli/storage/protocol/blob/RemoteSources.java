package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.protocol.blob.CopySources.OpenSource;
import io.lazuli.storage.protocol.http.BodyStream;
import io.lazuli.storage.protocol.http.ByteRange;
import io.lazuli.storage.protocol.service.MetadataHeaders;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
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
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads copies' sources from addresses that are not of this cloud, as they come: a source is paused while what came is being written. Follows no
 * redirects, and goes only where {@link CopySourceHosts} allows. Bounded: sources under way, connections to each host, those waiting for one, times
 * without a byte, bytes.
 */
final class RemoteSources implements AutoCloseable {

    static final int MAX_CONNECTIONS = 16;
    static final int MAX_WAITING = 64;
    static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    static final int IDLE_TIMEOUT_MILLIS = 60_000;

    /** Sources under way of one node. One that is opened and not read ends with {@link #IDLE_TIMEOUT_MILLIS}. */
    static final int MAX_SOURCES = 256;

    private static final List<String> CONDITIONS = List.of("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since");

    private final Vertx vertx;
    private final CopySourceHosts hosts;
    private final long unreadMillis;
    private final Semaphore sources = new Semaphore(MAX_SOURCES);
    private final HttpClient http;

    RemoteSources(Vertx vertx, CopySourceHosts hosts) {
        this(vertx, hosts, IDLE_TIMEOUT_MILLIS);
    }

    /** @param unreadMillis for how long a source stays open that nobody reads */
    RemoteSources(Vertx vertx, CopySourceHosts hosts, long unreadMillis) {
        this.vertx = vertx;
        this.hosts = hosts;
        this.unreadMillis = unreadMillis;
        this.http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                        .setIdleTimeout(IDLE_TIMEOUT_MILLIS)
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS),
                new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING));
    }

    /** As {@link CopySources#open}. */
    CompletionStage<OpenSource> open(BlobCall call, String url, ByteRange range, long maxBytes) {
        String scheme = url.substring(0, url.indexOf("://")).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw Heads.invalid("x-ms-copy-source", url);
        }
        RequestOptions options;
        try {
            options = new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(url).setFollowRedirects(false);
        } catch (RuntimeException e) {
            throw Heads.invalid("x-ms-copy-source", url);
        }
        if (!sources.tryAcquire()) {
            throw new StorageException(StorageErrorCode.SERVER_BUSY);
        }
        Place place = new Place(sources, new AtomicBoolean(), new AtomicBoolean());
        return resolve(options)
                .compose(http::request)
                .compose(request -> send(call, request, range))
                .recover(failure -> Future.failedFuture(
                        failure instanceof StorageException ? failure : new StorageException(StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE)))
                .map(response -> {
                    OpenSource opened = opened(url, range, maxBytes, response, place);
                    vertx.setTimer(unreadMillis, over -> giveUpUnread(response, place));
                    return opened;
                })
                .onFailure(failure -> place.leave())
                .toCompletionStage();
    }

    /** Nobody wants it: what was to be done with it was refused. */
    private static void giveUpUnread(HttpClientResponse response, Place place) {
        if (place.read.compareAndSet(false, true)) {
            cut(response);
            place.leave();
        }
    }

    /** A source's place among {@link #MAX_SOURCES}, left once. @param read whether its bytes are being read, or will not be */
    private record Place(Semaphore sources, AtomicBoolean left, AtomicBoolean read) {

        void leave() {
            if (left.compareAndSet(false, true)) {
                sources.release();
            }
        }
    }

    /** The addresses that are judged are those that are connected to: asked a second time, a name could have others. */
    private Future<RequestOptions> resolve(RequestOptions options) {
        if (hosts == CopySourceHosts.NONE) {
            return Future.failedFuture(new StorageException(StorageErrorCode.COPY_SOURCE_NOT_ALLOWED));
        }
        return vertx.executeBlocking(() -> List.of(InetAddress.getAllByName(options.getHost())), false).map(addresses -> {
            if (!hosts.allows(addresses)) {
                throw new StorageException(StorageErrorCode.COPY_SOURCE_NOT_ALLOWED);
            }
            return options.setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(addresses.getFirst(), options.getPort())));
        });
    }

    /** Paused on its own event loop, before any of its body comes. */
    private static Future<HttpClientResponse> send(BlobCall call, HttpClientRequest request, ByteRange range) {
        if (range != null) {
            request.putHeader("Range", "bytes=" + range.firstByte() + "-" + (range.lastByte() == ByteRange.OPEN ? "" : range.lastByte()));
        }
        for (String name : CONDITIONS) {
            String value = call.header("x-ms-source-" + name);
            if (value != null) {
                request.putHeader(name, value);
            }
        }
        String authorization = call.header("x-ms-copy-source-authorization");
        if (authorization != null) {
            request.putHeader("Authorization", authorization);
        }
        return request.send().map(response -> {
            response.pause();
            return response;
        });
    }

    private static OpenSource opened(String url, ByteRange range, long maxBytes, HttpClientResponse response, Place place) {
        response.exceptionHandler(failure -> place.leave());
        try {
            requireGood(response.statusCode(), range);
            long lengthBytes = length(response.getHeader("Content-Length"));
            CopySources.requireAtMost(lengthBytes, maxBytes);
            return new OpenSource(
                    CopySources.withoutSignature(url), null, null, headers(response.headers()), MetadataHeaders.read(response.headers()),
                    Map.of(), new ResponseBytes(response, lengthBytes, Vertx.currentContext(), place));
        } catch (StorageException e) {
            cut(response);
            throw e;
        }
    }

    /** Ends an answer of which no more is wanted; that it ends so is no news. */
    private static void cut(HttpClientResponse response) {
        response.exceptionHandler(failure -> {});
        response.request().reset();
    }

    private static void requireGood(int status, ByteRange range) {
        if (status == (range == null ? 200 : 206)) {
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

    private static long length(String text) {
        if (text == null || !text.matches("[0-9]{1,18}")) {
            throw new StorageException(StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE);
        }
        return Long.parseLong(text);
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

    /** The body of an answer that is paused. Its handlers run on its own event loop. */
    private record ResponseBytes(HttpClientResponse response, long lengthBytes, Context context, Place place) implements BodyStream {

        @Override
        public CompletionStage<Void> pipeTo(PartSink sink) {
            if (!place.read.compareAndSet(false, true)) {
                return CompletableFuture.failedStage(new StorageException(StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE));
            }
            CompletableFuture<Void> done = new CompletableFuture<>();
            done.whenComplete((whole, failure) -> place.leave());
            context.runOnContext(begin -> {
                response.exceptionHandler(failure ->
                        done.completeExceptionally(new StorageException(StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE)));
                response.endHandler(end -> done.complete(null));
                response.handler(part -> received(part, sink, done));
                response.resume();
            });
            return done;
        }

        private void received(Buffer part, PartSink sink, CompletableFuture<Void> done) {
            if (done.isDone()) {
                return;
            }
            try {
                CompletionStage<Void> taken = sink.write(ByteBuffer.wrap(part.getBytes()));
                if (taken != null) {
                    response.pause();
                    taken.whenComplete((written, failure) -> context.runOnContext(back -> go(failure, done)));
                }
            } catch (RuntimeException e) {
                go(e, done);
            }
        }

        private void go(Throwable failure, CompletableFuture<Void> done) {
            if (failure == null) {
                response.resume();
            } else {
                done.completeExceptionally(failure);
                cut(response);
            }
        }
    }
}
