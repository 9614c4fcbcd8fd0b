package io.lazuli.storage.protocol.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.AccountRules;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobService.PageRange;
import io.lazuli.storage.partition.blob.BlobService.PageStretch;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.protocol.http.ReplyBody;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Lists of page ranges are complete however many there are, and only some of them are ever in memory. */
class PageRangeReaderTest {

    private static final int PAGE = 512;
    private static final int FRAGMENTS = 100_000;
    private static final int FRAGMENTS_OF_STRETCH = 1_000;
    private static final int STRETCH_BYTES = 2 * PAGE * FRAGMENTS_OF_STRETCH;
    private static final Clock STILL = new Clock() {

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public long epochMillis() {
            return 0;
        }
    };

    private final long sizeBytes = 2L * PAGE * FRAGMENTS;
    private final List<Long> asked = new ArrayList<>();
    private long states = 1_700_000_000_000L;
    private BlobState state = state();

    /** Each has an ETag of its own. */
    private BlobState state() {
        long nowMillis = ++states;
        FakeBlobRows rows = new FakeBlobRows(new Clock() {

            @Override
            public long nanos() {
                return 0;
            }

            @Override
            public long epochMillis() {
                return nowMillis;
            }
        });
        BlobDraft draft = new BlobDraft(BlobHeaders.NONE, Map.of(), null, null, null, false);
        return rows.change(new BlobCommand.PutPageBlob("b", draft, sizeBytes, 0, BlobConditions.NONE, AccountRules.NONE)).state();
    }

    /** Every other page is written; those at the border of two stretches are neighbours. */
    private CompletionStage<PageStretch> fragments(long offset) {
        asked.add(offset);
        List<PageRange> ranges = new ArrayList<>();
        ranges.add(new PageRange(offset, offset + PAGE - 1, false));
        for (int i = 1; i < FRAGMENTS_OF_STRETCH; i++) {
            long at = offset + (2L * i + 1) * PAGE;
            ranges.add(new PageRange(at, at + PAGE - 1, false));
        }
        PageStretch stretch = new PageStretch(state, ranges, offset + STRETCH_BYTES);
        return asked.size() % 2 == 0 ? CompletableFuture.completedStage(stretch) : CompletableFuture.supplyAsync(() -> stretch);
    }

    private PageRangeReader reader(PageRangeReader.Source source, long end) {
        return new PageRangeReader(source, source.from(0).toCompletableFuture().join(), end);
    }

    @Test
    void aListOfAHundredThousandRangesIsWrittenPartByPart() {
        PageRangeBody body = new PageRangeBody(reader(this::fragments, Long.MAX_VALUE));
        ByteArrayOutputStream xml = new ByteArrayOutputStream();
        int parts = 0;
        for (ReplyBody.Part part = body.next().toCompletableFuture().join(); part != null; part = body.next().toCompletableFuture().join()) {
            assertTrue(part.bytes().remaining() <= 1 << 20, "a part is no longer than a MiB");
            byte[] bytes = new byte[part.bytes().remaining()];
            part.bytes().get(bytes);
            xml.writeBytes(bytes);
            parts++;
            long begun = (long) asked.size() * FRAGMENTS_OF_STRETCH;
            long written = xml.toString(StandardCharsets.UTF_8).split("<Start>", -1).length - 1;
            assertTrue(begun - written <= 2 * FRAGMENTS_OF_STRETCH + asked.size(), "what is read is what is written soon");
        }
        assertTrue(parts > 10);
        String text = xml.toString(StandardCharsets.UTF_8);
        int stretches = FRAGMENTS / FRAGMENTS_OF_STRETCH;
        assertEquals(stretches, asked.size());
        assertEquals(FRAGMENTS - (stretches - 1), text.split("<PageRange>", -1).length - 1, "neighbours are one");
        assertTrue(text.startsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?><PageList><PageRange><Start>0</Start><End>511</End></PageRange>"));
        assertTrue(text.endsWith("<End>" + (sizeBytes - 1) + "</End></PageRange><NextMarker /></PageList>"));
    }

    @Test
    void pagesOfAListGoOnWhereTheyEnd() {
        List<PageRange> all = new ArrayList<>();
        long from = 0;
        while (from >= 0) {
            asked.clear();
            long begin = from - from % STRETCH_BYTES;
            PageStretch first = fragments(begin).toCompletableFuture().join();
            long marker = from;
            PageStretch behind = new PageStretch(state, first.ranges().stream().filter(range -> range.firstByte() >= marker).toList(), first.end());
            PageRangeReader.Page page = new PageRangeReader(this::fragments, behind, Long.MAX_VALUE).page(9_999, STILL).toCompletableFuture().join();
            assertTrue(page.ranges().size() <= 9_999);
            assertTrue(asked.size() <= 11, asked.size() + " stretches for a page");
            all.addAll(page.ranges());
            from = page.next();
        }
        assertEquals(sizeBytes - 1, all.getLast().lastByte());
        assertEquals(FRAGMENTS * (long) PAGE, all.stream().mapToLong(range -> range.lastByte() + 1 - range.firstByte()).sum());
    }

    @Test
    void aListOfPagesThatChangedMeanwhileIsNotGoneOnWith() {
        PageRangeReader whole = reader(this::fragments, Long.MAX_VALUE);
        PageRangeReader paged = reader(this::fragments, Long.MAX_VALUE);
        BlobState before = state;
        state = state();
        assertFalse(before.etag().equals(state.etag()));
        CompletionException failure = assertThrows(CompletionException.class, () -> whole.next(2_000).toCompletableFuture().join());
        assertEquals(StorageErrorCode.BLOB_MODIFIED_WHILE_READING, ((StorageException) failure.getCause()).error());
        PageRangeReader.Page page = paged.page(2_000, STILL).toCompletableFuture().join();
        assertEquals(FRAGMENTS_OF_STRETCH, page.ranges().size());
        assertEquals(STRETCH_BYTES, page.next());
    }

    @Test
    void aPageOfAListEndsWhenItsTimeIsOver() {
        long[] nanos = {0};
        Clock clock = new Clock() {

            @Override
            public long nanos() {
                nanos[0] += 1_000_000_000L;
                return nanos[0];
            }

            @Override
            public long epochMillis() {
                return 0;
            }
        };
        PageRangeReader.Page page = reader(this::fragments, Long.MAX_VALUE).page(10_000, clock).toCompletableFuture().join();
        assertEquals((long) asked.size() * STRETCH_BYTES, page.next());
        assertTrue(asked.size() < 8);
        assertFalse(page.ranges().isEmpty());
    }

    @Test
    void onlyWhatIsAskedForIsRead() {
        PageRangeReader reader = reader(this::fragments, STRETCH_BYTES);
        assertEquals(FRAGMENTS_OF_STRETCH, reader.next(10_000).toCompletableFuture().join().size());
        assertEquals(List.of(), reader.next(10_000).toCompletableFuture().join());
        assertEquals(1, asked.size());
    }
}
