package io.lazuli.storage.partition.blob;

/** The documented limits of blobs. Source: "Scalability and performance targets for Blob storage", pages of the operations. */
public final class BlobLimits {

    public static final int MAX_NAME_CHARS = 1_024;
    public static final int MAX_COMMITTED_BLOCKS = 50_000;
    public static final int MAX_UNCOMMITTED_BLOCKS = 100_000;
    public static final int MAX_BLOCK_ID_BYTES = 64;
    public static final long MAX_PUT_BLOB_BYTES = 5_000L << 20;
    public static final long MAX_BLOCK_BYTES = 4_000L << 20;
    public static final int MAX_APPEND_BYTES = 100 << 20;
    public static final int MAX_APPENDS = 50_000;
    public static final int MAX_PAGES_BYTES = 4 << 20;
    /** How much one command clears, whose windows are all looked at. */
    public static final long MAX_CLEARED_BYTES = 64L << 20;
    public static final int PAGE_BYTES = 512;
    public static final long MAX_PAGE_BLOB_BYTES = 8L << 40;
    public static final int MAX_METADATA_BYTES = 8 << 10;
    public static final int MAX_TAGS = 10;
    public static final int INFINITE_LEASE_SECONDS = -1;
    /** How long uncommitted blocks are kept after the last one came. */
    public static final long UNCOMMITTED_RETENTION_MILLIS = 7L * 24 * 60 * 60 * 1000;

    /** How many snapshots and versions one command names. */
    public static final int MAX_SNAPSHOTS_AT_ONCE = 1_000;
    /** After which an archived blob that is to be rehydrated can be read. */
    public static final long REHYDRATION_MILLIS = 60_000;

    private BlobLimits() {}
}
