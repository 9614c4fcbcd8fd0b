package io.lazuli.admin;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;

/**
 * Brings one request's body into a file, a buffer at a time: the network waits for the disk. Runs on the request's event
 * loop. If the body is too large, the file is removed and the rest of the body is read and dropped, so that the client
 * gets to read its answer; if the rest is larger than the limit again, the connection is closed.
 */
final class PackageUpload {

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final long maxBytes;
    private final Promise<Void> done = Promise.promise();
    private AsyncFile file;
    private long receivedBytes;
    private boolean failed;
    private long timer;

    private PackageUpload(Vertx vertx, HttpServerRequest request, long maxBytes) {
        this.vertx = vertx;
        this.request = request;
        this.maxBytes = maxBytes;
    }

    /** Completes with the new file's path, which the caller removes; after a failure there is none. */
    static Future<String> receive(Vertx vertx, HttpServerRequest request, String directory, long maxBytes, long timeoutMillis) {
        request.pause();
        return vertx.fileSystem().createTempFile(directory, "lazuli-upload-", ".jar", (String) null)
                .onFailure(failure -> request.resume())
                .compose(path -> vertx.fileSystem()
                        .open(path, new OpenOptions().setWrite(true).setTruncateExisting(true))
                        .compose(file -> new PackageUpload(vertx, request, maxBytes).into(file, timeoutMillis))
                        .map(path)
                        .recover(failure -> vertx.fileSystem().delete(path).transform(deleted -> Future.failedFuture(failure))));
    }

    private Future<Void> into(AsyncFile target, long timeoutMillis) {
        file = target;
        timer = vertx.setTimer(timeoutMillis, fired -> fail(new AdminException(408, "RequestTimeout", "the upload has taken too long")));
        file.exceptionHandler(this::fail);
        request.exceptionHandler(failure -> fail(new AdminException(400, "UploadBrokeOff", "the upload broke off: " + failure.getMessage())));
        request.handler(this::received);
        request.endHandler(end -> {
            if (!failed) {
                done.tryComplete();
            }
        });
        request.resume();
        return done.future()
                .onComplete(result -> vertx.cancelTimer(timer))
                .transform(result -> file.close().transform(closed -> result.failed() ? Future.failedFuture(result.cause())
                        : closed.failed() ? Future.failedFuture(closed.cause()) : Future.succeededFuture()));
    }

    private void received(Buffer bytes) {
        receivedBytes += bytes.length();
        if (failed) {
            if (receivedBytes > 2 * maxBytes) {
                request.connection().close();
            }
        } else if (receivedBytes > maxBytes) {
            fail(tooLarge(maxBytes));
        } else {
            file.write(bytes).onFailure(this::fail);
            if (file.writeQueueFull()) {
                request.pause();
                file.drainHandler(drained -> request.resume());
            }
        }
    }

    private void fail(Throwable failure) {
        if (!failed) {
            failed = true;
            request.resume();
            done.tryFail(failure);
        }
    }

    static AdminException tooLarge(long maxBytes) {
        return new AdminException(413, "PackageTooLarge", "a package has at most " + maxBytes + " bytes");
    }
}
