package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.AccountRules;
import io.lazuli.storage.partition.blob.BlobCommand.Delete.DeleteSnapshots;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobRowKey;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.BlobSource;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.CopyAttempt;
import io.lazuli.storage.partition.blob.CopyOrigin;
import io.lazuli.storage.partition.blob.PageMap;
import io.lazuli.storage.partition.blob.PageWindow;
import io.lazuli.storage.partition.blob.TagExpression;
import io.lazuli.storage.partition.blob.UncommittedBlocks;
import io.lazuli.storage.protocol.service.FakeService;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The blob service in memory: containers and blobs are decided as the real ones are, everything else is as simple as it can be. Answers on
 * {@code executor}'s threads, as the real one answers on threads that are no event loops.
 */
public final class FakeBlobService extends FakeService implements BlobService {

    private final Clock clock;
    private final int maxPageEntries;
    private final FakeContents contents = new FakeContents();
    /** Where copies from elsewhere are read; set when there is a front end. */
    volatile RemoteSources remote;
    private final Map<String, FakeContainers> containers = new HashMap<>();
    private final Map<String, FakeBlobRows> rows = new HashMap<>();

    /** @param maxPageEntries pages of lists are no longer than this, whatever is asked: as if containers had many ranges */
    public FakeBlobService(Clock clock, Executor executor, int maxPageEntries) {
        super(executor);
        this.clock = clock;
        this.maxPageEntries = maxPageEntries;
    }

    @Override
    public CompletionStage<AccountRules> rules(String account) {
        return answer(() -> AccountRules.of(propertiesOf(account)));
    }

    @Override
    public CompletionStage<ContainerListing> listContainers(String account, String prefix, String marker, int maxResults, boolean withDeleted) {
        return answer(() -> containersOf(account).list(prefix, marker, Math.min(maxResults, maxPageEntries), withDeleted));
    }

    private FakeContainers containersOf(String account) {
        return containers.computeIfAbsent(account, name -> new FakeContainers());
    }

    @Override
    public CompletionStage<ContainerState> container(String account, String container) {
        return answer(() -> containersOf(account).get(container));
    }

    @Override
    public CompletionStage<ContainerState> changeContainer(String account, String container, ContainerCommand command) {
        return answer(() -> {
            if (command instanceof ContainerCommand.Delete && holdsImmutable(account, container)) {
                throw new StorageException(StorageErrorCode.CONTAINER_HOLDS_IMMUTABLE_BLOBS);
            }
            return containersOf(account).change(container, command, clock.epochMillis());
        });
    }

    private boolean holdsImmutable(String account, String container) {
        return rowsOf(account, container).states().stream().anyMatch(state -> state.isImmutable(clock.epochMillis()));
    }

    @Override
    public CompletionStage<Optional<String>> findImmutable(String account) {
        return answer(() -> containersOf(account).names().stream().filter(name -> holdsImmutable(account, name)).findFirst());
    }

    @Override
    public CompletionStage<ContainerState> restoreContainer(String account, String deletedName, String version, String newName) {
        return answer(() -> containersOf(account).restore(deletedName, version, newName, clock.epochMillis()));
    }

    @Override
    public CompletionStage<Void> purgeDeletedContainers(String account, long nowMillis) {
        return answer(() -> {
            containersOf(account).purge(nowMillis);
            return null;
        });
    }

    private FakeBlobRows rowsOf(String account, String container) {
        long number = containersOf(account).get(container).number();
        return rows.computeIfAbsent(account + "/" + number, key -> new FakeBlobRows(clock));
    }

    @Override
    public CompletionStage<BlobReply.Done> change(String account, String container, BlobCommand command) {
        return answer(() -> rowsOf(account, container).change(command));
    }

    @Override
    public CompletionStage<BlobReply.Done> commitBlocks(
            String account, String container, String blob, BlobDraft draft, List<BlockChoice> choices, BlobConditions conditions, AccountRules rules) {
        return answer(() -> {
            FakeBlobRows all = rowsOf(account, container);
            BlobState state = all.state(new BlobTarget(blob));
            List<BlockRef> uncommitted = uncommitted(all, blob);
            List<BlockRef> committed = committed(all, state);
            List<BlockRef> chosen = new ArrayList<>();
            for (BlockChoice choice : choices) {
                BlockRef found = switch (choice.source()) {
                    case COMMITTED -> find(committed, choice.id());
                    case UNCOMMITTED -> find(uncommitted, choice.id());
                    case LATEST -> find(uncommitted, choice.id()) == null ? find(committed, choice.id()) : find(uncommitted, choice.id());
                };
                if (found == null) {
                    throw new StorageException(StorageErrorCode.INVALID_BLOCK_LIST);
                }
                chosen.add(found);
            }
            return all.change(new BlobCommand.CommitBlocks(blob, draft, chosen, state == null ? 0 : state.change(), conditions, rules));
        });
    }

