package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobCommand.SequenceCondition;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.BlobService.PageStretch;
import io.lazuli.storage.partition.blob.BlobService.Received;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.NewContent;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.ByteRange;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What page blobs have of their own. Source: "Put Page", "Get Page Ranges". */
final class PageRequests {

    /** Ranges of one page of a list; what follows is behind its marker. */
    static final int MAX_LISTED_RANGES = 10_000;

    private static final int EXPECTED_LIST_BYTES = 256 << 10;

    private final BlobService blobs;
    private final BlobWrites writes;
    private final Clock clock;

    PageRequests(BlobService blobs, BlobWrites writes, Clock clock) {
        this.blobs = blobs;
        this.writes = writes;
        this.clock = clock;
    }

    /** @param offset and {@code lengthBytes} are multiples of a page */
    record Pages(long offset, long lengthBytes, SequenceCondition sequence, BlobConditions conditions) {

        /** @throws StorageException MissingRequiredHeader, InvalidPageRange, RequestBodyTooLarge */
        static Pages of(BlobCall call, boolean clears) {
            if (call.header("x-ms-range") == null) {
                Heads.required(call.head(), "Range");
            }
            ByteRange range = ByteRange.of(call.head());
            if (range == null || range.lastByte() == ByteRange.OPEN
                    || range.firstByte() % BlobLimits.PAGE_BYTES != 0 || (range.lastByte() + 1) % BlobLimits.PAGE_BYTES != 0
                    || range.lastByte() >= BlobLimits.MAX_PAGE_BLOB_BYTES) {
                throw new StorageException(StorageErrorCode.INVALID_PAGE_RANGE);
            }
            long lengthBytes = range.lastByte() - range.firstByte() + 1;
            if (!clears && lengthBytes > BlobLimits.MAX_PAGES_BYTES) {
                throw new StorageException(
                        StorageErrorCode.REQUEST_BODY_TOO_LARGE, Map.of("MaxLimit", Integer.toString(BlobLimits.MAX_PAGES_BYTES)));
            }
            SequenceCondition sequence = new SequenceCondition(
                    Heads.number(call.head(), "x-ms-if-sequence-number-le", 0, Long.MAX_VALUE),
                    Heads.number(call.head(), "x-ms-if-sequence-number-lt", 0, Long.MAX_VALUE),
                    Heads.number(call.head(), "x-ms-if-sequence-number-eq", 0, Long.MAX_VALUE));
            return new Pages(range.firstByte(), lengthBytes, sequence, Conditions.of(call.head(), call.nowMillis()));
        }
    }

    PlannedRequest put(BlobCall call) {
        String write = Heads.required(call.head(), "x-ms-page-write");
        boolean clears = write.equalsIgnoreCase("clear");
        if (!clears && !write.equalsIgnoreCase("update")) {
            throw Heads.invalid("x-ms-page-write", write);
        }
        Pages pages = Pages.of(call, clears);
        String expected = clears ? "0" : Long.toString(pages.lengthBytes());
        if (call.header("Content-Length") != null && !expected.equals(call.header("Content-Length"))) {
            throw Heads.invalid("Content-Length", call.header("Content-Length"));
        }
        if (clears) {
            return new PlannedRequest(0, body -> change(call, pages, null).thenApply(done -> answer(done, Reply.empty(201))));
        }
        BodyDigests digests = BodyDigests.of(call.head());
        return PlannedRequest.streaming(pages.lengthBytes(), body -> writes.receive(call, body, false, digests)
                .thenCompose(received -> commit(call, pages, received)
                        .thenApply(done -> digests.write(received, call.version(), answer(done, Reply.empty(201))))));
    }

    CompletionStage<BlobReply.Done> commit(BlobCall call, Pages pages, Received received) {
        if (received.lengthBytes() != pages.lengthBytes() || !(received.content() instanceof NewContent.Stored stored)) {
            throw new StorageException(StorageErrorCode.INVALID_PAGE_RANGE);
        }
        return change(call, pages, stored);
    }

    private CompletionStage<BlobReply.Done> change(BlobCall call, Pages pages, NewContent.Stored stored) {
        return writes.change(call, new BlobCommand.WritePages(
                call.name(), pages.offset(), pages.lengthBytes(), stored == null ? null : stored.run(), pages.sequence(), pages.conditions()));
    }

