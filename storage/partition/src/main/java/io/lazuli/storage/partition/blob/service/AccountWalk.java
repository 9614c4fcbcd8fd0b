package io.lazuli.storage.partition.blob.service;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Visits all accounts with containers, one after the other, as {@link ContainerNumbers} tells them; ends at the first visit that fails. */
final class AccountWalk {

    private final ContainerNumbers numbers;
    private final Executor working;
    private final Function<String, CompletionStage<Void>> visit;

    AccountWalk(ContainerNumbers numbers, Executor working, Function<String, CompletionStage<Void>> visit) {
        this.numbers = numbers;
        this.working = working;
        this.visit = visit;
    }

    CompletionStage<Void> make() {
        return behind("");
    }

    private CompletionStage<Void> behind(String account) {
        return numbers.accounts(account).thenCompose(page -> page.isEmpty()
                ? CompletableFuture.completedStage(null)
                : each(new ArrayDeque<>(page)).thenCompose(done -> behind(page.getLast())));
    }

    private CompletionStage<Void> each(Deque<String> left) {
        if (left.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        return visit.apply(left.remove()).thenComposeAsync(visited -> each(left), working);
    }
}
