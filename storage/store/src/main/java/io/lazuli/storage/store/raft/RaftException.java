package io.lazuli.storage.store.raft;

/** The consensus library failed a request; for a submitted entry the outcome is unknown unless it says otherwise. */
public final class RaftException extends RuntimeException {

    private final boolean definitelyNotAppended;

    public RaftException(String message) {
        this(message, false);
    }

    public RaftException(String message, boolean definitelyNotAppended) {
        super(message);
        this.definitelyNotAppended = definitelyNotAppended;
    }

    public RaftException(String message, Throwable cause) {
        super(message, cause);
        this.definitelyNotAppended = false;
    }

    /** True if a submitted entry was refused before it was appended, because too much is under way: it may be tried again. */
    public boolean definitelyNotAppended() {
        return definitelyNotAppended;
    }
}
