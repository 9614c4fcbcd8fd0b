package io.lazuli.storage.partition.blob;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.partition.RowScanner;
import io.lazuli.storage.partition.RowWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of blobs in their container's row space. Durable format: golden-file tests hold it; values begin with a version byte. All rows of a
 * blob begin with a tag, its name in UTF-8 and NUL, so they stand together and those of other blobs do not come between.
 *
 * <pre>
 * e name 00                                  the current state ({@link BlobStateFormat}); first of the blob's rows, there as long as any other is
 * e name 00 S ticks                          a snapshot's state
 * e name 00 V ticks                          a former version's state
 * e name 00 b content offset                 a segment of a content's blocks ({@link BlockSegments})
 * e name 00 p content offset 00…             the present {@link PageWindow} at that offset
 * e name 00 p content offset ~generation     what that generation left there, newest first
 * e name 00 u                                {@link UncommittedBlocks}
 * e name 00 u session id                     an uncommitted block: its run
 * d name 00 content                          the bytes of a short content
 * c name 00                                  says that the current state has a pending copy
 * </pre>
 *
 * <p>Contents and sessions are numbers that are never given again, so of their rows none is ever looked up after it was deleted.
 */
public final class BlobRows {

    static final byte VERSION = 1;
    static final byte[] COPY_VALUE = {VERSION};
    private static final byte INDEX = 'e';
    private static final byte DATA = 'd';
    private static final byte COPIES = 'c';
    private static final byte NUL = 0;
    private static final byte BEHIND_NUL = 1;
    private static final byte SNAPSHOT = 'S';
    private static final byte OF_VERSION = 'V';
    private static final byte SEGMENT = 'b';
    private static final byte PAGES = 'p';
    private static final byte UNCOMMITTED = 'u';
    /** In the place of a former generation. */
    private static final long PRESENT = 0;

    private BlobRows() {}

    // Keys of one row

    public static byte[] currentKey(String blob) {
        return key(INDEX, blob, 0).array();
    }

    public static byte[] snapshotKey(String blob, long ticks) {
        return key(INDEX, blob, 1 + Long.BYTES).put(SNAPSHOT).putLong(ticks).array();
    }

    public static byte[] versionKey(String blob, long ticks) {
        return key(INDEX, blob, 1 + Long.BYTES).put(OF_VERSION).putLong(ticks).array();
    }

    public static byte[] segmentKey(String blob, long contentId, long offset) {
        return key(INDEX, blob, 1 + 2 * Long.BYTES).put(SEGMENT).putLong(contentId).putLong(offset).array();
    }

    /** @param offset a multiple of {@link PageWindow#WINDOW_BYTES} */
    public static byte[] pagesKey(String blob, long contentId, long offset) {
        return pagesKey(blob, contentId, offset, PRESENT);
    }

    /** @param generation 1 or more */
    public static byte[] formerPagesKey(String blob, long contentId, long offset, long generation) {
        return pagesKey(blob, contentId, offset, ~generation);
    }

    private static byte[] pagesKey(String blob, long contentId, long offset, long last) {
        return key(INDEX, blob, 1 + 3 * Long.BYTES).put(PAGES).putLong(contentId).putLong(offset).putLong(last).array();
    }

    public static byte[] uncommittedKey(String blob) {
        return key(INDEX, blob, 1).put(UNCOMMITTED).array();
    }

    /** @param id may be empty: where the blocks of a session begin */
    public static byte[] uncommittedBlockKey(String blob, long session, byte[] id) {
        return key(INDEX, blob, 1 + Long.BYTES + id.length).put(UNCOMMITTED).putLong(session).put(id).array();
    }

    public static byte[] inlineKey(String blob, long contentId) {
        return key(DATA, blob, Long.BYTES).putLong(contentId).array();
    }

    public static byte[] copyKey(String blob) {
        return key(COPIES, blob, 0).array();
    }

    // Where rows begin and end

    /** Where the blobs begin whose names begin with {@code prefix}, which may be empty, or follow it. */
    public static byte[] from(String prefix) {
        return named(INDEX, prefix.getBytes(StandardCharsets.UTF_8), 0).array();
    }

    /** The first key behind all index rows of the blob, and behind those of no other. */
    public static byte[] behind(String blob) {
        return behind(INDEX, blob);
    }

    /** Behind the states of the blob and before its other index rows. */
    public static byte[] behindStates(String blob) {
        return segmentsFrom(blob);
    }

    public static byte[] indexEnd() {
        return new byte[] {INDEX + 1};
    }

    public static byte[] dataFrom(String blob) {
        return key(DATA, blob, 0).array();
    }

    public static byte[] dataBehind(String blob) {
        return behind(DATA, blob);
    }

    public static byte[] dataBegin() {
        return new byte[] {DATA};
    }

    public static byte[] dataEnd() {
        return new byte[] {DATA + 1};
    }

    public static byte[] copiesBegin() {
        return new byte[] {COPIES};
    }

    public static byte[] copiesEnd() {
        return new byte[] {COPIES + 1};
    }

