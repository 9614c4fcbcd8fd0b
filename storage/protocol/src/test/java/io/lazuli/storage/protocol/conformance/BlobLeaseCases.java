package io.lazuli.storage.protocol.conformance;

import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Leases of blobs: taken, kept, handed on, broken, and what they keep others from. */
final class BlobLeaseCases {

    private static final String BLOCK = "x-ms-blob-type: BlockBlob";
    private static final String ID = "11111111-1111-1111-1111-111111111111";
    private static final String OTHER_ID = "22222222-2222-2222-2222-222222222222";
    private static final String MINE = "x-ms-lease-id: " + ID;
    private static final String OTHERS = "x-ms-lease-id: " + OTHER_ID;

    private BlobLeaseCases() {}

    static List<Case> all() {
        return Stream.of(actions(), effects()).flatMap(List::stream).toList();
    }

    private static List<Case> actions() {
        return List.of(
                new Case("a lease has an id", f -> f.put(f.block("a") + "?comp=lease", "", "x-ms-lease-action: acquire", "x-ms-lease-duration: 15").is(201).tells("x-ms-lease-id").tells("ETag").tells("Last-Modified")),
                new Case("a lease may have an id that is proposed", f -> acquire(f, f.block("a"), ID, -1).is(201).has("x-ms-lease-id", ID)),
                new Case("a lease is told by the blob", f -> f.head(leased(f)).is(200).has("x-ms-lease-state", "leased").has("x-ms-lease-status", "locked").has("x-ms-lease-duration", "infinite")),
                new Case("a lease for a time is told as such", f -> {
                    String blob = f.block("a");
                    acquire(f, blob, ID, 60).is(201);
                    f.head(blob).is(200).has("x-ms-lease-duration", "fixed");
                }),
                new Case("a lease leaves the ETag", f -> {
                    String blob = f.block("a");
                    String etag = f.head(blob).header("ETag");
                    acquire(f, blob, ID, -1).is(201).has("ETag", etag);
                    f.head(blob).has("ETag", etag);
                }),
                new Case("a leased blob cannot be leased", f -> acquire(f, leased(f), OTHER_ID, -1).is(409, "LeaseAlreadyPresent")),
                new Case("whoever has the lease may take it again", f -> acquire(f, leased(f), ID, 15).is(201).has("x-ms-lease-id", ID)),
                new Case("a lease of 14 seconds is refused", f -> acquire(f, f.block("a"), ID, 14).is(400, "InvalidHeaderValue")),
                new Case("a lease of 61 seconds is refused", f -> acquire(f, f.block("a"), ID, 61).is(400, "InvalidHeaderValue")),
                new Case("a lease without time is refused", f -> lease(f, f.block("a"), "acquire").is(400, "MissingRequiredHeader")),
                new Case("an id that is none is refused", f -> acquire(f, f.block("a"), "mine", -1).is(400, "InvalidHeaderValue")),
                new Case("an unknown action is refused", f -> lease(f, f.block("a"), "take").is(400, "InvalidHeaderValue")),
                new Case("no action is refused", f -> f.put(f.block("a") + "?comp=lease", "").is(400, "MissingRequiredHeader")),
                new Case("a lease of no blob answers 404", f -> acquire(f, f.free(), ID, -1).is(404, "BlobNotFound")),
                new Case("a lease is renewed", f -> lease(f, leased(f), "renew", MINE).is(200).has("x-ms-lease-id", ID)),
                new Case("a lease of others is not renewed", f -> lease(f, leased(f), "renew", OTHERS).is(409, "LeaseIdMismatchWithLeaseOperation")),
                new Case("nothing is renewed without id", f -> lease(f, leased(f), "renew").is(400, "MissingRequiredHeader")),
                new Case("what was released is not renewed", f -> {
                    String blob = leased(f);
                    lease(f, blob, "release", MINE).is(200);
                    lease(f, blob, "renew", MINE).is(409, "LeaseIdMismatchWithLeaseOperation");
                }),
                new Case("a lease is handed on", f -> {
                    String blob = leased(f);
                    lease(f, blob, "change", MINE, "x-ms-proposed-lease-id: " + OTHER_ID).is(200).has("x-ms-lease-id", OTHER_ID);
                    f.put(blob, "b", BLOCK, MINE).is(412, "LeaseIdMismatchWithBlobOperation");
                    f.put(blob, "b", BLOCK, OTHERS).is(201);
                }),
                new Case("a lease that was handed on may be so again", f -> {
                    String blob = leased(f);
                    lease(f, blob, "change", MINE, "x-ms-proposed-lease-id: " + OTHER_ID).is(200);
                    lease(f, blob, "change", MINE, "x-ms-proposed-lease-id: " + OTHER_ID).is(200);
                }),
                new Case("a lease of others is not handed on", f -> lease(f, leased(f), "change", OTHERS, "x-ms-proposed-lease-id: " + UUID.randomUUID()).is(409, "LeaseIdMismatchWithLeaseOperation")),
                new Case("what is not leased is not handed on", f -> lease(f, f.block("a"), "change", MINE, "x-ms-proposed-lease-id: " + OTHER_ID).is(409, "LeaseNotPresentWithLeaseOperation")),
                new Case("a lease is released", f -> {
                    String blob = leased(f);
                    lease(f, blob, "release", MINE).is(200);
                    f.head(blob).has("x-ms-lease-state", "available").has("x-ms-lease-status", "unlocked");
                    acquire(f, blob, OTHER_ID, -1).is(201);
                }),
                new Case("a lease of others is not released", f -> lease(f, leased(f), "release", OTHERS).is(409, "LeaseIdMismatchWithLeaseOperation")),
                new Case("an endless lease is broken at once", f -> {
                    String blob = leased(f);
                    lease(f, blob, "break").is(202).has("x-ms-lease-time", "0");
                    f.head(blob).has("x-ms-lease-state", "broken").has("x-ms-lease-status", "unlocked");
                    f.put(blob, "b", BLOCK).is(201);
                }),
                new Case("a lease that is broken in a while still holds", f -> {
                    String blob = leased(f);
                    lease(f, blob, "break", "x-ms-lease-break-period: 60").is(202);
                    f.head(blob).has("x-ms-lease-state", "breaking").has("x-ms-lease-status", "locked");
                    f.put(blob, "b", BLOCK).is(412, "LeaseIdMissing");
                    f.put(blob, "b", BLOCK, MINE).is(201);
                    acquire(f, blob, OTHER_ID, -1).is(409, "LeaseAlreadyPresent");
                    acquire(f, blob, ID, -1).is(409, "LeaseIsBreakingAndCannotBeAcquired");
                    lease(f, blob, "renew", MINE).is(409);
                    lease(f, blob, "change", MINE, "x-ms-proposed-lease-id: " + OTHER_ID).is(409, "LeaseIsBreakingAndCannotBeChanged");
                    lease(f, blob, "release", MINE).is(200);
                }),
                new Case("a broken lease is not renewed", f -> {
                    String blob = leased(f);
                    lease(f, blob, "break").is(202);
                    lease(f, blob, "renew", MINE).is(409, "LeaseIsBrokenAndCannotBeRenewed");
                }),
                new Case("a broken lease may be broken and released", f -> {
                    String blob = leased(f);
                    lease(f, blob, "break").is(202);
                    lease(f, blob, "break").is(202);
                    lease(f, blob, "release", MINE).is(200);
                }),
                new Case("what is not leased is not broken", f -> lease(f, f.block("a"), "break").is(409, "LeaseNotPresentWithLeaseOperation")),
                new Case("a lease is broken in a minute at most", f -> lease(f, leased(f), "break", "x-ms-lease-break-period: 61").is(400, "InvalidHeaderValue")));
    }

