package io.lazuli.storage.store.raft;

/** The consensus library failed a request; for a submitted entry the outcome is unknown. */
public final class RaftException extends RuntimeException {

    public RaftException(String message) {
        super(message);
    }

    public RaftException(String message, Throwable cause) {
        super(message, cause);
    }
}
