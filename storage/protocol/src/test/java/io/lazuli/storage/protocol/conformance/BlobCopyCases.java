package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.security.BlobSas;
import io.lazuli.security.SigningKey;
import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Copies: at once or in the background, of whole blobs and into parts of them, within the account and from another. */
final class BlobCopyCases {

    private static final String BLOCK = "x-ms-blob-type: BlockBlob";
    private static final String SYNC = "x-ms-requires-sync: true";
    private static final String OTHER_ETAG = "\"0x8D0000000000000\"";

    private BlobCopyCases() {}

    static List<Case> all() {
        return List.of(
                new Case("a copy at once has content, headers and metadata", f -> {
                    String copy = f.free();
                    f.put(copy, "", SYNC, from(f, rich(f))).is(202).has("x-ms-copy-status", "success").tells("x-ms-copy-id").tells("ETag");
                    f.get(copy).is(200).says("0123456789").has("Content-Type", "text/css").has("x-ms-meta-a", "b");
                }),
                new Case("a copy at once may have metadata of its own", f -> {
                    String copy = f.free();
                    f.put(copy, "", SYNC, from(f, rich(f)), "x-ms-meta-c: d").is(202);
                    f.head(copy).is(200).has("x-ms-meta-a", "").has("x-ms-meta-c", "d");
                }),
                new Case("a copy at once has no tags unless told", f -> {
                    String copy = f.free();
                    f.put(copy, "", SYNC, from(f, rich(f))).is(202);
                    f.head(copy).is(200).has("x-ms-tag-count", "");
                }),
                new Case("a copy at once may have the source's tags", f -> {
                    String copy = f.free();
                    f.put(copy, "", SYNC, from(f, rich(f)), "x-ms-copy-source-tag-option: COPY").is(202);
                    f.get(copy + "?comp=tags").is(200).hasXml("//Tag/Key", "t");
                }),
                new Case("a copy at once replaces what was there", f -> {
                    String copy = f.block("before");
                    f.put(copy, "", SYNC, from(f, rich(f))).is(202);
                    f.get(copy).is(200).says("0123456789");
                }),
                new Case("a copy at once may name a tier", f -> {
                    String copy = f.free();
                    f.put(copy, "", SYNC, from(f, rich(f)), "x-ms-access-tier: Cool").is(202);
                    f.head(copy).is(200).has("x-ms-access-tier", "Cool");
                }),
                new Case("a copy at once of more than a chunk", f -> {
                    String text = "0123456789abcdef-".repeat(80_000);
                    String copy = f.free();
                    f.put(copy, "", SYNC, from(f, f.block(text))).is(202);
                    f.get(copy).is(200).says(text);
                }),
                new Case("a copy outlives its source", f -> {
                    String source = f.block("x".repeat(100_000));
                    String copy = f.free();
                    f.put(copy, "", SYNC, from(f, source)).is(202);
                    f.delete(source).is(202);
                    f.get(copy).is(200).says("x".repeat(100_000));
                }),
                new Case("a copy of nothing answers 404", f -> f.put(f.free(), "", SYNC, from(f, f.free())).is(404, "CannotVerifyCopySource")),
                new Case("a copy from no container answers 404", f -> f.put(f.free(), "", SYNC, from(f, "/no-such-container/blob")).is(404, "CannotVerifyCopySource")),
                new Case("a copy of an archived blob is refused", f -> f.put(f.free(), "", SYNC, from(f, f.block("a", "x-ms-access-tier: Archive"))).is(409)),
                new Case("a copy from what is no address is refused", f -> f.put(f.free(), "", SYNC, "x-ms-copy-source: somewhere").is(400, "InvalidHeaderValue")),
                new Case("a copy if the source is that state", f -> {
                    String source = rich(f);
                    f.put(f.free(), "", SYNC, from(f, source), "x-ms-source-if-match: " + f.head(source).header("ETag")).is(202);
                }),
                new Case("a copy if the source is another state answers 412", f -> f.put(f.free(), "", SYNC, from(f, rich(f)), "x-ms-source-if-match: " + OTHER_ETAG).is(412, "SourceConditionNotMet")),
                new Case("a copy unless the source is that state answers 412", f -> {
                    String source = rich(f);
                    f.put(f.free(), "", SYNC, from(f, source), "x-ms-source-if-none-match: " + f.head(source).header("ETag")).is(412, "SourceConditionNotMet");
                }),
                new Case("a copy if the source changed since now answers 412", f -> {
                    String source = rich(f);
                    f.put(f.free(), "", SYNC, from(f, source), "x-ms-source-if-modified-since: " + f.head(source).header("Last-Modified")).is(412, "SourceConditionNotMet");
                }),
                new Case("a copy unless the source changed since long ago answers 412", f -> f.put(f.free(), "", SYNC, from(f, rich(f)), "x-ms-source-if-unmodified-since: Mon, 01 Jan 2001 00:00:00 GMT").is(412, "SourceConditionNotMet")),
                new Case("a copy with the right digest of the source", f -> f.put(f.free(), "", SYNC, from(f, rich(f)), "x-ms-source-content-md5: " + BlobRangeCases.md5("0123456789")).is(202)),
                new Case("a copy with a wrong digest of the source is refused", f -> f.put(f.free(), "", SYNC, from(f, rich(f)), "x-ms-source-content-md5: AAAAAAAAAAAAAAAAAAAAAA==").is(400, "Md5Mismatch")),
                new Case("a copy from another account needs a signature", f -> f.put(f.free(), "", SYNC, "x-ms-copy-source: " + ofOther(f, false)).is(403)),
                new Case("a copy from another account with a signature", f -> {
                    String copy = f.free();
                    f.put(copy, "", SYNC, "x-ms-copy-source: " + ofOther(f, true)).is(202);
                    f.get(copy).is(200).says("from elsewhere");
                }),
                new Case("a copy does not tell the signature", f -> {
                    String copy = f.free();
                    f.put(copy, "", "x-ms-copy-source: " + ofOther(f, true)).is(202);
                    String told = f.head(copy).is(200).tells("x-ms-copy-source").header("x-ms-copy-source");
                    assertEquals(-1, told.replace("sig=&", "").indexOf("sig=") < 0 ? -1 : told.endsWith("sig=") ? -1 : 1, told);
                }),
                new Case("a copy in the background comes to its end", f -> {
                    String copy = f.free();
                    String id = f.put(copy, "", from(f, rich(f))).is(202).tells("x-ms-copy-id").header("x-ms-copy-id");
                    BlobFixture.await("copy", () -> f.head(copy).header("x-ms-copy-status").equals("success"));
                    f.get(copy).is(200).says("0123456789").has("x-ms-copy-id", id).has("x-ms-copy-progress", "10/10").tells("x-ms-copy-completion-time").has("Content-Type", "text/css").has("x-ms-meta-a", "b");
                }),
                new Case("a copy in the background of an empty blob", f -> background(f, f.block(""), "")),
                new Case("a copy in the background of more than a chunk", f -> background(f, f.block("0123456789abcdef-".repeat(80_000)), "0123456789abcdef-".repeat(80_000))),
                new Case("a copy in the background of an append blob", f -> {
                    String source = f.append();
                    f.put(source + "?comp=appendblock", "one").is(201);
                    f.put(source + "?comp=appendblock", "two").is(201);
                    f.head(background(f, source, "onetwo")).has("x-ms-blob-type", "AppendBlob");
                }),
                new Case("a copy in the background of a page blob", f -> {
                    String source = f.pages(3);
                    f.put(source + "?comp=page", "p".repeat(512), "x-ms-page-write: update", "Range: bytes=512-1023").is(201);
                    String copy = background(f, source, "\0".repeat(512) + "p".repeat(512) + "\0".repeat(512));
                    f.head(copy).has("x-ms-blob-type", "PageBlob");
                }),
                new Case("a copy in the background of nothing answers 404", f -> f.put(f.free(), "", from(f, f.free())).is(404, "CannotVerifyCopySource")),
                new Case("a copy in the background under a condition that fails", f -> f.put(f.block("a"), "", from(f, rich(f)), "If-None-Match: *").is(409, "BlobAlreadyExists")),
                new Case("a blob that was put anew is no copy any more", f -> {
                    String copy = background(f, rich(f), "0123456789");
                    f.put(copy, "new", BLOCK).is(201);
                    f.head(copy).is(200).has("x-ms-copy-id", "");
                }),
                new Case("a copy that has ended is not aborted", f -> {
                    String copy = background(f, rich(f), "0123456789");
                    f.put(copy + "?comp=copy&copyid=" + f.head(copy).header("x-ms-copy-id"), "", "x-ms-copy-action: abort").is(409, "NoPendingCopyOperation");
                }),
                new Case("a copy of another blob is not aborted", f -> f.put(f.block("a") + "?comp=copy&copyid=" + UUID.randomUUID(), "", "x-ms-copy-action: abort").is(409, "NoPendingCopyOperation")),
                new Case("an abort names the copy", f -> f.put(f.block("a") + "?comp=copy", "", "x-ms-copy-action: abort").is(400, "MissingRequiredQueryParameter")),
                new Case("an abort says so", f -> f.put(f.block("a") + "?comp=copy&copyid=a", "").is(400, "MissingRequiredHeader")),
                new Case("a blob is put from an address", f -> {
                    String copy = f.free();
                    f.put(copy, "", BLOCK, from(f, rich(f))).is(201).has("x-ms-content-crc64", BlobRangeCases.crc64("0123456789"));
                    f.get(copy).is(200).says("0123456789").has("Content-Type", "text/css").has("x-ms-copy-id", "");
                }),
                new Case("a blob put from an address may leave the source's headers", f -> {
                    String copy = f.free();
                    f.put(copy, "", BLOCK, from(f, rich(f)), "x-ms-copy-source-blob-properties: false", "x-ms-blob-content-language: de").is(201);
                    f.head(copy).is(200).has("Content-Type", "application/octet-stream").has("Content-Language", "de");
                }),
                new Case("a blob put from an address under a condition that fails", f -> f.put(f.block("a"), "", BLOCK, from(f, rich(f)), "If-None-Match: *").is(409, "BlobAlreadyExists")),
                new Case("a block is put from a part of a blob", f -> {
                    String copy = f.free();
                    f.put(copy + "?comp=block&blockid=YQ==", "", from(f, rich(f)), "x-ms-source-range: bytes=2-4").is(201).has("x-ms-content-crc64", BlobRangeCases.crc64("234"));
                    f.put(copy + "?comp=blocklist", "<BlockList><Latest>YQ==</Latest></BlockList>").is(201);
                    f.get(copy).is(200).says("234");
                }),
                new Case("a block from a part behind the end is refused", f -> assertEquals(416, f.put(f.free() + "?comp=block&blockid=YQ==", "", from(f, rich(f)), "x-ms-source-range: bytes=20-30").status())),
                new Case("a block with a wrong digest of the source is refused", f -> f.put(f.free() + "?comp=block&blockid=YQ==", "", from(f, rich(f)), "x-ms-source-content-crc64: AAAAAAAAAAA=").is(400, "Crc64Mismatch")),
                new Case("an append from a part of a blob", f -> {
                    String copy = f.append();
                    f.put(copy + "?comp=appendblock", "", from(f, rich(f)), "x-ms-source-range: bytes=0-3").is(201).has("x-ms-blob-append-offset", "0");
                    f.get(copy).is(200).says("0123");
                }),
                new Case("pages from a part of a page blob", f -> {
                    String source = f.pages(2);
                    f.put(source + "?comp=page", "p".repeat(512), "x-ms-page-write: update", "Range: bytes=512-1023").is(201);
                    String copy = f.pages(2);
                    f.put(copy + "?comp=page", "", "x-ms-page-write: update", "Range: bytes=0-511", "x-ms-source-range: bytes=512-1023", from(f, source)).is(201);
                    f.get(copy).is(200).says("p".repeat(512) + "\0".repeat(512));
                }));
    }