    private static List<Case> effects() {
        return List.of(
                held("a put", (f, blob, h) -> f.put(blob, "b", BlobFixture.with(BLOCK, h)), 201),
                held("metadata", (f, blob, h) -> f.put(blob + "?comp=metadata", "", h), 200),
                held("properties", (f, blob, h) -> f.put(blob + "?comp=properties", "", h), 200),
                held("tags", (f, blob, h) -> f.put(blob + "?comp=tags", "<Tags><TagSet/></Tags>", h), 204),
                held("a block", (f, blob, h) -> f.put(blob + "?comp=block&blockid=YQ==", "a", h), 201),
                held("a block list", (f, blob, h) -> f.put(blob + "?comp=blocklist", "<BlockList/>", h), 201),
                held("a copy onto it", (f, blob, h) -> f.put(blob, "", BlobFixture.with("x-ms-requires-sync: true", BlobFixture.with("x-ms-copy-source: " + f.endpoint() + f.block("c"), h))), 202),
                held("a delete", (f, blob, h) -> f.delete(blob, h), 202),
                new Case("a leased append blob grows for whoever has the lease", f -> {
                    String blob = f.append();
                    acquire(f, blob, ID, -1).is(201);
                    f.put(blob + "?comp=appendblock", "a").is(412, "LeaseIdMissing");
                    f.put(blob + "?comp=appendblock", "a", MINE).is(201);
                }),
                new Case("a leased page blob is written by whoever has the lease", f -> {
                    String blob = f.pages(1);
                    acquire(f, blob, ID, -1).is(201);
                    f.put(blob + "?comp=page", "p".repeat(512), "x-ms-page-write: update", "Range: bytes=0-511").is(412, "LeaseIdMissing");
                    f.put(blob + "?comp=page", "p".repeat(512), "x-ms-page-write: update", "Range: bytes=0-511", MINE).is(201);
                }),
                new Case("a leased blob is read without the lease", f -> f.get(leased(f)).is(200).says("a")),
                new Case("a read with the lease", f -> f.get(leased(f), MINE).is(200)),
                new Case("a read with another lease answers 412", f -> f.get(leased(f), OTHERS).is(412, "LeaseIdMismatchWithBlobOperation")),
                new Case("a read with a lease where there is none answers 412", f -> f.get(f.block("a"), MINE).is(412, "LeaseNotPresentWithBlobOperation")),
                new Case("a put with a lease where there is none answers 412", f -> f.put(f.block("a"), "b", BLOCK, MINE).is(412, "LeaseNotPresentWithBlobOperation")),
                new Case("a leased blob is snapshot without the lease", f -> f.put(leased(f) + "?comp=snapshot", "").is(201)),
                new Case("a leased blob is copied from", f -> f.put(f.free(), "", "x-ms-requires-sync: true", "x-ms-copy-source: " + f.endpoint() + leased(f)).is(202)),
                new Case("a lease survives a put", f -> {
                    String blob = leased(f);
                    f.put(blob, "b", BLOCK, MINE).is(201);
                    f.head(blob).has("x-ms-lease-state", "leased");
                }),
                new Case("a lease's id may be written in other ways", f -> f.put(leased(f), "b", BLOCK, "x-ms-lease-id: {" + ID + "}").is(201)),
                new Case("a lease's id that is none is refused", f -> f.put(leased(f), "b", BLOCK, "x-ms-lease-id: mine").is(400, "InvalidHeaderValue")),
                new Case("a copy's source may be asked to be leased", f -> f.put(f.free(), "", "x-ms-copy-source: " + f.endpoint() + f.block("a"), "x-ms-source-lease-id: " + ID).is(412)));
    }

    @FunctionalInterface
    private interface Write {
        RawAnswer send(BlobFixture f, String blob, String... headers);
    }

    /** A write that nobody but who has the lease may do. */
    private static Case held(String what, Write write, int status) {
        return new Case(what + " of a leased blob needs the lease", f -> {
            String blob = leased(f);
            write.send(f, blob).is(412, "LeaseIdMissing");
            write.send(f, blob, OTHERS).is(412, "LeaseIdMismatchWithBlobOperation");
            write.send(f, blob, MINE).is(status);
        });
    }

    private static RawAnswer lease(BlobFixture f, String blob, String action, String... headers) {
        return f.put(blob + "?comp=lease", "", BlobFixture.with("x-ms-lease-action: " + action, headers));
    }

    private static RawAnswer acquire(BlobFixture f, String blob, String id, int seconds) {
        return lease(f, blob, "acquire", "x-ms-proposed-lease-id: " + id, "x-ms-lease-duration: " + seconds);
    }

    private static String leased(BlobFixture f) {
        String blob = f.block("a");
        acquire(f, blob, ID, -1).is(201);
        return blob;
    }
}
