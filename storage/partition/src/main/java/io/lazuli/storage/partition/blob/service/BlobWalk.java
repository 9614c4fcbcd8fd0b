package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobRowKey;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.LifecycleRules;
import io.lazuli.storage.partition.blob.PageWindow;
import io.lazuli.storage.partition.blob.TidyPlan;
import io.lazuli.storage.store.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Looks at all index rows of a container in order, page by page: tells every run that a row names, and at the end of each blob what it has seen
 * of it. A blob whose rows are in several pages was not read as of one moment; see {@link Seen#isOfOneMoment}.
 *
 * <p>Why reading such a blob a second time is enough to miss no run, if it has changed meanwhile: a run moves to rows that were read before
 * (from an uncommitted block into a list of blocks) at most once in its life, otherwise to rows read later (from the current state into a
 * version). If the first reading missed it because of that move, the second one finds it.
 */
final class BlobWalk {

    /**
     * A blob of which all index rows were read.
     *
     * @param change of its current state when its first row was read, 0 if there was none
     * @param current null if there is none
     * @param tidy what is to be done, as far as the index tells
     * @param aged states of it that are due for something by their age; some of them, if there are many
     * @param mayHaveOrphanedBytes whether rows of its data may be there that no state names
     */
    record Seen(String blob, long change, BlobState current, TidyPlan tidy, List<Aged> aged, boolean isOfOneMoment,
            boolean mayHaveOrphanedBytes) {}

    record Aged(BlobState state, LifecycleRules.Action action) {}

    private static final int MAX_AGED_OF_BLOB = 100;

    private final Consumer<ChunkRun> named;
    private final long nowMillis;
    private final Function<BlobState, Optional<LifecycleRules.Action>> ages;
    private List<Aged> aged = new ArrayList<>();
    private String blob;
    private BlobState current;
    private TidyPlan tidy;
    private int pages;
    private boolean hasOthers;

    /** @param ages tells what is due for a state */
    BlobWalk(Consumer<ChunkRun> named, long nowMillis, Function<BlobState, Optional<LifecycleRules.Action>> ages) {
        this.ages = ages;
        this.named = named;
        this.nowMillis = nowMillis;
    }

    /** The blobs that ended within the page, or before it. */
    List<Seen> page(List<Row> rows) {
        List<Seen> ended = new ArrayList<>();
        if (blob != null) {
            pages++;
        }
        for (Row row : rows) {
            BlobRowKey key = BlobRows.parse(row.key());
            if (!key.blob().equals(blob)) {
                end(ended);
                blob = key.blob();
                tidy = new TidyPlan(blob, nowMillis);
                pages = 1;
            }
            take(key, row);
            tidy.row(row.key(), row.value());
        }
        return ended;
    }

    /** The blob that was last, behind the container's last page. */
    List<Seen> end() {
        List<Seen> ended = new ArrayList<>();
        end(ended);
        return ended;
    }

    private void end(List<Seen> ended) {
        if (blob == null) {
            return;
        }
        boolean mayHaveOrphans = hasOthers || current == null || !current.exists() || current.hasFormer() || current.contentShared();
        ended.add(new Seen(blob, current == null ? 0 : current.change(), current, tidy, aged, pages == 1, mayHaveOrphans));
        aged = new ArrayList<>();
        blob = null;
        current = null;
        tidy = null;
        hasOthers = false;
    }

    private void take(BlobRowKey key, Row row) {
        switch (key) {
            case BlobRowKey.Current found -> {
                current = BlobRows.state(row.key(), row.value());
                state(current);
            }
            case BlobRowKey.Snapshot found -> other(BlobRows.state(row.key(), row.value()));
            case BlobRowKey.Version found -> other(BlobRows.state(row.key(), row.value()));
            case BlobRowKey.Segment found -> BlobRows.segment(row.value()).forEach(block -> named.accept(block.run()));
            case BlobRowKey.Pages found -> PageWindow.decode(row.value()).slices().forEach(slice -> named.accept(slice.run()));
            case BlobRowKey.Uncommitted found -> { }
            case BlobRowKey.UncommittedBlock found -> named.accept(BlobRows.run(row.value()));
            case BlobRowKey.InlineBytes found -> throw new IllegalStateException("bytes among the index of blobs");
        }
    }

    private void other(BlobState state) {
        hasOthers = true;
        state(state);
    }

    private void state(BlobState state) {
        if (aged.size() < MAX_AGED_OF_BLOB) {
            ages.apply(state).ifPresent(action -> aged.add(new Aged(state, action)));
        }
        if (state.content() instanceof BlobContent.Blocks blocks) {
            for (BlockRef block : blocks.blocks()) {
                named.accept(block.run());
            }
        }
    }
}
