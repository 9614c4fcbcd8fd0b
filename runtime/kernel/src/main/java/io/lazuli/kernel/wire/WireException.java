package io.lazuli.kernel.wire;

/** A message cannot be written or what arrived cannot be read; nothing of it reaches an actor. */
public final class WireException extends RuntimeException {

    public WireException(String message) {
        super(message);
    }

    public WireException(String message, Throwable cause) {
        super(message, cause);
    }
}
