package io.lazuli.storage.partition.blob;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.partition.blob.BlobCommand.SettlePages.Settled;
import io.lazuli.storage.partition.blob.BlobContent.Cut;
import io.lazuli.storage.partition.blob.BlobContent.Pages;
import io.lazuli.storage.partition.blob.BlobService.PageRange;
import io.lazuli.storage.partition.blob.PageWindow.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * The pages of a page blob, in rows of {@link PageWindow}s. Of each window there is a <em>present</em> row, and <em>former</em> ones that
 * snapshots see. A snapshot ends a generation; the first write to a window after it copies the present row under the generation that wrote
 * it. So a writer looks up present rows only, by their keys; who reads takes, of a window's rows in key order, the first that is not newer
 * than its content's generation ({@link #counts}); and nothing but the blob's state changes when a snapshot is made.
 *
 * <p>To make the blob shorter changes no row either: the state says ({@link Cut}) that whatever older generations wrote behind that size is
 * gone, whether or not the blob becomes longer again. Readers and writers look at windows through {@link #slices}, which knows. Cuts ascend in
 * both components, because a cut makes those behind it needless; so they become many only if the blob grows and shrinks to ever larger sizes.
 */
public final class PageMap {

    /** More cuts than this are not kept: before a further one some are made needless, see {@link PageSettling}. */
    static final int MAX_CUTS = 256;

    /** A part of a blob that was written. @param runOffset of its first byte in the run */
    public record Extent(long offset, long lengthBytes, ChunkRun run, long runOffset) {

        public long end() {
            return offset + lengthBytes;
        }
    }

    private PageMap() {}

    /** Whether a row of this generation is the one that counts for the content, being the first of its window in key order that is not newer. */
    public static boolean counts(Pages content, PageWindow window) {
        return window.generation() <= content.generation();
    }

    /** What of a window's slices the content has, in order. @param offset the window's */
    public static List<Slice> slices(Pages content, long offset, PageWindow window) {
        long end = content.lengthBytes();
        for (Cut cut : content.cuts()) {
            if (cut.generation() > window.generation()) {
                end = Math.min(end, cut.sizeBytes());
            }
        }
        if (end <= offset) {
            return List.of();
        }
        return end - offset >= PageWindow.WINDOW_BYTES ? window.slices() : window.before(end - offset);
    }

    /** The same as parts of the blob. */
    public static List<Extent> extents(Pages content, long offset, PageWindow window) {
        return slices(content, offset, window).stream()
                .map(slice -> new Extent(offset + slice.offset(), slice.lengthBytes(), slice.run(), slice.runOffset()))
                .toList();
    }

    /** The content made longer or shorter; null if some of its cuts must be made needless before. */
    static Pages resized(Pages content, long newSizeBytes) {
        if (newSizeBytes >= content.lengthBytes()) {
            return new Pages(content.contentId(), newSizeBytes, content.generation(), content.cuts());
        }
        List<Cut> cuts = new ArrayList<>(content.cuts());
        cuts.removeIf(cut -> cut.sizeBytes() >= newSizeBytes);
        cuts.add(new Cut(content.generation() + 1, newSizeBytes));
        return cuts.size() > MAX_CUTS ? null : new Pages(content.contentId(), newSizeBytes, content.generation() + 1, List.copyOf(cuts));
    }

    /** The content without those cuts that no window needs. A cut matters up to where the next one is, which takes away whatever it does. */
    static Pages settled(Pages content, Settled settled) {
        List<Cut> cuts = content.cuts();
        List<Cut> kept = new ArrayList<>();
        for (int i = 0; i < cuts.size(); i++) {
            Cut cut = cuts.get(i);
            boolean needless = i + 1 < cuts.size() && settled.from() <= cut.sizeBytes() && cuts.get(i + 1).sizeBytes() <= settled.end()
                    && cut.generation() <= settled.generation();
            if (!needless) {
                kept.add(cut);
            }
        }
        return new Pages(content.contentId(), content.lengthBytes(), content.generation(), List.copyOf(kept));
    }

    /** The window as it counts for the content, which has no cuts for it any more. @param present the window's present row */
    static PageWindow settled(Pages content, long offset, PageWindow present) {
        return new PageWindow(content.generation(), slices(content, offset, present));
    }

    /** The content that goes on after a snapshot was made of it. */
    static Pages nextGeneration(Pages content) {
        return new Pages(content.contentId(), content.lengthBytes(), content.generation() + 1, content.cuts());
    }

    /**
     * The window after a write.
     *
     * @param present the window's present row, null if there is none
     * @param from, to within the window
     * @param run null for zeroes
     */
    static PageWindow written(Pages content, long offset, PageWindow present, int from, int to, ChunkRun run, long runOffset) {
        List<Slice> slices = present == null ? List.of() : slices(content, offset, present);
        return new PageWindow(content.generation(), slices).with(content.generation(), from, to, run, runOffset);
    }

    /** What is written within {@code [from, to)}; neighbours are one range. @param extents in order */
    public static List<PageRange> ranges(List<Extent> extents, long from, long to) {
        Ranges ranges = new Ranges(from, to);
        extents.forEach(extent -> ranges.add(extent.offset(), extent.end(), false));
        return ranges.list;
    }

    /**
     * What differs within {@code [from, to)}: pages written since, and pages cleared since. Pages that were written anew with the same bytes differ,
     * too.
     *
     * @param earlier, later written parts of a former and of a later content, in order
     */
    public static List<PageRange> difference(List<Extent> earlier, List<Extent> later, long from, long to) {
        Ranges ranges = new Ranges(from, to);
        int e = 0;
        int l = 0;
        long at = from;
        while (at < to) {
            while (e < earlier.size() && earlier.get(e).end() <= at) {
                e++;
            }
            while (l < later.size() && later.get(l).end() <= at) {
                l++;
            }
            Extent before = e < earlier.size() ? earlier.get(e) : null;
            Extent now = l < later.size() ? later.get(l) : null;
            long next = Math.min(nextBorder(before, at, to), nextBorder(now, at, to));
            boolean was = before != null && before.offset() <= at;
            boolean is = now != null && now.offset() <= at;
            if (is && !(was && same(before, now, at))) {
                ranges.add(at, next, false);
            } else if (was && !is) {
                ranges.add(at, next, true);
            }
            at = next;
        }
        return ranges.list;
    }

    private static long nextBorder(Extent extent, long at, long to) {
        if (extent == null) {
            return to;
        }
        return Math.min(to, extent.offset() > at ? extent.offset() : extent.end());
    }

    private static boolean same(Extent one, Extent other, long at) {
        return one.run().equals(other.run()) && one.runOffset() + at - one.offset() == other.runOffset() + at - other.offset();
    }

    /** Collects ranges, joining what touches. */
    private static final class Ranges {

        private final List<PageRange> list = new ArrayList<>();
        private final long from;
        private final long to;

        private Ranges(long from, long to) {
            this.from = from;
            this.to = to;
        }

        private void add(long begin, long end, boolean clear) {
            long first = Math.max(begin, from);
            long last = Math.min(end, to) - 1;
            if (first > last) {
                return;
            }
            PageRange former = list.isEmpty() ? null : list.get(list.size() - 1);
            if (former != null && former.clear() == clear && former.lastByte() + 1 == first) {
                list.set(list.size() - 1, new PageRange(former.firstByte(), last, clear));
            } else {
                list.add(new PageRange(first, last, clear));
            }
        }
    }
}
