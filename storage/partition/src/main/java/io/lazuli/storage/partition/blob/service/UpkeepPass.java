package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.chunk.ChunkUpkeep;
import io.lazuli.storage.chunk.NamedRuns;
import io.lazuli.storage.chunk.SweepReport;
import io.lazuli.storage.partition.blob.AccessTier;
import io.lazuli.storage.partition.blob.AccountRules;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobCommand.Delete.DeleteSnapshots;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.LifecycleRule;
import io.lazuli.storage.partition.blob.LifecycleRules;
import io.lazuli.storage.store.Row;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over all blobs of the cloud: account after account, container after container, page after page. Names every run that a row names,
 * tidies what is due; and at the end, if nothing was missed, has the chunk store drop what nobody
 * names. A container that could not be read is tried again after the others; if it still can not, nothing is dropped.
 */
final class UpkeepPass {

    private static final Logger LOG = LoggerFactory.getLogger(UpkeepPass.class);
    private static final int MAX_TRIES_OF_CONTAINER = 3;
    /** By so much the clock may be set while a pass is under way. */
    private static final long MAX_CLOCK_STEP_MILLIS = TimeUnit.MINUTES.toMillis(10);

    /** @param garbageGraceMillis for how long bytes are kept that nobody names */
    record Needs(
            ContainerNumbers numbers, ContainerDirectory directory, BlobReads reads,
            BlobChanges changes, BlobCopies copies, ChunkUpkeep chunks, Executor working, Clock clock, long garbageGraceMillis) {}

    private record Container(String account, long number, int tries) {}

    private static final class GivenUp extends RuntimeException {

        private GivenUp(String why) {
            super(why, null, false, false);
        }
    }

    private final Needs needs;
    private final UpkeepSettings settings;
    private final RunFilters filters;
    private final BooleanSupplier stopped;
    private final long startedMillis;
    private final long startedNanos;
    private final Deque<Container> again = new ArrayDeque<>();
    private final ContainerNames names;
    private long accounts;
    private long containers;
    private long blobs;
    private long rows;
    private long tidied;
    private long aged;
    /** Of the account that is being looked at. */
    private List<LifecycleRule> lifecycle = List.of();
    private AccountRules accountRules = AccountRules.NONE;

    UpkeepPass(Needs needs, UpkeepSettings settings, RunFilters filters, BooleanSupplier stopped) {
        this.needs = needs;
        this.settings = settings;
        this.filters = filters;
        this.names = new ContainerNames(needs.directory);
        this.stopped = stopped;
        this.startedMillis = needs.clock.epochMillis();
        this.startedNanos = needs.clock.nanos();
    }

    /** Never fails. */
    CompletionStage<UpkeepReport> make(long expectedRuns) {
        filters.beginPass(expectedRuns);
        return new AccountWalk(needs.numbers, needs.working, this::account).make()
                .thenCompose(all -> triedAgain())
                .thenCompose(all -> collect())
                .exceptionally(error -> {
                    Throwable cause = error.getCause() == null ? error : error.getCause();
                    LOG.warn("a pass over all blobs was not complete; nothing is collected", cause);
                    return report(false, -1, -1, 0, String.valueOf(cause.getMessage()));
                });
    }

    private CompletionStage<Void> account(String account) {
        accounts++;
        return needs.directory.purge(account, startedMillis).exceptionally(error -> null)
                .thenCompose(purged -> settingsOf(account))
                .thenCompose(known -> containers(account, 0));
    }

    private CompletionStage<Void> settingsOf(String account) {
        return needs.directory.properties(account).thenAccept(properties -> {
            lifecycle = properties.blobs().lifecycle();
            accountRules = new AccountRules(properties.blobs().versioning(), properties.blobs().deleteRetentionDays());
        });
    }

    private CompletionStage<Void> containers(String account, long above) {
        if (stopped.getAsBoolean()) {
            return CompletableFuture.failedStage(new GivenUp("the job moves to another node"));
        }
        return needs.numbers.above(account, above).thenComposeAsync(number -> number.isEmpty()
                ? CompletableFuture.<Void>completedStage(null)
                : attempt(new Container(account, number.get(), 1)).thenCompose(done -> containers(account, number.get())), needs.working);
    }

