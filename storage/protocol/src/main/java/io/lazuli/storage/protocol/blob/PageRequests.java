package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobCommand.SequenceCondition;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.BlobService.PageRange;
import io.lazuli.storage.partition.blob.BlobService.Received;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.NewContent;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.ByteRange;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What page blobs have of their own. Source: "Put Page", "Get Page Ranges". */
final class PageRequests {

    /** Ranges in one answer; what follows is behind its marker. */
    static final int MAX_LISTED_RANGES = 10_000;

    private static final int RANGE_BYTES = 80;
    private static final int EXPECTED_LIST_BYTES = 256 << 10;

    private final BlobService blobs;
    private final BlobWrites writes;

    PageRequests(BlobService blobs, BlobWrites writes) {
        this.blobs = blobs;
        this.writes = writes;
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

    /** @param since a snapshot's ticks, 0 for all that is written */
    private record Wanted(BlobTarget target, ByteRange range, long since, long fromMarker, int maxRanges) {}

    PlannedRequest list(BlobCall call) {
        BlobTarget target = Targets.of(call);
        long since = since(call);
        if (since != 0 && target.snapshotTicks() != 0 && since > target.snapshotTicks()) {
            throw new StorageException(StorageErrorCode.PREVIOUS_SNAPSHOT_CANNOT_BE_NEWER);
        }
        int maxRanges = maxRanges(call);
        Wanted wanted = new Wanted(target, ByteRange.of(call.head()), since, marker(call.parameter("marker")), maxRanges);
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        return new PlannedRequest(0, EXPECTED_LIST_BYTES, body -> blobs.find(call.account(), call.container(), target)
                .thenCompose(found -> {
                    BlobState state = found.orElseThrow(() -> new StorageException(StorageErrorCode.BLOB_NOT_FOUND));
                    Targets.check(conditions, state, call.nowMillis());
                    if (state.kind() != BlobKind.PAGE) {
                        throw new StorageException(StorageErrorCode.INVALID_BLOB_TYPE);
                    }
                    return previousExists(call, since).thenCompose(exists -> list(call, wanted, state));
                }));
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

    private static int maxRanges(BlobCall call) {
        String text = call.parameter("maxresults");
        if (text == null || text.isEmpty()) {
            return MAX_LISTED_RANGES;
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

    private CompletionStage<Void> previousExists(BlobCall call, long since) {
        if (since == 0) {
            return CompletableFuture.completedStage(null);
        }
        return blobs.find(call.account(), call.container(), new BlobTarget(call.name(), since, 0)).thenAccept(found -> {
            if (found.isEmpty()) {
                throw new StorageException(StorageErrorCode.PREVIOUS_SNAPSHOT_NOT_FOUND);
            }
        });
    }

    private CompletionStage<Reply> list(BlobCall call, Wanted wanted, BlobState state) {
        long sizeBytes = state.lengthBytes();
        long first = wanted.range() == null ? 0 : wanted.range().firstByte();
        if (wanted.range() != null && first >= sizeBytes) {
            throw new StorageException(StorageErrorCode.INVALID_RANGE);
        }
        long last = wanted.range() == null ? sizeBytes - 1 : Math.min(sizeBytes - 1, wanted.range().lastByte());
        long from = Math.max(first, wanted.fromMarker());
        CompletionStage<List<PageRange>> ranges = from > last
                ? CompletableFuture.completedStage(List.of())
                : blobs.pages(call.account(), call.container(), wanted.target(), from, last - from + 1, wanted.since());
        return ranges.thenApply(found -> StateHeaders.tag(state, Reply.xml(200, write(found, wanted.maxRanges())))
                .header("x-ms-blob-content-length", Long.toString(sizeBytes)));
    }

    private static byte[] write(List<PageRange> ranges, int maxRanges) {
        List<PageRange> listed = ranges.subList(0, Math.min(ranges.size(), maxRanges));
        XmlWriter xml = new XmlWriter(listed.size() * RANGE_BYTES).open("PageList");
        for (PageRange range : listed) {
            String name = range.clear() ? "ClearRange" : "PageRange";
            xml.open(name).element("Start", range.firstByte()).element("End", range.lastByte()).close(name);
        }
        String next = listed.size() < ranges.size() ? Long.toString(ranges.get(listed.size()).firstByte()) : "";
        return xml.element("NextMarker", next).close("PageList").toBytes();
    }
}
