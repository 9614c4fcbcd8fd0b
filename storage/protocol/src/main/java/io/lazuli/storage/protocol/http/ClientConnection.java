package io.lazuli.storage.protocol.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/** An open connection: how many of its requests are under way and, when none is, by when the next head must have come whole. Event loop only. */
final class ClientConnection {

    private final HttpConnection connection;
    private int underWay;
    private long headDueNanos;

    ClientConnection(HttpConnection connection, long headDueNanos) {
        this.connection = connection;
        this.headDueNanos = headDueNanos;
    }

    void requestBegan() {
        underWay++;
    }

    void requestEnded(long nextHeadDueNanos) {
        underWay--;
        headDueNanos = nextHeadDueNanos;
    }

    boolean isOverdue(long nowNanos) {
        return underWay == 0 && nowNanos - headDueNanos >= 0;
    }

    void cut() {
        cut(connection);
    }

    /** Closes without sending what is still to be sent: an ordinary close would wait for a client that does not read. */
    static void cut(HttpConnection connection) {
        ((ConnectionBase) connection).channelHandlerContext().close();
    }
}
