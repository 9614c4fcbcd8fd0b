package io.lazuli.storage.protocol.table;

import java.util.concurrent.CompletionException;

/** What asynchronous stages fail with. */
final class Failures {

    private Failures() {}

    /** Without what stages wrap around it. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** To be thrown in a stage that passes a failure on. */
    static RuntimeException unchecked(Throwable cause) {
        return cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
    }
}
