package io.lazuli.kernel;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What really failed, behind the wrappers that stages and futures add, and how a stage passes it on. */
public final class Failures {

    private Failures() {}

    /** Without any wrapper that has a cause. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** To be thrown in a stage that passes a failure on. */
    public static RuntimeException unchecked(Throwable cause) {
        return cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
    }
}
