package io.lazuli.storage.partition.blob.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.MemoryRowStore;
import io.lazuli.storage.partition.blob.BlobContent.Pages;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobService.PageRange;
import io.lazuli.storage.partition.blob.BlobService.PageStretch;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.PageWindow;
import io.lazuli.storage.partition.blob.PageWindow.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What is read of a page blob is of one state, or is not read. */
class PageReadingTest {

    private static final String BLOB = "p";
    private static final int WINDOW = PageWindow.WINDOW_BYTES;
    private static final int WINDOWS = 3 * PageReads.PAGE_ROWS;
    private static final long CONTENT = 7;
    private static final long SNAPSHOT = 5;

    private final MemoryRowStore store = new MemoryRowStore();
    private final RowsOfBlobs rows = new RowsOfBlobs(store, "c", List.of());
    private final BlobReads reads = new BlobReads(store, (range, count) -> { }, Runnable::run);
    private final AddressedBlob blob = new AddressedBlob(reads, rows, new BlobTarget(BLOB));

    /** Every window has one page of the write. @param nonce of the write */
    private void write(long generation, long nonce) {
        for (int i = 0; i < WINDOWS; i++) {
            rows.put(BlobRows.pagesKey(BLOB, CONTENT, (long) i * WINDOW), window(generation, nonce));
        }
    }

    private static byte[] window(long generation, long nonce) {
        PageWindow window = new PageWindow(generation, List.of(new Slice(512, 512, new ChunkRun(1, 1, nonce, 512), 0)));
        return window.encode();
    }

    private BlobState put(long contentId, String etag, long generation) {
        BlobState state = RowsOfBlobs.pages(BLOB, etag, new Pages(contentId, (long) WINDOWS * WINDOW, generation, List.of()));
        assertEquals(BlobKind.PAGE, state.kind());
        rows.put(state);
        return state;
    }

    private static <T> T now(CompletionStage<T> stage) {
        assertTrue(stage.toCompletableFuture().isDone());
        return stage.toCompletableFuture().join();
    }

    private static void fails(StorageErrorCode error, CompletionStage<?> stage) {
        CompletionException failure = assertThrows(CompletionException.class, () -> now(stage));
        assertEquals(error, ((StorageException) failure.getCause()).error());
    }

    private static List<Long> writes(List<ContentPiece> pieces) {
        return pieces.stream().filter(ContentPiece.Stored.class::isInstance).map(piece -> ((ContentPiece.Stored) piece).run().nonce()).toList();
    }

    @Test
    void aReadThatIsOvertakenByAWriteFailsInsteadOfMixing() {
        write(1, 1);
        PageContent content = new PageContent(blob, put(CONTENT, "\"1\"", 1));
        List<ContentPiece> first = now(content.from(0, (long) WINDOWS * WINDOW));
        assertEquals(PageReads.PAGE_ROWS, writes(first).size());
        write(1, 2);
        put(CONTENT, "\"2\"", 1);
        fails(StorageErrorCode.BLOB_MODIFIED_WHILE_READING, content.from((long) PageReads.PAGE_ROWS * WINDOW, (long) WINDOWS * WINDOW));
    }

    @Test
    void aReadThatIsOvertakenByAnOverwriteFailsInsteadOfTellingZeroes() {
        PageContent content = new PageContent(blob, put(CONTENT, "\"1\"", 1));
        put(CONTENT + 1, "\"2\"", 1);
        fails(StorageErrorCode.BLOB_MODIFIED_WHILE_READING, content.from(0, WINDOW));
    }

    @Test
    void whatLeavesTheBytesAloneDisturbsNoRead() {
        write(1, 1);
        PageContent content = new PageContent(blob, put(CONTENT, "\"1\"", 1));
        // A snapshot ends the generation; windows written anew as they are belong to the next one.
        put(CONTENT, "\"1\"", 2);
        write(2, 1);
        assertEquals(PageReads.PAGE_ROWS, writes(now(content.from(0, (long) WINDOWS * WINDOW))).size());
    }

