package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.chunk.ChunkStore;
import io.lazuli.storage.chunk.ChunkUpkeep;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.blob.AccountRules;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.BlobSource;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.CopyOrigin;
import io.lazuli.storage.partition.blob.OutsideSources;
import io.lazuli.storage.partition.blob.TagExpression;
import io.lazuli.storage.store.RowStore;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.Behavior;

/**
 * The blob service on one node. Changes go to the actor of the blob's range; reads go to the rows past the read barrier ({@link BlobReads});
 * bytes go to and come from the chunk store. Keeps no other state than what it remembers to be quick.
 */
public final class PartitionedBlobService implements BlobService {

    /**
     * @param ranges of the container of an account
     * @param readCounts told of every read of a range and the number of rows
     * @param immutableBlobs finds them in the containers that may have some
     * @param working where pages of rows are looked at
     * @param digesting where checksums are computed
     */
    public record Needs(
            ContainerDirectory directory, BiFunction<String, String, ContainerRanges> ranges, RangeSender sender, RowStore store,
            ChunkStore chunks, OutsideSources outside, ImmutableBlobs immutableBlobs, ObjIntConsumer<PartitionId> readCounts, Executor working,
            Executor digesting, Clock clock) {}

    private static final int CONTAINERS_PAGE = 1_000;

    /** How often a page blob is opened for one reader that finds it overwritten. */
    private static final int MAX_TRIES = 8;

    private final Needs needs;
    private final BlobReads reads;
    private final BlobStates states;
    private final BlobLists lists;
    private final TagSearch tagSearch;
    private final BlobChanges changes;
    private final AccountRulesCache rules;
    private final BlobCopies copies;
    private final long garbageGraceMillis;

    public PartitionedBlobService(Needs needs, BlobServiceSettings settings) {
        this.needs = needs;
        this.reads = new BlobReads(needs.store, needs.readCounts, needs.working);
        this.states = new BlobStates(reads, new InlineHints(settings.maxInlineHints()));
        this.lists = new BlobLists(reads);
        this.tagSearch = new TagSearch(needs.directory, needs.ranges, lists);
        this.changes = new BlobChanges(states, needs.sender, settings.maxUnnamedMillis(), needs.clock);
        this.rules = new AccountRulesCache(needs.directory::properties, settings.rulesMaxAgeMillis(), needs.clock);
        this.garbageGraceMillis = settings.garbageGraceMillis();
        this.copies = new BlobCopies(this, needs.outside, settings, needs.working, needs.clock);
    }

    /** The job that looks after all blobs, to run once in the cloud. */
    public Behavior<BlobUpkeep.Command> upkeep(ContainerNumbers numbers, ChunkUpkeep chunks, UpkeepSettings settings) {
        return BlobUpkeep.create(
                new UpkeepPass.Needs(numbers, needs.directory, BlobReads.ofEverything(needs.store, needs.working), changes, copies,
                        chunks, needs.working, needs.clock, garbageGraceMillis),
                settings, new SecureRandom()::nextLong);
    }

    @Override
    public CompletionStage<ServiceProperties> getServiceProperties(String account) {
        return needs.directory.properties(account);
    }

    @Override
    public CompletionStage<ServiceProperties> changeServiceProperties(String account, UnaryOperator<ServiceProperties> change) {
        return needs.directory.changeProperties(account, change).thenApply(changed -> {
            rules.forget(account);
            return changed;
        });
    }

    @Override
    public CompletionStage<AccountRules> rules(String account) {
        return rules.get(account);
    }

    @Override
    public CompletionStage<ContainerListing> listContainers(
            String account, String prefix, String marker, int maxResults, boolean withDeleted) {
        return needs.directory.list(account, prefix, marker, maxResults, withDeleted);
    }

    @Override
    public CompletionStage<ContainerState> container(String account, String container) {
        return needs.directory.find(account, container)
                .thenApply(found -> found.orElseThrow(() -> new StorageException(StorageErrorCode.CONTAINER_NOT_FOUND)));
    }

    @Override
    public CompletionStage<ContainerState> changeContainer(String account, String container, ContainerCommand command) {
        return needs.directory.change(account, container, command);
    }

    @Override
    public CompletionStage<ContainerState> restoreContainer(String account, String deletedName, String version, String newName) {
        return needs.directory.restore(account, deletedName, version, newName);
    }

    @Override
    public CompletionStage<Void> purgeDeletedContainers(String account, long nowMillis) {
        return needs.directory.purge(account, nowMillis);
    }

