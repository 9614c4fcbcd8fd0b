package io.lazuli.security;

/** This node does not know now whether the account exists; a front end answers 503 ServerBusy, so that clients come again. */
public final class KeysUnknownException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public KeysUnknownException(String message) {
        super(message, null, false, false);
    }
}