    private static BlockRef find(List<BlockRef> blocks, byte[] id) {
        return blocks.stream().filter(block -> Arrays.equals(block.id(), id)).findFirst().orElse(null);
    }

    private static List<BlockRef> committed(FakeBlobRows all, BlobState state) {
        return state != null && state.exists() && state.content() instanceof BlobContent.Blocks blocks
                ? FakeContents.blocks(all, state.name(), blocks) : List.of();
    }

    private static List<BlockRef> uncommitted(FakeBlobRows all, String blob) {
        byte[] summary = all.row(BlobRows.uncommittedKey(blob));
        if (summary == null) {
            return List.of();
        }
        long session = UncommittedBlocks.decode(summary).session();
        List<BlockRef> blocks = new ArrayList<>();
        all.rows(BlobRows.uncommittedBlockKey(blob, session, new byte[0]), BlobRows.uncommittedEnd(blob, session)).forEach((key, value) ->
                blocks.add(new BlockRef(((BlobRowKey.UncommittedBlock) BlobRows.parse(key)).id(), BlobRows.run(value))));
        return blocks;
    }

    @Override
    public CompletionStage<BlobReply.Done> delete(
            String account, String container, BlobTarget target, DeleteSnapshots snapshots, boolean permanent, BlobConditions conditions,
            AccountRules rules) {
        return answer(() -> {
            FakeBlobRows all = rowsOf(account, container);
            BlobState state = all.state(new BlobTarget(target.name()));
            List<Long> ticks = snapshots == DeleteSnapshots.NONE ? List.of() : snapshots(all, target.name());
            return all.change(new BlobCommand.Delete(
                    target, snapshots, ticks, state == null ? 0 : state.change(), permanent, conditions, rules));
        });
    }

    private static List<Long> snapshots(FakeBlobRows all, String blob) {
        return all.states(blob).stream().map(BlobState::snapshotTicks).filter(ticks -> ticks != 0).toList();
    }

    @Override
    public CompletionStage<BlobReply.Done> undelete(String account, String container, String blob) {
        return answer(() -> {
            FakeBlobRows all = rowsOf(account, container);
            BlobState state = all.state(new BlobTarget(blob));
            List<Long> versions = all.states(blob).stream()
                    .filter(one -> !FakeBlobRows.isCurrent(one)).map(BlobState::versionTicks).filter(ticks -> ticks != 0).toList();
            return all.change(new BlobCommand.Undelete(blob, snapshots(all, blob), versions, state == null ? 0 : state.change()));
        });
    }

    @Override
    public CompletionStage<Optional<BlobState>> find(String account, String container, BlobTarget target) {
        return answer(() -> existing(rowsOf(account, container), target));
    }

    private static Optional<BlobState> existing(FakeBlobRows all, BlobTarget target) {
        return Optional.ofNullable(all.state(target)).filter(BlobState::exists);
    }

    @Override
    public CompletionStage<Optional<OpenBlob>> open(String account, String container, BlobTarget target) {
        return answer(() -> {
            FakeBlobRows all = rowsOf(account, container);
            return existing(all, target).map(state -> {
                byte[] bytes = contents.bytes(all, state);
                return new OpenBlob() {

                    @Override
                    public BlobState state() {
                        return state;
                    }

                    @Override
                    public Download download(long offset, long lengthBytes) {
                        return FakeContents.download(bytes, (int) offset, (int) lengthBytes);
                    }
                };
            });
        });
    }

    @Override
    public CompletionStage<BlockList> blocks(String account, String container, BlobTarget target) {
        return answer(() -> {
            FakeBlobRows all = rowsOf(account, container);
            BlobState state = all.state(target);
            List<BlockRef> uncommitted = target.isCurrent() ? uncommitted(all, target.name()) : List.of();
            if (uncommitted.isEmpty() && (state == null || !state.exists())) {
                throw new StorageException(StorageErrorCode.BLOB_NOT_FOUND);
            }
            return new BlockList(state != null && state.exists() ? state : null, listed(committed(all, state)), listed(uncommitted));
        });
    }

    private static List<ListedBlock> listed(List<BlockRef> blocks) {
        return blocks.stream().filter(block -> block.id().length > 0)
                .map(block -> new ListedBlock(block.id(), block.run() == null ? 0 : block.run().lengthBytes())).toList();
    }