    @Override
    public CompletionStage<Optional<String>> findImmutable(String account) {
        return findImmutable(account, null);
    }

    private CompletionStage<Optional<String>> findImmutable(String account, String marker) {
        return needs.directory.list(account, "", marker, CONTAINERS_PAGE, true).thenCompose(page -> findImmutable(account, page, 0));
    }

    private CompletionStage<Optional<String>> findImmutable(String account, ContainerListing page, int from) {
        int next = from;
        while (next < page.containers().size() && !page.containers().get(next).immutabilityMark()) {
            next++;
        }
        if (next == page.containers().size()) {
            return page.next() == null ? CompletableFuture.completedStage(Optional.empty()) : findImmutable(account, page.next());
        }
        ContainerState marked = page.containers().get(next);
        int behind = next + 1;
        return needs.immutableBlobs.apply(account, marked.number()).thenCompose(found -> found
                ? CompletableFuture.completedStage(Optional.of(marked.name()))
                : findImmutable(account, page, behind));
    }

    @Override
    public CompletionStage<BlobReply.Done> change(String account, String container, BlobCommand command) {
        ContainerRanges ranges = ranges(account, container);
        if (command instanceof BlobCommand.WritePages write && write.run() == null && write.lengthBytes() > BlobLimits.MAX_CLEARED_BYTES) {
            return new PageClearing(states, reads, changes, ranges, write).run();
        }
        return command instanceof BlobCommand.SetPageBlob resize
                ? new PageResizing(states, reads, changes, ranges, resize).run()
                : changes.change(ranges, command);
    }

    @Override
    public CompletionStage<BlobReply.Done> commitBlocks(String account, String container, String blob, BlobDraft draft,
            List<BlockChoice> choices, BlobConditions conditions, AccountRules accountRules) {
        return changes.commitBlocks(ranges(account, container), blob, draft, choices, conditions, accountRules);
    }

    @Override
    public CompletionStage<BlobReply.Done> delete(String account, String container, BlobTarget target,
            BlobCommand.Delete.DeleteSnapshots snapshots, boolean permanent, BlobConditions conditions, AccountRules accountRules) {
        return changes.delete(ranges(account, container), target, snapshots, permanent, conditions, accountRules);
    }

    @Override
    public CompletionStage<BlobReply.Done> undelete(String account, String container, String blob) {
        return changes.undelete(ranges(account, container), blob);
    }

    @Override
    public CompletionStage<Optional<BlobState>> find(String account, String container, BlobTarget target) {
        return states.find(ranges(account, container), target);
    }

    @Override
    public CompletionStage<Optional<OpenBlob>> open(String account, String container, BlobTarget target) {
        return open(account, container, target, 1);
    }

    private CompletionStage<Optional<OpenBlob>> open(String account, String container, BlobTarget target, int tries) {
        ContainerRanges ranges = ranges(account, container);
        AddressedBlob blob = new AddressedBlob(reads, ranges, target);
        return states.open(ranges, account + "/" + container, target).thenApply(found -> found.map(opened ->
                opened.state().content() instanceof BlobContent.Pages
                        ? new OpenPages(new PageContent(blob, opened.state()), () -> open(account, container, target, tries + 1), tries)
                        : new Opened(opened.state(), source(blob, opened))));
    }

    private static ContentSource source(AddressedBlob blob, BlobStates.Found found) {
        return switch (found.state().content()) {
            case BlobContent.Inline inline -> (offset, end) -> CompletableFuture.completedStage(
                    List.of(ContentSource.behind(new ContentPiece.Held(bytes(found)), offset)));
            case BlobContent.Blocks blocks -> new BlockContent(blob, blocks);
            case BlobContent.Pages pages -> new PageContent(blob, found.state());
            case BlobContent.Uncommitted none -> throw new IllegalStateException("what exists has content");
            case BlobContent.Absent none -> throw new IllegalStateException("what exists has content");
        };
    }

    private static byte[] bytes(BlobStates.Found found) {
        byte[] bytes = new byte[found.bytes().remaining()];
        found.bytes().duplicate().get(bytes);
        return bytes;
    }

    private class Opened implements OpenBlob {

        private final BlobState state;
        private final ContentSource source;

        private Opened(BlobState state, ContentSource source) {
            this.state = state;
            this.source = source;
        }

        @Override
        public BlobState state() {
            return state;
        }

