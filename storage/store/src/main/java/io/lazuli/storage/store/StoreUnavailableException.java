package io.lazuli.storage.store;

/** The store cannot answer now: no leader, no answer in time, or too much pending. */
public final class StoreUnavailableException extends RuntimeException {

    private final boolean definitelyNotApplied;

    public StoreUnavailableException(String message, boolean definitelyNotApplied) {
        super(message, null, false, false);
        this.definitelyNotApplied = definitelyNotApplied;
    }

    /** True if a commit that failed so has certainly changed nothing; false if its outcome is unknown. */
    public boolean definitelyNotApplied() {
        return definitelyNotApplied;
    }
}
