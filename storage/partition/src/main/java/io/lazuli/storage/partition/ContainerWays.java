package io.lazuli.storage.partition;

import io.lazuli.kernel.Asking;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.RangeRoutes.RangedName;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobService.ContainerListing;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.service.ContainerDirectory;
import io.lazuli.storage.partition.blob.service.ContainerNumbers;
import io.lazuli.storage.partition.blob.service.ContainerRanges;
import io.lazuli.storage.partition.blob.service.RangeSender;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.partition.table.directory.DirectoryKind;
import io.lazuli.storage.partition.table.directory.TableDirectoryMessage;
import io.lazuli.storage.partition.table.directory.TableDirectoryReader;
import io.lazuli.storage.partition.table.directory.TableDirectoryReply;
import io.lazuli.storage.partition.table.directory.TableDirectoryRequest;
import io.lazuli.storage.store.RowStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** A node's ways to containers' directories and ranges, for its blob service; remembers routes. Any thread. */
final class ContainerWays implements ContainerDirectory, ContainerNumbers, RangeSender {

    private static final DirectoryKind KIND = DirectoryKind.CONTAINERS;

    private final ActorSystem<?> system;
    private final TableDirectoryReader reader;
    private final BiFunction<String, Long, ContainerRanges> byNumber;
    private final ImmutabilityMarks marks = new ImmutabilityMarks(this);
    private final RangeSearch search;
    private final RangeSharding.Started started;
    private final Duration requestTimeout;

    ContainerWays(ActorSystem<?> system, RowStore store, RangeSharding.Started started, PartitionSettings settings) {
        this.system = system;
        this.started = started;
        this.requestTimeout = Duration.ofMillis(settings.requestTimeoutMillis());
        this.reader = new TableDirectoryReader(KIND, store, this::resume);
        this.byNumber = rangesByNumber(store, settings);
        this.search = new RangeSearch(system, new RangeRoutes(reader, settings.maxContainerRoutes()), requestTimeout, this::resume);
    }

    /** The ways to the ranges of containers, of an account, by number. */
    static BiFunction<String, Long, ContainerRanges> rangesByNumber(RowStore store, PartitionSettings settings) {
        TableDirectoryReader reader = new TableDirectoryReader(KIND, store, directory -> { });
        Duration timeout = Duration.ofMillis(settings.requestTimeoutMillis());
        return (account, number) -> new NumberedRanges(() -> reader.ranges(KIND.directoryOf(account), number), timeout);
    }

    @Override
    public CompletionStage<List<String>> accounts(String account) {
        return ServiceFailures.inProtocol(reader.accounts(account));
    }

    @Override
    public CompletionStage<Optional<Long>> above(String account, long number) {
        return ServiceFailures.inProtocol(reader.numberAbove(KIND.directoryOf(account), number));
    }

    @Override
    public ContainerRanges ranges(String account, long number) {
        return byNumber.apply(account, number);
    }

    ContainerRanges ranges(String account, String container) {
        RangedName name = new RangedName(account, KIND.keyOf(container));
        return new ContainerRanges() {
            @Override
            public <T> CompletionStage<T> on(byte[] key, Attempt<T> attempt) {
                return search.find(name, key, (range, timeout) -> attempt.apply(new Place(range.partition(), range.high()), timeout));
            }

            @Override
            public <T> CompletionStage<T> onMarked(byte[] key, Attempt<T> attempt) {
                return on(key, (place, timeout) -> marks.ensure(container, place.partition()).thenCompose(marked -> marked
                        ? attempt.apply(place, timeout)
                        : CompletableFuture.completedStage(Optional.empty())));
            }
        };
    }

    @Override
    public CompletionStage<RangeReply> send(PartitionId range, BlobCommand command, Duration timeout) {
        String id = range.toString();
        return Asking.<RangeRequest, RangeReply>ask(
                started.ranges(), replyTo -> new RangeRequest.Change(id, command, replyTo), timeout, system);
    }

    @Override
    public CompletionStage<ContainerListing> list(String account, String prefix, String marker, int maxResults, boolean withDeleted) {
        return ServiceFailures.inProtocol(reader.containers(KIND.directoryOf(account), prefix, marker, maxResults, withDeleted));
    }

    @Override
    public CompletionStage<Optional<ContainerState>> find(String account, String container) {
        return ServiceFailures.inProtocol(reader.container(KIND.directoryOf(account), container));
    }

    @Override
    public CompletionStage<ContainerState> change(String account, String container, ContainerCommand command) {
        return container(ask(account, (id, replyTo) -> new TableDirectoryRequest.ChangeContainer(id, container, command, replyTo)));
    }

    @Override
    public CompletionStage<ContainerState> restore(String account, String deletedName, String version, String newName) {
        return container(ask(account,
                (id, replyTo) -> new TableDirectoryRequest.RestoreContainer(id, deletedName, version, newName, replyTo)));
    }

    private static CompletionStage<ContainerState> container(CompletionStage<TableDirectoryReply> reply) {
        return reply.thenApply(answer -> ((TableDirectoryReply.Container) answer).state());
    }

    @Override
    public CompletionStage<Void> purge(String account, long nowMillis) {
        return ask(account, (id, replyTo) -> new TableDirectoryRequest.PurgeDeleted(id, nowMillis, replyTo)).thenAccept(begun -> { });
    }

    @Override
    public CompletionStage<ServiceProperties> properties(String account) {
        return ServiceFailures.inProtocol(reader.serviceProperties(KIND.directoryOf(account)));
    }

    @Override
    public CompletionStage<ServiceProperties> changeProperties(String account, UnaryOperator<ServiceProperties> change) {
        return new PropertiesChange(() -> properties(account), (expected, changed) -> ask(
                account, (id, replyTo) -> new TableDirectoryRequest.SetServiceProperties(id, expected, changed, replyTo))
                .thenApply(reply -> reply instanceof TableDirectoryReply.Done)).make(change);
    }

    /** Fire and forget: whoever sees the unfinished entry next asks again. */
    private void resume(PartitionId directory) {
        ask(directory.name(), TableDirectoryRequest.Resume::new);
    }

    private CompletionStage<TableDirectoryReply> ask(
            String account, BiFunction<String, ActorRef<TableDirectoryReply>, TableDirectoryRequest> request) {
        String directory = KIND.directoryOf(account).toString();
        return ServiceFailures.inProtocol(Asking.<TableDirectoryMessage, TableDirectoryReply>ask(
                started.directories(), replyTo -> request.apply(directory, replyTo), requestTimeout, system))
                .thenCompose(reply -> reply instanceof TableDirectoryReply.Refused refused
                        ? ServiceFailures.failed(refused.error())
                        : CompletableFuture.completedStage(reply));
    }
}