    private static String from(BlobFixture f, String source) {
        return "x-ms-copy-source: " + f.endpoint() + source;
    }

    private static String rich(BlobFixture f) {
        return f.block("0123456789", "x-ms-blob-content-type: text/css", "x-ms-meta-a: b", "x-ms-tags: t=u");
    }

    private static String background(BlobFixture f, String source, String expected) {
        String copy = f.free();
        f.put(copy, "", from(f, source)).is(202).tells("x-ms-copy-id");
        BlobFixture.await("copy", () -> f.head(copy).header("x-ms-copy-status").equals("success"));
        f.get(copy).is(200).says(expected);
        return copy;
    }

    /** The address of a blob of the other account. */
    private static String ofOther(BlobFixture f, boolean signed) {
        RawClient other = f.otherRaw();
        String container = "copies-from-here";
        other.send("PUT", "/" + container + "?restype=container");
        other.send("PUT", "/" + container + "/blob", Map.of("x-ms-blob-type", "BlockBlob"), "from elsewhere").is(201);
        String url = other.endpoint() + "/" + container + "/blob";
        String expiry = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();
        return signed ? url + "?" + BlobSas.ofBlob(expiry, container, "blob", "r").token(f.other().account(), SigningKey.ofBase64(f.other().key())) : url;
    }
}
