package io.lazuli.storage.chunk.transport;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane to one other node: a connection that is opened when something is to be sent, and again after it was lost, with growing pauses
 * during which calls fail at once.
 *
 * <pre>
 * closed --call--> connecting --handshake--> open --lost--> waiting --call after the pause--> connecting
 *                  connecting --failed-------------------> waiting
 * </pre>
 *
 * <p>Any thread. Bounded: {@link #MAX_CALLS} calls under way; the bytes that they carry are bounded by the memory they were taken from.
 */
final class PeerLink implements AutoCloseable {

    /** Calls under way on one connection; further ones are refused as ServerBusy. */
    static final int MAX_CALLS = 4_096;

    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int MAX_DOUBLINGS = 6;

    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);

    private final NodeId node;
    private final InetSocketAddress address;
    private final Lane lane;
    private final LinkContext context;
    private PeerConnection connection;
    private int failures;
    private long pausedUntilNanos;
    private boolean closed;

    /** What all links of a node share. */
    record LinkContext(String cloudName, NodeId self, TransportSettings settings, CallTimer timer, Clock clock) {}

    PeerLink(NodeId node, InetSocketAddress address, Lane lane, LinkContext context) {
        this.node = node;
        this.address = address;
        this.lane = lane;
        this.context = context;
    }

    CompletionStage<Call.Answer> send(Call call, long timeoutMillis) {
        PeerConnection current;
        synchronized (this) {
            if (closed) {
                call.fail(new PeerUnreachableException(node, "this end is closed"));
                return call.answer();
            }
            if (connection == null) {
                if (failures > 0 && context.clock().nanos() - pausedUntilNanos < 0) {
                    call.fail(new PeerUnreachableException(node, "not reached just now"));
                    return call.answer();
                }
                connection = new PeerConnection(node, address, lane, context, this::heard, this::ended);
                connection.start();
            }
            current = connection;
        }
        if (current.calls() >= MAX_CALLS) {
            call.fail(new StorageException(StorageErrorCode.SERVER_BUSY));
        } else {
            current.send(call, timeoutMillis);
        }
        return call.answer();
    }

    /** Whether a call would fail at once, or wait for a connection after one was lost: once in each pause somebody has to try. */
    synchronized boolean down() {
        return failures > 0 && (connection != null || context.clock().nanos() - pausedUntilNanos < 0);
    }

    /** There is reason to believe that it can be reached now. */
    synchronized void endPause() {
        pausedUntilNanos = context.clock().nanos();
    }

    @Override
    public void close() {
        PeerConnection current;
        synchronized (this) {
            closed = true;
            current = connection;
        }
        if (current != null) {
            current.end(new PeerUnreachableException(node, "this end is closed"));
        }
    }

    private synchronized void heard() {
        failures = 0;
    }

    private synchronized void ended(Throwable why) {
        connection = null;
        failures++;
        pausedUntilNanos = context.clock().nanos()
                + Math.min(MAX_PAUSE_NANOS, MIN_PAUSE_NANOS << Math.min(failures - 1, MAX_DOUBLINGS));
        if (failures == 1 && !closed) {
            LOG.info("lost node {} at {} ({}): {}", node, address, lane, why.toString());
        }
    }
}