        @Override
        public Download download(long offset, long lengthBytes) {
            if (offset < 0 || lengthBytes < 0 || offset + lengthBytes > state.lengthBytes()) {
                throw new IllegalArgumentException(lengthBytes + " bytes at " + offset + " of " + state.lengthBytes());
            }
            return new ContentDownload(needs.chunks, source, offset, lengthBytes);
        }
    }

    private final class OpenPages extends Opened {

        private final PageContent content;
        private final Supplier<CompletionStage<Optional<OpenBlob>>> anew;
        private final int tries;

        private OpenPages(PageContent content, Supplier<CompletionStage<Optional<OpenBlob>>> anew, int tries) {
            super(content.state(), content);
            this.content = content;
            this.anew = anew;
            this.tries = tries;
        }

        @Override
        public CompletionStage<OpenBlob> begin(long offset, long lengthBytes) {
            return content.begin(offset, offset + lengthBytes).thenCompose(begun -> {
                if (begun.isPresent()) {
                    return CompletableFuture.completedStage(begun.get() == content ? this : new OpenPages(begun.get(), anew, tries));
                }
                if (tries == MAX_TRIES) {
                    return CompletableFuture.failedStage(new StorageException(StorageErrorCode.SERVER_BUSY));
                }
                return anew.get().thenCompose(found -> found
                        .orElseThrow(() -> new StorageException(StorageErrorCode.BLOB_NOT_FOUND)).begin(offset, lengthBytes));
            });
        }
    }

    @Override
    public CompletionStage<BlockList> blocks(String account, String container, BlobTarget target) {
        return states.blocks(ranges(account, container), target, true, true).thenApply(blocks -> {
            BlobState state = blocks.state() != null && blocks.state().exists() ? blocks.state() : null;
            List<BlockRef> uncommitted = target.isCurrent() ? blocks.uncommitted() : List.of();
            if (state == null && uncommitted.isEmpty()) {
                throw new StorageException(StorageErrorCode.BLOB_NOT_FOUND);
            }
            return new BlockList(state, listed(state == null ? List.of() : blocks.committed()), listed(uncommitted));
        });
    }

    private static List<ListedBlock> listed(List<BlockRef> blocks) {
        return blocks.stream().map(block -> new ListedBlock(block.id(), block.run().lengthBytes())).toList();
    }

    @Override
    public CompletionStage<PageStretch> pages(String account, String container, BlobTarget target, long offset, long end, long since) {
        if (target.snapshotTicks() != 0 && since > target.snapshotTicks()) {
            return CompletableFuture.failedStage(new StorageException(StorageErrorCode.PREVIOUS_SNAPSHOT_CANNOT_BE_NEWER));
        }
        return new PageListing(new AddressedBlob(reads, ranges(account, container), target), since).stretch(offset, end);
    }

    @Override
    public CompletionStage<BlobListing> list(String account, String container, BlobQuery query) {
        return lists.list(ranges(account, container), query);
    }

    @Override
    public CompletionStage<TagListing> findByTags(
            String account, String container, TagExpression where, String marker, int maxResults) {
        return tagSearch.find(account, container == null ? where.container() : container, where, marker, maxResults);
    }

    /** The bytes go to the group that holds the blob's rows now, and stay there when these move. */
    @Override
    public CompletionStage<Upload> upload(
            String account, String container, String blob, long lengthBytes, boolean inlineAllowed, boolean md5Wanted) {
        return ranges(account, container)
                .on(BlobKeys.ofBlob(blob), (range, timeout) -> CompletableFuture.completedStage(Optional.of(range.partition().group())))
                .thenApply(group -> new ContentUpload(needs.chunks, group, lengthBytes, inlineAllowed, md5Wanted, needs.digesting));
    }

    @Override
    public boolean isShortOfMemory() {
        return needs.chunks.buffers().isShort();
    }

    @Override
    public CompletionStage<BlobReply.Done> beginCopy(String account, String container, String blob, BlobDraft draft, BlobSource source,
            String sourceUrl, BlobConditions conditions, AccountRules accountRules) {
        return copies.begin(account, container, blob, draft, source, sourceUrl, conditions, accountRules);
    }

    @Override
    public CompletionStage<BlobReply.Done> beginCopy(String account, String container, String blob, BlobDraft draft,
            CopyOrigin.Elsewhere source, String sourceUrl, BlobConditions conditions, AccountRules accountRules) {
        return copies.begin(account, container, blob, draft, source, sourceUrl, conditions, accountRules);
    }

    private ContainerRanges ranges(String account, String container) {
        return needs.ranges.apply(account, container);
    }
}
