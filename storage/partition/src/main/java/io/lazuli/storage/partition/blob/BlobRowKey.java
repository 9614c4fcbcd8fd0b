package io.lazuli.storage.partition.blob;

/** What a row of a blob is, as its key tells ({@link BlobRows#parse}). */
public sealed interface BlobRowKey {

    /** The blob's name. */
    String blob();

    /** The current state. */
    record Current(String blob) implements BlobRowKey {}

    record Snapshot(String blob, long ticks) implements BlobRowKey {}

    record Version(String blob, long ticks) implements BlobRowKey {}

    /** A part of a long list of blocks. @param offset of its first block's first byte */
    record Segment(String blob, long contentId, long offset) implements BlobRowKey {}

    /** A {@link PageWindow}. @param generation of a former one; 0 for the present one */
    record Pages(String blob, long contentId, long offset, long generation) implements BlobRowKey {}

    /** What is known of the uncommitted blocks together ({@link UncommittedBlocks}). */
    record Uncommitted(String blob) implements BlobRowKey {}

    record UncommittedBlock(String blob, long session, byte[] id) implements BlobRowKey {}

    /** The bytes of a short content, in the span of data. */
    record InlineBytes(String blob, long contentId) implements BlobRowKey {}
}