    /** A stretch ends behind the next written window, so that lists of most blobs take several. */
    @Override
    public CompletionStage<PageStretch> pages(String account, String container, BlobTarget target, long offset, long end, long since) {
        return answer(() -> {
            FakeBlobRows all = rowsOf(account, container);
            BlobState state = existing(all, target).orElseThrow(() -> new StorageException(StorageErrorCode.BLOB_NOT_FOUND));
            if (!(state.content() instanceof BlobContent.Pages pages)) {
                throw new StorageException(StorageErrorCode.INVALID_BLOB_TYPE);
            }
            List<PageMap.Extent> extents = FakeContents.extents(all, target.name(), pages);
            long through = Math.min(behindNextWindow(extents, offset), Math.min(end, state.lengthBytes()));
            if (since == 0) {
                return new PageStretch(state, PageMap.ranges(extents, offset, through), through);
            }
            BlobState earlier = existing(all, new BlobTarget(target.name(), since, 0))
                    .orElseThrow(() -> new StorageException(StorageErrorCode.PREVIOUS_SNAPSHOT_NOT_FOUND));
            List<PageMap.Extent> before = FakeContents.extents(all, target.name(), (BlobContent.Pages) earlier.content());
            return new PageStretch(state, PageMap.difference(before, extents, offset, through), through);
        });
    }

    private static long behindNextWindow(List<PageMap.Extent> extents, long offset) {
        return extents.stream().filter(extent -> extent.end() > offset).findFirst()
                .map(extent -> PageWindow.windowOf(Math.max(offset, extent.offset())) + PageWindow.WINDOW_BYTES)
                .orElse(Long.MAX_VALUE);
    }

    @Override
    public CompletionStage<BlobListing> list(String account, String container, BlobQuery query) {
        return answer(() -> FakeLists.list(rowsOf(account, container), query, maxPageEntries));
    }

    @Override
    public CompletionStage<TagListing> findByTags(String account, String container, TagExpression where, String marker, int maxResults) {
        return answer(() -> {
            List<TagListing.TaggedBlob> found = new ArrayList<>();
            for (String name : container == null ? containersOf(account).names() : List.of(container)) {
                for (BlobState state : rowsOf(account, name).states()) {
                    if (FakeBlobRows.isCurrent(state) && state.exists() && state.tags() != null && !state.tags().isEmpty() && where.matches(state.tags())) {
                        found.add(new TagListing.TaggedBlob(name, state.name(), where.named(state.tags())));
                    }
                }
            }
            int from = marker == null ? 0 : Integer.parseInt(marker);
            int to = Math.min(found.size(), from + Math.min(maxResults, maxPageEntries));
            return new TagListing(found.subList(from, to), to == found.size() ? null : Integer.toString(to));
        });
    }

    @Override
    public CompletionStage<Upload> upload(
            String account, String container, String blob, long lengthBytes, boolean inlineAllowed, boolean md5Wanted) {
        return answer(() -> {
            containersOf(account).get(container);
            return contents.upload(clock.epochMillis(), inlineAllowed, md5Wanted);
        });
    }

    @Override
    public boolean isShortOfMemory() {
        return false;
    }

    @Override
    public CompletionStage<BlobReply.Done> beginCopy(
            String account, String container, String blob, BlobDraft draft, BlobSource source, String sourceUrl, BlobConditions conditions,
            AccountRules rules) {
        return answer(() -> {
            FakeBlobRows from = rowsOf(source.account(), source.container());
            BlobState state = existing(from, source.target()).orElseThrow(() -> new StorageException(StorageErrorCode.COPY_SOURCE_NOT_FOUND));
            FakeBlobRows all = rowsOf(account, container);
            BlobReply.Done begun = all.change(new BlobCommand.BeginCopy(
                    blob, draft, state.kind(), new BlobCommand.CopySource(sourceUrl, state.lengthBytes(),
                            new CopyOrigin.Here(source.account(), source.container(), source.target(), state.etag())), conditions, rules));
            contents.copy(from, state, all, blob, begun.state().copy().id(), clock.epochMillis());
            return begun;
        });
    }

    @Override
    public CompletionStage<BlobReply.Done> beginCopy(
            String account, String container, String blob, BlobDraft draft, CopyOrigin.Elsewhere source, String sourceUrl,
            BlobConditions conditions, AccountRules rules) {
        return answer(() -> {
            BlobReply.Done begun = rowsOf(account, container).change(new BlobCommand.BeginCopy(
                    blob, draft, BlobKind.BLOCK, new BlobCommand.CopySource(sourceUrl, source.lengthBytes(), source), conditions, rules));
            CopyAttempt attempt = new CopyAttempt(begun.state().copy().id(), 0);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            remote.open(source.url(), source.etag(), 0).thenCompose(opened -> opened.pipeTo(part -> {
                byte[] some = new byte[part.remaining()];
                part.get(some);
                bytes.writeBytes(some);
                return null;
            })).whenComplete((all, failure) -> answer(() -> rowsOf(account, container).change(failure == null
                    ? new BlobCommand.EndCopy(blob, attempt, blocks(bytes.toByteArray()), null)
                    : new BlobCommand.EndCopy(blob, attempt, List.of(), "500 InternalServerError"))));
            return begun;
        });
    }

    private List<BlockRef> blocks(byte[] bytes) {
        return bytes.length == 0 ? List.of() : List.of(new BlockRef(new byte[0], contents.store(bytes, clock.epochMillis())));
    }
}
