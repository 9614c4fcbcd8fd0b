package io.lazuli.storage.partition.blob;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.partition.RowScanner;
import io.lazuli.storage.partition.RowWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The written pages of one aligned window of a page blob; what no slice covers is zeroes. A window is rewritten whole by each write that touches
 * it, so it is small: at most {@value #WINDOW_BYTES} / 512 slices.
 *
 * @param generation that wrote it last
 * @param slices ascending, disjoint
 */
public record PageWindow(long generation, List<Slice> slices) {

    /** Part of how stored rows are read: never change it. */
    public static final int WINDOW_BYTES = 1 << 20;
    /** How many windows a write of {@link BlobLimits#MAX_PAGES_BYTES} touches at most. */
    static final int MAX_WINDOWS_OF_WRITE = BlobLimits.MAX_PAGES_BYTES / WINDOW_BYTES + 1;

    /**
     * Bytes that one write left.
     *
     * @param offset in the window
     * @param runOffset of the first byte in the run
     */
    public record Slice(int offset, int lengthBytes, ChunkRun run, long runOffset) {

        int end() {
            return offset + lengthBytes;
        }

        private Slice part(int from, int to) {
            return new Slice(from, to - from, run, runOffset + from - offset);
        }
    }

    /** The window that holds a byte of the blob: its offset. */
    public static long windowOf(long offset) {
        return offset - offset % WINDOW_BYTES;
    }

    public byte[] encode() {
        RowWriter writer = new RowWriter(BlobRows.VERSION).longs(generation).number(slices.size());
        for (Slice slice : slices) {
            writer.number(slice.offset).number(slice.lengthBytes).longs(slice.runOffset);
            BlockSegments.write(writer, slice.run);
        }
        return writer.bytes();
    }

    public static PageWindow decode(byte[] value) {
        RowScanner scanner = new RowScanner(value, BlobRows.VERSION);
        return new PageWindow(scanner.longs(), scanner.list(PageWindow::slice));
    }

    private static Slice slice(RowScanner in) {
        int offset = in.number();
        int lengthBytes = in.number();
        long runOffset = in.longs();
        return new Slice(offset, lengthBytes, BlockSegments.run(in), runOffset);
    }

    /** With {@code [from, to)} from a run, or zeroes if {@code run} is null. */
    PageWindow with(long newGeneration, int from, int to, ChunkRun run, long runOffset) {
        List<Slice> result = new ArrayList<>(slices.size() + 2);
        boolean placed = run == null;
        for (Slice slice : slices) {
            if (slice.offset < from) {
                result.add(slice.part(slice.offset, Math.min(slice.end(), from)));
            }
            if (!placed && slice.end() > from) {
                result.add(new Slice(from, to - from, run, runOffset));
                placed = true;
            }
            if (slice.end() > to) {
                result.add(slice.part(Math.max(slice.offset, to), slice.end()));
            }
        }
        if (!placed) {
            result.add(new Slice(from, to - from, run, runOffset));
        }
        return new PageWindow(newGeneration, result);
    }

    /** What is left before {@code end}. */
    List<Slice> before(long end) {
        List<Slice> result = new ArrayList<>(slices.size());
        for (Slice slice : slices) {
            if (slice.offset < end) {
                result.add(slice.end() <= end ? slice : slice.part(slice.offset, (int) end));
            }
        }
        return result;
    }
}
