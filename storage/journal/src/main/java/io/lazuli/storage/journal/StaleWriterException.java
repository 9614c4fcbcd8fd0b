package io.lazuli.storage.journal;

/** An actor wrote that is not, or no longer, its persistence id's only writer on this node: it must stop and recover. Nothing was written. */
public final class StaleWriterException extends RuntimeException {

    StaleWriterException(String message) {
        this(message, null);
    }

    StaleWriterException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
