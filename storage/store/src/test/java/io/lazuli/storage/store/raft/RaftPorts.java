package io.lazuli.storage.store.raft;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Opens Raft ports again that were open before: for a moment such a port may be somebody's own end of a connection. */
public final class RaftPorts {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_MILLIS = 20;

    private RaftPorts() {}

    public static RaftHost start(RaftSettings settings) throws IOException {
        long start = System.nanoTime();
        while (true) {
            try {
                return RaftHost.start(settings);
            } catch (IOException taken) {
                if (System.nanoTime() - start > PATIENCE_NANOS) {
                    throw taken;
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
