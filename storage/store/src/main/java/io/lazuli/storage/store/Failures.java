package io.lazuli.storage.store;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What really failed behind the wrappers that stages add. */
final class Failures {

    private Failures() {}

    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
