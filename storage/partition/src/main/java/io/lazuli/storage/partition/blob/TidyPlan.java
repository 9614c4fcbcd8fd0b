package io.lazuli.storage.partition.blob;

import io.lazuli.storage.partition.RowScanner;
import io.lazuli.storage.partition.blob.BlobCommand.FormerPages;
import io.lazuli.storage.partition.blob.BlobContent.Pages;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out what is to be tidied of one blob, by looking at all of its rows: first those of the index in key order, then those of data. The rows may
 * be read in pages of different moments, if the blob's {@link BlobState#change} is the same before and after.
 *
 * <p>Bounded: contents and page rows that one command names; the rest is found by the next pass.
 */
public final class TidyPlan {

    static final int MAX_NAMED = 1_000;

    private record Window(long contentId, long offset) {}

    private final String blob;
    private final long nowMillis;
    private final List<BlobState> staying = new ArrayList<>();
    private final List<Long> snapshotTicks = new ArrayList<>();
    private final List<Long> versionTicks = new ArrayList<>();
    private final Set<Long> contents = new LinkedHashSet<>();
    private final List<FormerPages> unneeded = new ArrayList<>();
    private BlobState current;
    private boolean due;
    private boolean alone = true;
    private boolean hasUncommitted;
    private Window window;
    private final Map<FormerPages, Long> generationsOfWindow = new LinkedHashMap<>();

    public TidyPlan(String blob, long nowMillis) {
        this.blob = blob;
        this.nowMillis = nowMillis;
    }

    /** The next row of the blob. @param value of rows of data it does not matter */
    public void row(byte[] key, byte[] value) {
        switch (BlobRows.parse(key)) {
            case BlobRowKey.Current row -> current(BlobRows.state(key, value));
            case BlobRowKey.Snapshot row -> aside(BlobRows.state(key, value), snapshotTicks, row.ticks());
            case BlobRowKey.Version row -> aside(BlobRows.state(key, value), versionTicks, row.ticks());
            case BlobRowKey.Segment row -> contents.add(row.contentId());
            case BlobRowKey.Pages row -> pages(row, value);
            case BlobRowKey.Uncommitted row -> {
                boolean over = UncommittedBlocks.decode(value).isDue(nowMillis);
                hasUncommitted = !over;
                due |= over;
            }
            case BlobRowKey.UncommittedBlock row -> { }
            case BlobRowKey.InlineBytes row -> contents.add(row.contentId());
        }
    }

    /** The command that does it, if anything is to be done. */
    public Optional<BlobCommand.Tidy> command() {
        endWindow();
        Set<Long> named = new LinkedHashSet<>();
        staying.forEach(state -> named.add(state.content().contentId()));
        List<Long> orphans = contents.stream().filter(content -> !named.contains(content)).limit(MAX_NAMED).toList();
        List<FormerPages> pages = unneeded.stream().filter(row -> named.contains(row.contentId())).limit(MAX_NAMED).toList();
        boolean placeUnused = current != null && !current.hasContent() && alone && !hasUncommitted;
        if (!due && !placeUnused && orphans.isEmpty() && pages.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new BlobCommand.Tidy(blob, snapshotTicks, versionTicks, orphans, pages, alone,
                current == null ? 0 : current.change(), nowMillis));
    }

    private void current(BlobState state) {
        current = state;
        if (isOver(state)) {
            due = true;
        } else {
            staying.add(state);
            due |= state.isRehydrated(nowMillis);
        }
    }

    private void aside(BlobState state, List<Long> listed, long ticks) {
        boolean over = isOver(state);
        boolean listable = listed.size() < BlobLimits.MAX_SNAPSHOTS_AT_ONCE;
        if ((over || state.isRehydrated(nowMillis)) && listable) {
            listed.add(ticks);
            due = true;
        }
        if (!over || !listable) {
            staying.add(state);
            alone = false;
        }
    }

    private boolean isOver(BlobState state) {
        return state.deleted() != null && state.deleted().isOver(nowMillis);
    }

    private void pages(BlobRowKey.Pages row, byte[] value) {
        contents.add(row.contentId());
        Window its = new Window(row.contentId(), row.offset());
        if (!its.equals(window)) {
            endWindow();
            window = its;
        }
        long generation = row.generation() != 0 ? row.generation() : new RowScanner(value, BlobRows.VERSION).longs();
        generationsOfWindow.put(new FormerPages(row.contentId(), row.offset(), row.generation()), generation);
    }

    /** Of the rows of a window, each state needs the first that is not newer than itself; the current state its present row in any case. */
    private void endWindow() {
        Set<FormerPages> needed = new LinkedHashSet<>();
        for (BlobState state : staying) {
            if (state.content() instanceof Pages pages && window != null && pages.contentId() == window.contentId()) {
                generationsOfWindow.entrySet().stream()
                        .filter(row -> row.getValue() <= pages.generation())
                        .findFirst()
                        .ifPresent(row -> needed.add(row.getKey()));
            }
        }
        generationsOfWindow.keySet().stream()
                .filter(row -> !needed.contains(row) && unneeded.size() < MAX_NAMED)
                .forEach(unneeded::add);
        generationsOfWindow.clear();
        window = null;
    }
}
