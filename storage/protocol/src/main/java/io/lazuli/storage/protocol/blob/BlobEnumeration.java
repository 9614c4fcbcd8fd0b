package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.partition.blob.BlobService.BlobListing;
import io.lazuli.storage.partition.blob.BlobService.BlobQuery;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.service.AsyncLoop;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * One List Blobs under way: reads page by page and writes what comes into the answer at once, so that nothing but the answer and a page is
 * kept. Ends with as many entries as were asked for, with the page that makes the answer {@value #MAX_ANSWER_BYTES} bytes long, or after
 * {@value #MAX_MILLIS} ms; the client goes on from the marker. One thread after the other, never two at once.
 */
final class BlobEnumeration {

    static final int MAX_ANSWER_BYTES = 4 << 20;
    static final int MAX_PAGE_ENTRIES = 1_000;
    /** Of blobs with their metadata or tags, which may have 8 KiB and more each. */
    static final int MAX_LARGE_PAGE_ENTRIES = 250;
    static final long MAX_MILLIS = 5_000;

    private final BlobService blobs;
    private final String account;
    private final String container;
    private final BlobQuery query;
    private final BlobListBody answer;
    private final int pageEntries;
    private final Clock clock;
    private final long startNanos;
    private String marker;
    private int left;

    /** @param large whether entries come with metadata or tags */
    BlobEnumeration(BlobService blobs, String account, String container, BlobQuery query, boolean large, BlobListBody answer, Clock clock) {
        this.blobs = blobs;
        this.account = account;
        this.container = container;
        this.query = query;
        this.answer = answer;
        this.pageEntries = large ? MAX_LARGE_PAGE_ENTRIES : MAX_PAGE_ENTRIES;
        this.clock = clock;
        this.startNanos = clock.nanos();
        this.marker = query.marker();
        this.left = query.maxResults();
    }

    /** Once only. */
    CompletionStage<Reply> run() {
        return AsyncLoop.whileTrue(() -> blobs.list(account, container, page()).thenApply(this::take))
                .thenApply(done -> Reply.xml(200, answer.end(marker)));
    }

    private BlobQuery page() {
        return new BlobQuery(
                query.prefix(), query.delimiter(), marker, query.startFrom(), Math.min(left, pageEntries), query.include());
    }

    /** Whether another page is wanted. */
    private boolean take(BlobListing listing) {
        for (BlobListing.Item item : listing.items()) {
            if (item.prefix() != null) {
                answer.prefix(item.prefix());
            } else {
                answer.blob(item.state(), item.versionsOnly());
            }
        }
        left -= listing.items().size();
        marker = listing.next();
        boolean late = clock.nanos() - startNanos > TimeUnit.MILLISECONDS.toNanos(MAX_MILLIS);
        return marker != null && left > 0 && answer.lengthBytes() < MAX_ANSWER_BYTES && !late;
    }
}