    private CompletionStage<Void> attempt(Container container) {
        return container(container).exceptionallyCompose(error -> {
            if (container.tries == MAX_TRIES_OF_CONTAINER) {
                return CompletableFuture.failedStage(error);
            }
            again.add(new Container(container.account, container.number, container.tries + 1));
            return CompletableFuture.completedStage(null);
        });
    }

    private CompletionStage<Void> triedAgain() {
        if (again.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        Container next = again.remove();
        // Perhaps it is gone meanwhile.
        return settingsOf(next.account).thenCompose(known -> needs.numbers.above(next.account, next.number - 1)).thenCompose(number -> number.isPresent() && number.get() == next.number
                ? attempt(next)
                : CompletableFuture.<Void>completedStage(null)).thenCompose(done -> triedAgain());
    }

    // One container

    private CompletionStage<Void> container(Container container) {
        ContainerRanges ranges = needs.numbers.ranges(container.account, container.number);
        CompletionStage<String> named = lifecycle.isEmpty() ? CompletableFuture.completedStage(null) : names.of(container.account, container.number);
        return named.thenCompose(name -> {
            List<LifecycleRule> rules = name == null ? List.of() : lifecycle;
            BlobWalk walk = new BlobWalk(filters::add, startedMillis,
                    state -> rules.isEmpty() ? Optional.empty() : LifecycleRules.due(rules, name, state, startedMillis));
            return pages(container, ranges, walk, BlobRows.from(""));
        }).thenAccept(done -> containers++);
    }

    private CompletionStage<Void> pages(Container container, ContainerRanges ranges, BlobWalk walk, byte[] from) {
        return needs.reads.page(ranges, from, BlobRows.indexEnd(), settings.pageRows(), List.of()).thenCompose(page -> {
            rows += page.rows().size();
            Deque<BlobWalk.Seen> ended = new ArrayDeque<>(walk.page(page.rows()));
            if (page.next() == null) {
                ended.addAll(walk.end());
            }
            return each(ranges, ended, page.served()).thenCompose(done -> page.next() == null
                    ? CompletableFuture.completedStage(null)
                    : pause(page.rows().size()).thenComposeAsync(over -> pages(container, ranges, walk, page.next()), needs.working));
        });
    }

    private CompletionStage<Void> pause(int rowsRead) {
        long millis = TimeUnit.SECONDS.toMillis(rowsRead) / settings.rowsPerSecond();
        return millis == 0
                ? CompletableFuture.completedStage(null)
                : CompletableFuture.runAsync(() -> { }, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, needs.working));
    }

    /** Most need nothing, and cost nothing. */
    private CompletionStage<Void> each(ContainerRanges ranges, Deque<BlobWalk.Seen> ended, boolean served) {
        while (!ended.isEmpty()) {
            BlobWalk.Seen seen = ended.remove();
            blobs++;
            if (!seen.isOfOneMoment() || served && (seen.mayHaveOrphanedBytes() || !seen.aged().isEmpty() || seen.tidy().command().isPresent())) {
                return one(ranges, seen, served).thenComposeAsync(done -> each(ranges, ended, served), needs.working);
            }
        }
        return CompletableFuture.completedStage(null);
    }

    private CompletionStage<Void> one(ContainerRanges ranges, BlobWalk.Seen seen, boolean served) {
        byte[] currentKey = BlobRows.currentKey(seen.blob());
        CompletionStage<Boolean> same = seen.isOfOneMoment()
                ? CompletableFuture.completedStage(true)
                : needs.reads.rows(ranges, seen.blob(), List.of(currentKey)).thenApply(found -> seen.change()
                        == found.getFirst().map(value -> BlobRows.state(currentKey, value).change()).orElse(0L));
        return same.thenCompose(still -> {
            if (!still) {
                return nameAgain(ranges, seen.blob(), new BlobWalk(filters::add, startedMillis, state -> Optional.empty()), currentKey);
            }
            return served ? tidy(ranges, seen).thenCompose(done -> age(ranges, new ArrayDeque<>(seen.aged())))
                    : CompletableFuture.completedStage(null);
        });
    }

    private CompletionStage<Void> nameAgain(ContainerRanges ranges, String blob, BlobWalk walk, byte[] from) {
        return needs.reads.page(ranges, from, BlobRows.behind(blob), settings.pageRows(), List.of()).thenCompose(page -> {
            walk.page(page.rows());
            return page.next() == null
                    ? CompletableFuture.completedStage(null)
                    : pause(page.rows().size()).thenComposeAsync(over -> nameAgain(ranges, blob, walk, page.next()), needs.working);
        });
    }

