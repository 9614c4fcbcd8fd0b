package io.lazuli.storage.partition.blob;

import io.lazuli.storage.partition.blob.BlobCommand.SettlePages;
import io.lazuli.storage.partition.blob.BlobCommand.SettlePages.Settled;
import io.lazuli.storage.partition.blob.BlobContent.Cut;
import io.lazuli.storage.partition.blob.BlobContent.Pages;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes room for further cuts of a page blob that has {@link PageMap#MAX_CUTS}: {@value #CUTS_AT_ONCE} neighbouring cuts, of those the ones that are
 * closest together, become needless once the windows between them are written anew. This class looks at the rows of these windows and tells
 * the commands.
 *
 * <p>The rows may be read in pages of different moments, and whatever else may happen meanwhile: a window never becomes older, and a
 * window that comes is newer than all cuts of now.
 */
public final class PageSettling {

    /** Of one command: all of them, present and former rows with as many slices as a window may have, are one batch. */
    public static final int MAX_WINDOWS = 32;
    /** How many resizes one settling makes room for. */
    static final int CUTS_AT_ONCE = 16;

    private final String blob;
    private final long contentId;
    private final Settled wanted;
    private List<Long> windows = new ArrayList<>();

    private PageSettling(String blob, long contentId, Settled wanted) {
        this.blob = blob;
        this.contentId = contentId;
        this.wanted = wanted;
    }

    /** Empty if there is room for a further cut. */
    public static Optional<PageSettling> of(String blob, Pages content) {
        List<Cut> cuts = content.cuts();
        if (cuts.size() < PageMap.MAX_CUTS) {
            return Optional.empty();
        }
        int first = 0;
        for (int i = 1; i + CUTS_AT_ONCE < cuts.size(); i++) {
            if (spanBytes(cuts, i) < spanBytes(cuts, first)) {
                first = i;
            }
        }
        Settled wanted = new Settled(cuts.get(first).sizeBytes(), cuts.get(first + CUTS_AT_ONCE).sizeBytes(),
                cuts.get(first + CUTS_AT_ONCE - 1).generation());
        return Optional.of(new PageSettling(blob, content.contentId(), wanted));
    }

    private static long spanBytes(List<Cut> cuts, int first) {
        return cuts.get(first + CUTS_AT_ONCE).sizeBytes() - cuts.get(first).sizeBytes();
    }

    /** Where the rows begin that it must see. */
    public byte[] fromKey() {
        return BlobRows.pagesKey(blob, contentId, PageWindow.windowOf(wanted.from()));
    }

    /** Behind these rows. */
    public byte[] toKey() {
        return BlobRows.pagesKey(blob, contentId, PageWindow.windowOf(wanted.end() - 1) + PageWindow.WINDOW_BYTES);
    }

    /** The next row. Tells a command if there is enough for one; it must have been carried out before the last one is. */
    public Optional<SettlePages> row(byte[] key, byte[] value) {
        if (!(BlobRows.parse(key) instanceof BlobRowKey.Pages row) || row.generation() != 0
                || PageWindow.decode(value).generation() >= wanted.generation()) {
            return Optional.empty();
        }
        windows.add(row.offset());
        return windows.size() < MAX_WINDOWS ? Optional.empty() : Optional.of(command(null));
    }

    /** After the last row: the last command, which also drops the cuts. */
    public SettlePages end() {
        return command(wanted);
    }

    private SettlePages command(Settled settled) {
        SettlePages command = new SettlePages(blob, contentId, List.copyOf(windows), settled);
        windows = new ArrayList<>();
        return command;
    }
}