    @Test
    void whoBeginsToReadGetsBytesAndStateOfOneMoment() {
        write(1, 1);
        PageContent opened = new PageContent(blob, put(CONTENT, "\"1\"", 1));
        write(1, 2);
        put(CONTENT, "\"2\"", 1);
        PageContent begun = now(opened.begin(0, (long) WINDOWS * WINDOW)).orElseThrow();
        assertEquals("\"2\"", begun.state().etag());
        write(1, 3);
        put(CONTENT, "\"3\"", 1);
        List<Long> written = writes(now(begun.from(0, (long) WINDOWS * WINDOW)));
        assertEquals(PageReads.PAGE_ROWS, written.size());
        assertTrue(written.stream().allMatch(nonce -> nonce == 2), "what was read together with the state");
        assertEquals(begun, now(begun.begin(0, WINDOW)).orElseThrow());
    }

    @Test
    void whoBeginsToReadWhatIsOverwrittenIsTold() {
        PageContent opened = new PageContent(blob, put(CONTENT, "\"1\"", 1));
        put(CONTENT + 1, "\"2\"", 1);
        assertTrue(now(opened.begin(0, WINDOW)).isEmpty());
    }

    @Test
    void rangesAndDifferencesAreToldStretchByStretch() {
        // The snapshot sees the first write; the second one has overwritten every window since.
        for (int i = 0; i < WINDOWS; i++) {
            rows.put(BlobRows.formerPagesKey(BLOB, CONTENT, (long) i * WINDOW, 1), window(1, 1));
        }
        write(2, 2);
        put(CONTENT, "\"2\"", 2);
        BlobState then = RowsOfBlobs.pages(BLOB, "\"1\"", new Pages(CONTENT, (long) WINDOWS * WINDOW, 1, List.of()));
        rows.put(RowsOfBlobs.as(then, SNAPSHOT, 0, false, null));
        for (BlobTarget target : List.of(new BlobTarget(BLOB), new BlobTarget(BLOB, SNAPSHOT, 0))) {
            for (long since : new long[] {0, SNAPSHOT}) {
                List<PageRange> found = ranges(new PageListing(new AddressedBlob(reads, rows, target), since));
                assertEquals(target.isCurrent() || since == 0 ? WINDOWS : 0, found.size(), target + " since " + since);
                for (int i = 0; i < found.size(); i++) {
                    assertEquals(new PageRange((long) i * WINDOW + 512, (long) i * WINDOW + 1_023, false), found.get(i));
                }
            }
        }
        fails(StorageErrorCode.PREVIOUS_SNAPSHOT_NOT_FOUND, new PageListing(blob, SNAPSHOT + 1).stretch(0, WINDOW));
    }

    @Test
    void aWindowWithMoreFormerRowsThanOneReadGivesIsToldWhole() {
        int generations = 2 * PageReads.PAGE_ROWS;
        for (int i = 0; i < 3; i++) {
            for (int generation = 1; generation < generations; generation++) {
                rows.put(BlobRows.formerPagesKey(BLOB, CONTENT, (long) i * WINDOW, generation), window(generation, generation));
            }
            rows.put(BlobRows.pagesKey(BLOB, CONTENT, (long) i * WINDOW), window(generations, generations));
        }
        put(CONTENT, "\"2\"", generations);
        BlobState then = RowsOfBlobs.pages(BLOB, "\"1\"", new Pages(CONTENT, 3L * WINDOW, 1, List.of()));
        rows.put(RowsOfBlobs.as(then, SNAPSHOT, 0, false, null));
        assertEquals(3, ranges(new PageListing(new AddressedBlob(reads, rows, new BlobTarget(BLOB, SNAPSHOT, 0)), 0)).size());
        assertEquals(3, ranges(new PageListing(blob, SNAPSHOT)).size());
        assertEquals(3, ranges(new PageListing(blob, 0)).size());
    }

    private static List<PageRange> ranges(PageListing listing) {
        List<PageRange> found = new ArrayList<>();
        long end = (long) WINDOWS * WINDOW;
        for (long at = 0; at < end;) {
            PageStretch stretch = now(listing.stretch(at, Long.MAX_VALUE));
            assertTrue(stretch.end() > at);
            assertTrue(stretch.ranges().size() <= PageReads.PAGE_ROWS);
            found.addAll(stretch.ranges());
            at = stretch.end();
            end = stretch.state().lengthBytes();
        }
        return found;
    }
}