    /** What cannot be tidied now will be by a later pass. */
    private CompletionStage<Void> tidy(ContainerRanges ranges, BlobWalk.Seen seen) {
        CompletionStage<Void> whole = seen.mayHaveOrphanedBytes()
                ? data(ranges, seen, BlobRows.dataFrom(seen.blob()))
                : CompletableFuture.completedStage(null);
        return whole.thenCompose(read -> seen.tidy().command()
                .map(command -> needs.changes.send(ranges, command).<Void>thenApply(done -> {
                    done.ifPresent(some -> tidied++);
                    return null;
                }))
                .orElse(CompletableFuture.completedStage(null))).exceptionally(error -> {
                    LOG.debug("blob {} was not tidied", seen.blob(), error);
                    return null;
                });
    }

    private CompletionStage<Void> data(ContainerRanges ranges, BlobWalk.Seen seen, byte[] from) {
        return needs.reads.data(ranges, seen.blob(), from).thenCompose(page -> {
            for (Row row : page.rows()) {
                seen.tidy().row(row.key(), row.value());
            }
            return page.next() == null ? CompletableFuture.completedStage(null) : data(ranges, seen, page.next());
        });
    }

    /** What is refused, because of a lease perhaps, or was changed meanwhile, may be done by a later pass. */
    private CompletionStage<Void> age(ContainerRanges ranges, Deque<BlobWalk.Aged> due) {
        if (due.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        BlobWalk.Aged next = due.remove();
        return needs.changes.send(ranges, command(next)).handle((done, error) -> {
            if (error == null) {
                aged++;
            }
            return null;
        }).thenCompose(done -> age(ranges, due));
    }

    private BlobCommand command(BlobWalk.Aged aged) {
        BlobState state = aged.state();
        boolean isFormerVersion = state.versionTicks() != 0 && !state.isCurrentVersion();
        BlobTarget target = new BlobTarget(state.name(), state.snapshotTicks(), isFormerVersion ? state.versionTicks() : 0);
        BlobConditions unchanged = new BlobConditions(List.of(state.etag()), null, null, null, null, null);
        return switch (aged.action()) {
            case DELETE -> new BlobCommand.Delete(target, DeleteSnapshots.NONE, List.of(), 0, false, unchanged, accountRules);
            case TO_ARCHIVE -> new BlobCommand.SetTier(target, AccessTier.ARCHIVE, false, BlobConditions.NONE);
            case TO_COLD -> new BlobCommand.SetTier(target, AccessTier.COLD, false, BlobConditions.NONE);
            case TO_COOL -> new BlobCommand.SetTier(target, AccessTier.COOL, false, BlobConditions.NONE);
        };
    }

    // The end

    private CompletionStage<UpkeepReport> collect() {
        if (stopped.getAsBoolean()) {
            return CompletableFuture.failedStage(new GivenUp("the job moves to another node"));
        }
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(needs.clock.nanos() - startedNanos);
        if (Math.abs(needs.clock.epochMillis() - startedMillis - tookMillis) > MAX_CLOCK_STEP_MILLIS) {
            return CompletableFuture.failedStage(new GivenUp("the clock was set meanwhile"));
        }
        if (accounts == 0) {
            // Then there has never been a container, so there is no garbage either; unless the rows are gone, and then nothing must go after them.
            return CompletableFuture.completedStage(report(true, -1, -1, 0, null));
        }
        NamedRuns kept = filters.endPass();
        if (kept == null) {
            return CompletableFuture.completedStage(report(true, -1, -1, 0, null));
        }
        return needs.chunks.sweep(kept, startedMillis - needs.garbageGraceMillis).thenApply((SweepReport swept) ->
                report(true, swept.droppedChunks(), swept.droppedBytes(), swept.silent().size(), null));
    }

    private UpkeepReport report(boolean complete, long droppedChunks, long droppedBytes, int silentNodes, String failure) {
        return new UpkeepReport(startedMillis, needs.clock.epochMillis() - startedMillis, complete, containers, blobs, rows,
                filters.namedInPass(), tidied, aged, droppedChunks, droppedBytes, silentNodes, failure);
    }
}