    static Reply answer(BlobReply.Done done, Reply reply) {
        return StateHeaders.written(done, reply).header("x-ms-blob-sequence-number", Long.toString(done.state().sequenceNumber()));
    }

    // Get Page Ranges

    /**
     * @param since a snapshot's ticks, 0 for all that is written
     * @param maxRanges of a page of the list; 0 for the whole list
     */
    private record Wanted(BlobTarget target, ByteRange range, long since, long fromMarker, int maxRanges) {

        long firstByte() {
            return range == null ? 0 : range.firstByte();
        }

        long end() {
            return range == null || range.lastByte() == ByteRange.OPEN ? Long.MAX_VALUE : range.lastByte() + 1;
        }
    }

    PlannedRequest list(BlobCall call) {
        BlobTarget target = Targets.of(call);
        long since = since(call);
        if (since != 0 && target.snapshotTicks() != 0 && since > target.snapshotTicks()) {
            throw new StorageException(StorageErrorCode.PREVIOUS_SNAPSHOT_CANNOT_BE_NEWER);
        }
        Wanted wanted = new Wanted(target, ByteRange.of(call.head()), since, marker(call.parameter("marker")), maxRanges(call));
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        return new PlannedRequest(0, EXPECTED_LIST_BYTES, body -> {
            PageRangeReader.Source source = offset ->
                    blobs.pages(call.account(), call.container(), target, offset, wanted.end(), since);
            return source.from(Math.max(wanted.firstByte(), wanted.fromMarker())).thenCompose(first -> {
                Targets.check(conditions, first.state(), call.nowMillis());
                return list(wanted, source, first);
            });
        });
    }

    private CompletionStage<Reply> list(Wanted wanted, PageRangeReader.Source source, PageStretch first) {
        BlobState state = first.state();
        if (wanted.range() != null && wanted.firstByte() >= state.lengthBytes()) {
            throw new StorageException(StorageErrorCode.INVALID_RANGE);
        }
        PageRangeReader reader = new PageRangeReader(source, first, wanted.end());
        CompletionStage<Reply> reply = wanted.maxRanges() == 0
                ? CompletableFuture.completedStage(
                        Reply.streaming(200, "application/xml", Reply.UNKNOWN_LENGTH, new PageRangeBody(reader)))
                : reader.page(wanted.maxRanges(), clock).thenApply(page -> Reply.xml(200, PageRangeBody.write(page)));
        return reply.thenApply(answer -> StateHeaders.tag(state, answer)
                .header("x-ms-blob-content-length", Long.toString(state.lengthBytes())));
    }

    /** What the diff is against, by its time or its address. */
    private static long since(BlobCall call) {
        String url = call.header("x-ms-previous-snapshot-url");
        String named = call.parameter("prevsnapshot");
        if (url != null && named == null) {
            int at = url.indexOf("snapshot=");
            if (at < 0) {
                throw Heads.invalid("x-ms-previous-snapshot-url", url);
            }
            int end = url.indexOf('&', at);
            named = url.substring(at + "snapshot=".length(), end < 0 ? url.length() : end).replace("%3A", ":").replace("%3a", ":");
        }
        return BlobTimes.ticks("prevsnapshot", named);
    }

    /** 0 if the list is not asked for in pages. */
    private static int maxRanges(BlobCall call) {
        String text = call.parameter("maxresults");
        if (text == null || text.isEmpty()) {
            String marker = call.parameter("marker");
            return marker == null || marker.isEmpty() ? 0 : MAX_LISTED_RANGES;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw BadRequests.invalidParameter("maxresults", text, "must be a whole number");
        }
        int asked = Integer.parseInt(text);
        if (asked == 0) {
            throw BadRequests.outOfRange("maxresults", text, 1, MAX_LISTED_RANGES);
        }
        return Math.min(asked, MAX_LISTED_RANGES);
    }

    private static long marker(String text) {
        if (text == null || text.isEmpty()) {
            return 0;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new StorageException(StorageErrorCode.INVALID_MARKER);
        }
        return Long.parseLong(text);
    }
}