    /** Behind the rows of a content's blocks; they begin at {@link #segmentKey} 0. */
    public static byte[] segmentsEnd(String blob, long contentId) {
        return segmentKey(blob, contentId + 1, 0);
    }

    /** Behind the rows of a content's pages; they begin at {@link #pagesKey} 0. */
    public static byte[] pagesEnd(String blob, long contentId) {
        return pagesKey(blob, contentId + 1, 0);
    }

    /** Behind the blocks of a session; they begin at {@link #uncommittedBlockKey} with an empty id. */
    public static byte[] uncommittedEnd(String blob, long session) {
        return uncommittedBlockKey(blob, session + 1, new byte[0]);
    }

    private static byte[] segmentsFrom(String blob) {
        return key(INDEX, blob, 1).put(SEGMENT).array();
    }

    private static byte[] behind(byte tag, String blob) {
        byte[] name = blob.getBytes(StandardCharsets.UTF_8);
        return named(tag, name, 1).put(BEHIND_NUL).array();
    }

    private static ByteBuffer key(byte tag, String blob, int subBytes) {
        return named(tag, blob.getBytes(StandardCharsets.UTF_8), 1 + subBytes).put(NUL);
    }

    private static ByteBuffer named(byte tag, byte[] name, int furtherBytes) {
        return ByteBuffer.allocate(1 + name.length + furtherBytes).put(tag).put(name);
    }

    // What a key says

    /** The name of the blob that a row belongs to. */
    public static String nameOf(byte[] key) {
        return new String(key, 1, endOfName(key) - 1, StandardCharsets.UTF_8);
    }

    public static boolean isCurrent(byte[] key) {
        return key[0] == INDEX && endOfName(key) == key.length - 1;
    }

    /** Whether it is the current state's, a snapshot's or a version's. */
    public static boolean isState(byte[] key) {
        int end = endOfName(key);
        return key[0] == INDEX && (end == key.length - 1 || key[end + 1] == SNAPSHOT || key[end + 1] == OF_VERSION);
    }

    /** @throws IllegalArgumentException if no row of a blob's index or data has this key */
    public static BlobRowKey parse(byte[] key) {
        int end = endOfName(key);
        String blob = nameOf(key);
        ByteBuffer sub = ByteBuffer.wrap(key, end + 1, key.length - end - 1);
        if (key[0] == DATA) {
            return new BlobRowKey.InlineBytes(blob, sub.getLong());
        }
        if (key[0] != INDEX) {
            throw new IllegalArgumentException("no row of a blob has the tag " + key[0]);
        }
        if (!sub.hasRemaining()) {
            return new BlobRowKey.Current(blob);
        }
        byte tag = sub.get();
        return switch (tag) {
            case SNAPSHOT -> new BlobRowKey.Snapshot(blob, sub.getLong());
            case OF_VERSION -> new BlobRowKey.Version(blob, sub.getLong());
            case SEGMENT -> new BlobRowKey.Segment(blob, sub.getLong(), sub.getLong());
            case PAGES -> new BlobRowKey.Pages(blob, sub.getLong(), sub.getLong(), generation(sub.getLong()));
            case UNCOMMITTED -> sub.hasRemaining()
                    ? new BlobRowKey.UncommittedBlock(blob, sub.getLong(), Arrays.copyOfRange(key, sub.position(), key.length))
                    : new BlobRowKey.Uncommitted(blob);
            default -> throw new IllegalArgumentException("no row of a blob has the tag " + tag);
        };
    }

    private static long generation(long last) {
        return last == PRESENT ? 0 : ~last;
    }

    private static int endOfName(byte[] key) {
        for (int i = 1; i < key.length; i++) {
            if (key[i] == NUL) {
                return i;
            }
        }
        throw new IllegalArgumentException("a blob's key of " + key.length + " bytes without NUL");
    }

    // Values

    public static byte[] stateValue(BlobState state) {
        return BlobStateFormat.encode(state);
    }

    /** @param key the row's, for the blob's name */
    public static BlobState state(byte[] key, byte[] value) {
        return BlobStateFormat.decode(nameOf(key), value);
    }

    static byte[] runValue(ChunkRun run) {
        RowWriter writer = new RowWriter(VERSION);
        BlockSegments.write(writer, run);
        return writer.bytes();
    }

    /** Of an uncommitted block. */
    public static ChunkRun run(byte[] value) {
        return BlockSegments.run(new RowScanner(value, VERSION));
    }

    static byte[] segmentValue(List<BlockRef> blocks) {
        return BlockSegments.encode(blocks);
    }

    public static List<BlockRef> segment(byte[] value) {
        return BlockSegments.decode(value);
    }

    static byte[] inlineValue(byte[] bytes) {
        return ByteBuffer.allocate(1 + bytes.length).put(VERSION).put(bytes).array();
    }

    /** The bytes of a short content. */
    public static ByteBuffer inlineBytes(byte[] value) {
        if (value[0] != VERSION) {
            throw new IllegalStateException("a row of version " + value[0]);
        }
        return ByteBuffer.wrap(value, 1, value.length - 1).slice();
    }
}
