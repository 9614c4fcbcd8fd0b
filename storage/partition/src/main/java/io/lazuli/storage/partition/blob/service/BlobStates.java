package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobRowKey;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.BlockSegments;
import io.lazuli.storage.partition.blob.UncommittedBlocks;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.StoreLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What is known of one blob: its states, and its blocks. What takes several reads is read as of one state: if another came in between, anew,
 * {@value #MAX_TRIES} times at most. Any thread.
 */
final class BlobStates {

    private static final int MAX_TRIES = 8;
    /** Of some 100 KB each at most, so that they fill an answer. */
    private static final int SEGMENTS_OF_READ = 16;

    /** A state, and the bytes of an inline content. @param bytes null unless the content is inline */
    record Found(BlobState state, ByteBuffer bytes) {}

    /**
     * @param state null if there are neither bytes nor a row; else whatever is in the row, be it deleted
     * @param change {@link BlobState#change} of the row of the current state, 0 if there is none
     */
    record Blocks(BlobState state, long change, List<BlockRef> committed, List<BlockRef> uncommitted) {}

    /**
     * @param change of the current state, 0 if the blob has no row
     * @param former snapshots and versions in the order of their rows
     */
    record All(long change, List<BlobState> former) {}

    private final BlobReads reads;
    private final InlineHints hints;

    BlobStates(BlobReads reads, InlineHints hints) {
        this.reads = reads;
        this.hints = hints;
    }

    /** Empty unless it exists. */
    CompletionStage<Optional<BlobState>> find(ContainerRanges container, BlobTarget target) {
        return reads.rows(container, target.name(), keysOf(target)).thenApply(rows -> chosen(target, rows).filter(BlobState::exists));
    }

    /** With its bytes if they are inline: in one read if where they are is remembered, otherwise in two. */
    CompletionStage<Optional<Found>> open(ContainerRanges container, String containerName, BlobTarget target) {
        return open(container, containerName, target, hints.get(containerName, target), 1);
    }

    private CompletionStage<Optional<Found>> open(
            ContainerRanges container, String containerName, BlobTarget target, long hint, int tries) {
        List<byte[]> keys = new ArrayList<>(keysOf(target));
        int states = keys.size();
        if (hint != InlineHints.NONE) {
            keys.add(BlobRows.inlineKey(target.name(), hint));
        }
        return reads.rows(container, target.name(), keys).thenCompose(rows -> {
            Optional<BlobState> state = chosen(target, rows).filter(BlobState::exists);
            if (state.isEmpty() || !(state.get().content() instanceof BlobContent.Inline inline)) {
                return CompletableFuture.completedStage(state.map(found -> new Found(found, null)));
            }
            if (inline.contentId() == hint && rows.size() > states && rows.get(states).isPresent()) {
                hints.put(containerName, target, hint);
                return CompletableFuture.completedStage(
                        Optional.of(new Found(state.get(), BlobRows.inlineBytes(rows.get(states).get()))));
            }
            if (tries == MAX_TRIES) {
                return CompletableFuture.failedStage(new StorageException(StorageErrorCode.SERVER_BUSY));
            }
            return open(container, containerName, target, inline.contentId(), tries + 1);
        });
    }

    static List<byte[]> keysOf(BlobTarget target) {
        byte[] current = BlobRows.currentKey(target.name());
        if (target.snapshotTicks() != 0) {
            return List.of(BlobRows.snapshotKey(target.name(), target.snapshotTicks()));
        }
        return target.versionTicks() == 0 ? List.of(current) : List.of(current, BlobRows.versionKey(target.name(), target.versionTicks()));
    }

    /** @param rows of {@link #keysOf} and perhaps others */
    static Optional<BlobState> chosen(BlobTarget target, List<Optional<byte[]>> rows) {
        List<byte[]> keys = keysOf(target);
        Optional<BlobState> first = rows.getFirst().map(value -> BlobRows.state(keys.getFirst(), value));
        if (target.versionTicks() == 0 || first.isPresent() && first.get().versionTicks() == target.versionTicks()) {
            return first;
        }
        return rows.get(1).map(value -> BlobRows.state(keys.get(1), value));
    }

    // Blocks

    /** @param withCommitted, withUncommitted which lists are wanted; those not wanted are empty */
    CompletionStage<Blocks> blocks(ContainerRanges container, BlobTarget target, boolean withCommitted, boolean withUncommitted) {
        return new BlocksReading(container, target, withCommitted, withUncommitted).begin(1);
    }

    private final class BlocksReading {

        private final ContainerRanges container;
        private final BlobTarget target;
        private final String blob;
        private final boolean withCommitted;
        private final boolean withUncommitted;
        private final byte[] currentKey;

        private BlocksReading(ContainerRanges container, BlobTarget target, boolean withCommitted, boolean withUncommitted) {
            this.container = container;
            this.target = target;
            this.blob = target.name();
            this.withCommitted = withCommitted;
            this.withUncommitted = withUncommitted;
            this.currentKey = BlobRows.currentKey(blob);
        }

        private CompletionStage<Blocks> begin(int tries) {
            if (tries > MAX_TRIES) {
                return CompletableFuture.failedStage(new StorageException(StorageErrorCode.SERVER_BUSY));
            }
            List<byte[]> keys = new ArrayList<>(List.of(currentKey, BlobRows.uncommittedKey(blob)));
            keys.addAll(keysOf(target));
            return reads.rows(container, blob, keys).thenCompose(rows -> {
                long change = change(rows.getFirst());
                Optional<UncommittedBlocks> uncommitted = rows.get(1).map(UncommittedBlocks::decode);
                BlobState state = chosen(target, rows.subList(2, rows.size())).orElse(null);
                List<BlockRef> committed = new ArrayList<>();
                CompletionStage<Boolean> same = withCommitted && state != null && state.content() instanceof BlobContent.Blocks content
                        ? committed(content, 0, change, committed)
                        : CompletableFuture.completedStage(true);
                List<BlockRef> pending = new ArrayList<>();
                return same.thenCompose(still -> still && withUncommitted && uncommitted.isPresent()
                        ? uncommitted(uncommitted.get().session(), change, pending)
                        : CompletableFuture.completedStage(still))
                        .thenCompose(still -> still
                                ? CompletableFuture.completedStage(new Blocks(state, change, committed, pending))
                                : begin(tries + 1));
            });
        }

        /** False if the blob has changed meanwhile. */
        private CompletionStage<Boolean> committed(BlobContent.Blocks content, int first, long change, List<BlockRef> found) {
            List<Long> wanted = content.segments().subList(first, Math.min(content.segments().size(), first + SEGMENTS_OF_READ));
            if (wanted.isEmpty()) {
                found.addAll(content.blocks());
                return CompletableFuture.completedStage(true);
            }
            List<byte[]> keys = new ArrayList<>();
            keys.add(currentKey);
            wanted.forEach(offset -> keys.add(BlobRows.segmentKey(blob, content.contentId(), offset)));
            return reads.rows(container, blob, keys).thenCompose(rows -> {
                if (change(rows.getFirst()) != change) {
                    return CompletableFuture.completedStage(false);
                }
                int read = rows.size() - 1;
                for (int i = 0; i < read; i++) {
                    byte[] value = rows.get(i + 1).orElseThrow(() -> new IllegalStateException("a segment of blocks is missing"));
                    found.addAll(BlockSegments.of(content, wanted.get(i), BlobRows.segment(value)));
                }
                return committed(content, first + read, change, found);
            });
        }

        private CompletionStage<Boolean> uncommitted(long session, long change, List<BlockRef> found) {
            return uncommitted(BlobRows.uncommittedBlockKey(blob, session, new byte[0]), BlobRows.uncommittedEnd(blob, session), change, found);
        }

        private CompletionStage<Boolean> uncommitted(byte[] from, byte[] to, long change, List<BlockRef> found) {
            return reads.page(container, from, to, StoreLimits.MAX_PAGE_ROWS, List.of(currentKey)).thenCompose(page -> {
                if (change(page.values().getFirst()) != change) {
                    return CompletableFuture.completedStage(false);
                }
                for (Row row : page.rows()) {
                    if (BlobRows.parse(row.key()) instanceof BlobRowKey.UncommittedBlock block) {
                        found.add(new BlockRef(block.id(), BlobRows.run(row.value())));
                    }
                }
                return page.next() == null ? CompletableFuture.completedStage(true) : uncommitted(page.next(), to, change, found);
            });
        }

        private long change(Optional<byte[]> row) {
            return changeOf(currentKey, row);
        }
    }

    private static long changeOf(byte[] currentKey, Optional<byte[]> row) {
        return row.map(value -> BlobRows.state(currentKey, value).change()).orElse(0L);
    }

    // States

    /** All former states of a blob, deleted ones included. */
    CompletionStage<All> all(ContainerRanges container, String blob) {
        return all(container, blob, 1);
    }

    private CompletionStage<All> all(ContainerRanges container, String blob, int tries) {
        if (tries > MAX_TRIES) {
            return CompletableFuture.failedStage(new StorageException(StorageErrorCode.SERVER_BUSY));
        }
        return states(container, blob, BlobRows.currentKey(blob), -1, new ArrayList<>())
                .thenCompose(found -> found.map(CompletableFuture::completedStage).orElseGet(() -> all(container, blob, tries + 1)));
    }

    /** @param change -1 if nothing was read yet
     * @return empty if the blob has changed meanwhile */
    private CompletionStage<Optional<All>> states(ContainerRanges container, String blob, byte[] from, long change, List<BlobState> found) {
        byte[] currentKey = BlobRows.currentKey(blob);
        return reads.page(container, from, BlobRows.behindStates(blob), StoreLimits.MAX_PAGE_ROWS, List.of(currentKey)).thenCompose(page -> {
            long present = changeOf(currentKey, page.values().getFirst());
            if (change >= 0 && present != change) {
                return CompletableFuture.completedStage(Optional.empty());
            }
            for (Row row : page.rows()) {
                if (!BlobRows.isCurrent(row.key())) {
                    found.add(BlobRows.state(row.key(), row.value()));
                }
            }
            return page.next() == null
                    ? CompletableFuture.completedStage(Optional.of(new All(present, found)))
                    : states(container, blob, page.next(), present, found);
        });
    }
}
