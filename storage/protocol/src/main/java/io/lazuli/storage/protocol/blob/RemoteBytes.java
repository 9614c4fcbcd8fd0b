package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.OutsideSources;
import io.lazuli.storage.protocol.http.BodyStream;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The body of a remote source's answer, which comes paused. While it is read, {@value #MIN_PROGRESS_BYTES} bytes, or its end, must come within
 * each time that is not spent on writing them. Its handlers run on the answer's event loop, and nothing is told before the sink has done
 * with what it has.
 */
final class RemoteBytes implements BodyStream, OutsideSources.Opened {

    /** Dripping single bytes is no progress. */
    static final int MIN_PROGRESS_BYTES = 4 << 10;
    static final long CHECK_INTERVAL_MILLIS = 250;

    /** A source's place among all of the node, left once. */
    static final class Place {

        private final Semaphore sources;
        private final AtomicBoolean left = new AtomicBoolean();

        Place(Semaphore sources) {
            this.sources = sources;
        }

        void leave() {
            if (left.compareAndSet(false, true)) {
                sources.release();
            }
        }
    }

    private final HttpClientResponse response;
    private final long offset;
    private final long lengthBytes;
    private final Context context;
    private final Place place;
    private final long timeoutMillis;
    private final Clock clock;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    /** On the event loop only, as all below. */
    private OutsideSources.Sink sink;
    private long receivedBytes;
    private long progressBytes;
    private long progressNanos;
    private boolean held;
    private Throwable broken;

    /** @param timeoutMillis without progress */
    RemoteBytes(HttpClientResponse response, long offset, long lengthBytes, Context context, Place place, long timeoutMillis, Clock clock) {
        this.response = response;
        this.offset = offset;
        this.lengthBytes = lengthBytes;
        this.context = context;
        this.place = place;
        this.timeoutMillis = timeoutMillis;
        this.clock = clock;
        response.exceptionHandler(failure -> breakOff());
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public CompletionStage<Void> pipeTo(PartSink sink) {
        return pipe(sink::write);
    }

    @Override
    public CompletionStage<Void> pipeTo(OutsideSources.Sink sink) {
        return pipe(sink);
    }

    private CompletionStage<Void> pipe(OutsideSources.Sink to) {
        if (!wanted.compareAndSet(false, true)) {
            return CompletableFuture.failedStage(new StorageException(StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE));
        }
        context.runOnContext(begin -> begin(to));
        return done;
    }

    private void begin(OutsideSources.Sink to) {
        sink = to;
        if (broken != null) {
            end(broken);
            return;
        }
        progressNanos = clock.nanos();
        long checks = Vertx.currentContext().owner().setPeriodic(CHECK_INTERVAL_MILLIS, check -> check());
        done.whenComplete((whole, failure) -> context.owner().cancelTimer(checks));
        response.endHandler(end -> {
            if (receivedBytes == lengthBytes) {
                end(null);
            } else {
                breakOff();
            }
        });
        response.handler(this::received);
        response.resume();
    }

    private void check() {
        if (!held && clock.nanos() - progressNanos >= TimeUnit.MILLISECONDS.toNanos(timeoutMillis)) {
            breakOff();
        }
    }

    private void breakOff() {
        StorageException failure = new StorageException(StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE);
        if (sink == null) {
            broken = failure;
            place.leave();
        } else if (held) {
            broken = failure;
        } else {
            end(failure);
        }
    }

    private void received(Buffer part) {
        if (done.isDone()) {
            return;
        }
        receivedBytes += part.length();
        if (receivedBytes - progressBytes >= MIN_PROGRESS_BYTES) {
            progressBytes = receivedBytes;
            progressNanos = clock.nanos();
        }
        try {
            CompletionStage<Void> taken = sink.write(ByteBuffer.wrap(part.getBytes()));
            if (taken != null) {
                held = true;
                response.pause();
                taken.whenComplete((written, failure) -> context.runOnContext(back -> taken(failure)));
            }
        } catch (RuntimeException e) {
            end(e);
        }
    }

    private void taken(Throwable failure) {
        held = false;
        progressNanos = clock.nanos();
        if (failure != null || broken != null) {
            end(failure != null ? failure : broken);
        } else {
            response.resume();
        }
    }

    /** @param failure null if all has come */
    private void end(Throwable failure) {
        place.leave();
        if (failure == null) {
            done.complete(null);
        } else if (done.completeExceptionally(failure)) {
            cut(response);
        }
    }

    @Override
    public void close() {
        closeUnread();
    }

    /** Gives it up unless it is being read. */
    void closeUnread() {
        if (wanted.compareAndSet(false, true)) {
            cut(response);
            place.leave();
        }
    }

    /** Ends an answer of which no more is wanted; that it ends so is no news. */
    static void cut(HttpClientResponse response) {
        response.exceptionHandler(failure -> { });
        response.request().reset();
    }
}
