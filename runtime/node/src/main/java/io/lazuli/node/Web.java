package io.lazuli.node;

import com.typesafe.config.Config;
import io.lazuli.kernel.Clock;
import io.lazuli.storage.protocol.blob.CopySourceSettings;
import io.lazuli.storage.protocol.blob.RemoteSources;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.TimeUnit;

/** A node's one Vert.x: the event loops of its front ends, if it has any, and of what it reads over HTTP for copies of blobs. */
record Web(Vertx vertx, RemoteSources copySources) implements AutoCloseable {

    private static final long CLOSE_TIMEOUT_MILLIS = 10_000;

    static Web start(Config config, NodeSettings settings) {
        CopySourceSettings copySources = CopySourceSettings.of(config);
        // Nothing is served from the class path; without it Vert.x needs neither a cache directory nor a shutdown hook.
        Vertx vertx = Vertx.vertx(new VertxOptions().setFileSystemOptions(
                new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false)));
        return new Web(vertx, new RemoteSources(vertx, settings.development() ? copySources.fromAnywhere() : copySources, Clock.system()));
    }

    @Override
    public void close() {
        copySources.close();
        vertx.close().toCompletionStage().toCompletableFuture().orTimeout(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS).join();
    }
}
