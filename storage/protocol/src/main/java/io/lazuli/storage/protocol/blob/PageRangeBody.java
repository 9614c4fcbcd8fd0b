package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.partition.blob.BlobService.PageRange;
import io.lazuli.storage.protocol.http.ReplyBody;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A list of page ranges as an answer's body, some at a time. */
final class PageRangeBody implements ReplyBody {

    /** Of a part, which is less than a MiB with ranges at the end of the longest blob. */
    private static final int RANGES_OF_PART = 5_000;
    private static final int RANGE_BYTES = 80;
    private static final String ROOT = "PageList";
    private static final String MARKER = "NextMarker";

    private record Text(ByteBuffer bytes) implements Part {

        @Override
        public void release() {}
    }

    private final PageRangeReader reader;
    private boolean begun;
    private boolean ended;

    PageRangeBody(PageRangeReader reader) {
        this.reader = reader;
    }

    /** A page of a list, whole. */
    static byte[] write(PageRangeReader.Page page) {
        XmlWriter xml = new XmlWriter(page.ranges().size() * RANGE_BYTES).open(ROOT);
        write(page.ranges(), xml);
        return xml.element(MARKER, page.next() < 0 ? "" : Long.toString(page.next())).close(ROOT).toBytes();
    }

    @Override
    public CompletionStage<Part> next() {
        if (ended) {
            return CompletableFuture.completedStage(null);
        }
        return reader.next(RANGES_OF_PART).thenApply(ranges -> {
            XmlWriter xml = begun ? XmlWriter.part(ranges.size() * RANGE_BYTES) : new XmlWriter(ranges.size() * RANGE_BYTES).open(ROOT);
            begun = true;
            write(ranges, xml);
            if (ranges.size() < RANGES_OF_PART) {
                ended = true;
                xml.element(MARKER, "").close(ROOT);
            }
            return new Text(ByteBuffer.wrap(xml.toBytes()));
        });
    }

    private static void write(List<PageRange> ranges, XmlWriter xml) {
        for (PageRange range : ranges) {
            String name = range.clear() ? "ClearRange" : "PageRange";
            xml.open(name).element("Start", range.firstByte()).element("End", range.lastByte()).close(name);
        }
    }

    @Override
    public void close() {
        ended = true;
    }
}
