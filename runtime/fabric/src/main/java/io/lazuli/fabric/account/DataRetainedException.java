package io.lazuli.fabric.account;

/** Storage holds something of an account that nobody may delete, such as blobs under a legal hold: its deletion cannot be carried out. */
public final class DataRetainedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DataRetainedException(String message) {
        super(message);
    }
}
