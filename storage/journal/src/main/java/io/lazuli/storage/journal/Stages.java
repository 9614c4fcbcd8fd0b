package io.lazuli.storage.journal;

import io.lazuli.kernel.Failures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/** From the store's stages to the futures of Pekko's plug-in interface, with the exception that was thrown and no wrapper of it. */
final class Stages {

    private Stages() {}

    static <T> Future<T> toFuture(CompletionStage<T> stage) {
        CompletableFuture<T> unwrapped = new CompletableFuture<>();
        stage.whenComplete((value, failure) -> {
            if (failure == null) {
                unwrapped.complete(value);
            } else {
                unwrapped.completeExceptionally(causeOf(failure));
            }
        });
        return FutureConverters.asScala(unwrapped);
    }

    static Throwable causeOf(Throwable failure) {
        return Failures.cause(failure);
    }
}
