package io.lazuli.storage.chunk;

/** A storage node does not do what another node asks of it, because by its own clock the other one's must be wrong, or its own is. */
public final class ClockDiffersException extends RuntimeException {

    public ClockDiffersException(String what) {
        super(what, null, false, false);
    }
}
