package io.lazuli.storage.partition.blob;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.partition.RowScanner;
import io.lazuli.storage.partition.RowWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists of blocks: up to {@value #MAX_EMBEDDED_BLOCKS} in the blob's state, more in rows (segments) of up to {@value #MAX_SEGMENT_BLOCKS}. So
 * the longest list that can be committed (50,000 blocks with ids of 64 bytes) is about 5 MB in 50 rows, and an append rewrites a state of
 * bounded size and, once in {@value #MAX_EMBEDDED_BLOCKS} times, one row.
 */
public final class BlockSegments {

    static final int MAX_EMBEDDED_BLOCKS = 16;
    static final int MAX_SEGMENT_BLOCKS = 1_000;

    /** @param offset of the first block's first byte */
    record Segment(long offset, List<BlockRef> blocks) {}

    private BlockSegments() {}

    /** A list cut into segments; none if it is short enough to be embedded. */
    static List<Segment> cut(List<BlockRef> blocks) {
        List<Segment> segments = new ArrayList<>();
        if (blocks.size() <= MAX_EMBEDDED_BLOCKS) {
            return segments;
        }
        long offset = 0;
        for (int from = 0; from < blocks.size(); from += MAX_SEGMENT_BLOCKS) {
            List<BlockRef> part = blocks.subList(from, Math.min(blocks.size(), from + MAX_SEGMENT_BLOCKS));
            segments.add(new Segment(offset, part));
            offset += lengthOf(part);
        }
        return segments;
    }

    static long lengthOf(List<BlockRef> blocks) {
        long length = 0;
        for (BlockRef block : blocks) {
            length += block.run().lengthBytes();
        }
        return length;
    }

    /** Of the segment at {@code offset} what belongs to {@code content}, whose last segment may have grown since. */
    public static List<BlockRef> of(BlobContent.Blocks content, long offset, List<BlockRef> segment) {
        long end = content.tailOffset();
        long at = offset;
        for (int i = 0; i < segment.size(); i++) {
            if (at >= end) {
                return segment.subList(0, i);
            }
            at += segment.get(i).run().lengthBytes();
        }
        return segment;
    }

    static byte[] encode(List<BlockRef> blocks) {
        RowWriter writer = new RowWriter(BlobRows.VERSION);
        write(writer, blocks);
        return writer.bytes();
    }

    static List<BlockRef> decode(byte[] value) {
        return blocks(new RowScanner(value, BlobRows.VERSION));
    }

    static void write(RowWriter writer, List<BlockRef> blocks) {
        writer.number(blocks.size());
        for (BlockRef block : blocks) {
            writer.binary(block.id());
            write(writer, block.run());
        }
    }

    static List<BlockRef> blocks(RowScanner scanner) {
        return scanner.list(in -> new BlockRef(in.binary(), run(in)));
    }

    static void write(RowWriter writer, ChunkRun run) {
        writer.number(run.group()).longs(run.createdMillis()).longs(run.nonce()).longs(run.lengthBytes());
    }

    static ChunkRun run(RowScanner scanner) {
        return new ChunkRun(scanner.number(), scanner.longs(), scanner.longs(), scanner.longs());
    }
}
