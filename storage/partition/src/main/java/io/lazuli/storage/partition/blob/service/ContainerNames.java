package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.partition.blob.BlobService.ContainerListing;
import io.lazuli.storage.partition.blob.ContainerState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The names of one account's containers by their numbers, as they were when the first of them was wanted. Not for several threads at once. */
final class ContainerNames {

    private static final int PAGE = 5_000;

    private final ContainerDirectory directory;
    private final Map<Long, String> names = new HashMap<>();
    private String namesOf;

    ContainerNames(ContainerDirectory directory) {
        this.directory = directory;
    }

    /** Null if it has none any more. */
    CompletionStage<String> of(String account, long number) {
        if (account.equals(namesOf)) {
            return CompletableFuture.completedStage(names.get(number));
        }
        return names(account, null, new ArrayList<>()).thenApply(found -> {
            names.clear();
            found.forEach(state -> names.put(state.number(), state.name()));
            namesOf = account;
            return names.get(number);
        });
    }

    private CompletionStage<List<ContainerState>> names(String account, String marker, List<ContainerState> found) {
        return directory.list(account, "", marker, PAGE, false).thenCompose((ContainerListing page) -> {
            found.addAll(page.containers());
            return page.next() == null ? CompletableFuture.completedStage(found) : names(account, page.next(), found);
        });
    }
}
