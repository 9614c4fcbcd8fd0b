package io.lazuli.storage.protocol.service;

import java.util.concurrent.CompletionException;

/** What asynchronous stages fail with. */
public final class Failures {

    private Failures() {}

    /** Without what stages wrap around it. */
    public static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** To be thrown in a stage that passes a failure on. */
    public static RuntimeException unchecked(Throwable cause) {
        return cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
    }
}
