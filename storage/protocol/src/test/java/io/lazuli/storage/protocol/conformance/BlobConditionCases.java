package io.lazuli.storage.protocol.conformance;

import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Conditional headers, on reads (304, 412), on writes (412) and on what must not be there yet (409). */
final class BlobConditionCases {

    private static final String BLOCK = "x-ms-blob-type: BlockBlob";
    private static final String OTHER = "\"0x8D0000000000000\"";
    private static final String LONG_AGO = "Mon, 01 Jan 2001 00:00:00 GMT";

    private BlobConditionCases() {}

    static List<Case> all() {
        return Stream.of(reads(), puts(), others()).flatMap(List::stream).toList();
    }

    private static List<Case> reads() {
        return List.of(
                new Case("a read if it is that state", f -> read(f, (etag, time) -> "If-Match: " + etag).is(200).says("a")),
                new Case("a read if it is another state answers 412", f -> read(f, (etag, time) -> "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("a read if it is any state", f -> read(f, (etag, time) -> "If-Match: *").is(200)),
                new Case("a read unless it is that state answers 304", f -> read(f, (etag, time) -> "If-None-Match: " + etag).is(304)),
                new Case("a read unless it is another state", f -> read(f, (etag, time) -> "If-None-Match: " + OTHER).is(200)),
                new Case("a read if changed since long ago", f -> read(f, (etag, time) -> "If-Modified-Since: " + LONG_AGO).is(200)),
                new Case("a read if changed since it was answers 304", f -> read(f, (etag, time) -> "If-Modified-Since: " + time).is(304)),
                new Case("a read unless changed since it was", f -> read(f, (etag, time) -> "If-Unmodified-Since: " + time).is(200)),
                new Case("a read unless changed since long ago answers 412", f -> read(f, (etag, time) -> "If-Unmodified-Since: " + LONG_AGO).is(412, "ConditionNotMet")),
                new Case("304 has no body and names its error", f -> read(f, (etag, time) -> "If-None-Match: " + etag).is(304, "ConditionNotMet").says("")),
                new Case("a head unless it is that state answers 304", f -> {
                    String blob = f.block("a");
                    f.head(blob, "If-None-Match: " + f.head(blob).header("ETag")).is(304);
                }),
                new Case("a head if it is another state answers 412", f -> f.head(f.block("a"), "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("a read of several states, one of which it is", f -> read(f, (etag, time) -> "If-Match: " + OTHER + ", " + etag).is(200)),
                new Case("a read if tags match", f -> f.get(f.block("a", "x-ms-tags: color=red"), "x-ms-if-tags: \"color\" = 'red'").is(200)),
                new Case("a read if tags do not match answers 412", f -> f.get(f.block("a", "x-ms-tags: color=red"), "x-ms-if-tags: \"color\" = 'blue'").is(412, "ConditionNotMet")),
                new Case("a read if tags differ", f -> f.get(f.block("a", "x-ms-tags: color=red"), "x-ms-if-tags: \"color\" <> 'blue'").is(200)),
                new Case("conditions on tags know and, or and order", f -> f.get(f.block("a", "x-ms-tags: color=red&n=5"), "x-ms-if-tags: \"color\" = 'blue' OR \"color\" = 'red' AND \"n\" >= '4'").is(200)),
                new Case("a condition on tags of a blob without any answers 412", f -> f.get(f.block("a"), "x-ms-if-tags: \"color\" = 'red'").is(412, "ConditionNotMet")),
                new Case("a condition on tags that is none is refused", f -> f.get(f.block("a"), "x-ms-if-tags: color is red").is(400, "InvalidHeaderValue")),
                new Case("a time that is none is refused", f -> f.get(f.block("a"), "If-Modified-Since: yesterday").is(400, "InvalidHeaderValue")),
                new Case("a condition on what is not there answers 404", f -> f.get(f.free(), "If-Match: " + OTHER).is(404, "BlobNotFound")),
                new Case("conditions hold together: a match and a change", f -> read(f, (etag, time) -> "If-None-Match: " + OTHER).is(200)));
    }

    private static List<Case> puts() {
        return List.of(
                new Case("a put if it is that state", f -> put(f, (etag, time) -> "If-Match: " + etag).is(201)),
                new Case("a put if it is another state answers 412", f -> put(f, (etag, time) -> "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("a put unless it is that state answers 412", f -> put(f, (etag, time) -> "If-None-Match: " + etag).is(412, "ConditionNotMet")),
                new Case("a put unless it is another state", f -> put(f, (etag, time) -> "If-None-Match: " + OTHER).is(201)),
                new Case("a put unless something is there answers 409", f -> put(f, (etag, time) -> "If-None-Match: *").is(409, "BlobAlreadyExists")),
                new Case("a put unless something is there, where nothing is", f -> f.put(f.free(), "a", BLOCK, "If-None-Match: *").is(201)),
                new Case("a put if something is there, where nothing is, answers 412", f -> f.put(f.free(), "a", BLOCK, "If-Match: *").is(412, "ConditionNotMet")),
                new Case("a put if it is a state, where nothing is, answers 412", f -> f.put(f.free(), "a", BLOCK, "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("a put unless changed since long ago answers 412", f -> put(f, (etag, time) -> "If-Unmodified-Since: " + LONG_AGO).is(412, "ConditionNotMet")),
                new Case("a put unless changed since it was", f -> put(f, (etag, time) -> "If-Unmodified-Since: " + time).is(201)),
                new Case("a put if changed since it was answers 412", f -> put(f, (etag, time) -> "If-Modified-Since: " + time).is(412, "ConditionNotMet")),
                new Case("a put if changed since long ago", f -> put(f, (etag, time) -> "If-Modified-Since: " + LONG_AGO).is(201)),
                new Case("a put if tags match", f -> f.put(f.block("a", "x-ms-tags: color=red"), "b", BLOCK, "x-ms-if-tags: \"color\" = 'red'").is(201)),
                new Case("a put if tags do not match answers 412", f -> f.put(f.block("a", "x-ms-tags: color=red"), "b", BLOCK, "x-ms-if-tags: \"color\" = 'blue'").is(412, "ConditionNotMet")),
                new Case("a large put under a condition that fails answers 412", f -> f.put(f.block("a"), "x".repeat(100_000), BLOCK, "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("an append blob unless something is there answers 409", f -> f.put(f.append(), "", "x-ms-blob-type: AppendBlob", "If-None-Match: *").is(409, "BlobAlreadyExists")),
                new Case("a page blob unless something is there answers 409", f -> f.put(f.pages(1), "", "x-ms-blob-type: PageBlob", "x-ms-blob-content-length: 512", "If-None-Match: *").is(409, "BlobAlreadyExists")),
                new Case("a put that fails leaves the blob", f -> {
                    String blob = f.block("a");
                    f.put(blob, "b", BLOCK, "If-Match: " + OTHER).is(412);
                    f.get(blob).is(200).says("a");
                }));
    }

    /** Every other operation knows conditions, too. */
    private static List<Case> others() {
        return List.of(
                new Case("a delete if it is another state answers 412", f -> f.delete(f.block("a"), "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("a delete unless it is that state answers 412", f -> {
                    String blob = f.block("a");
                    f.delete(blob, "If-None-Match: " + f.head(blob).header("ETag")).is(412, "ConditionNotMet");
                }),
                new Case("a delete if it is that state", f -> {
                    String blob = f.block("a");
                    f.delete(blob, "If-Match: " + f.head(blob).header("ETag")).is(202);
                }),
                new Case("a delete if tags do not match answers 412", f -> f.delete(f.block("a"), "x-ms-if-tags: \"a\" = 'b'").is(412, "ConditionNotMet")),
                new Case("metadata under a condition that fails", f -> f.put(f.block("a") + "?comp=metadata", "", "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("properties under a condition that fails", f -> f.put(f.block("a") + "?comp=properties", "", "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("a snapshot under a condition that fails", f -> f.put(f.block("a") + "?comp=snapshot", "", "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("a lease under a condition that fails", f -> f.put(f.block("a") + "?comp=lease", "", "x-ms-lease-action: acquire", "x-ms-lease-duration: -1", "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("tags under a condition on tags that fails", f -> f.put(f.block("a") + "?comp=tags", "<Tags><TagSet/></Tags>", "x-ms-if-tags: \"a\" = 'b'").is(412, "ConditionNotMet")),
                new Case("a block list under a condition that fails", f -> f.put(f.block("a") + "?comp=blocklist", "<BlockList/>", "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("a block list unless something is there", f -> f.put(f.block("a") + "?comp=blocklist", "<BlockList/>", "If-None-Match: *").is(409, "BlobAlreadyExists")),
                new Case("an append under a condition that fails", f -> f.put(f.append() + "?comp=appendblock", "a", "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("pages under a condition that fails", f -> f.put(f.pages(1) + "?comp=page", "p".repeat(512), "x-ms-page-write: update", "Range: bytes=0-511", "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("a list of ranges under a condition that fails", f -> f.get(f.pages(1) + "?comp=pagelist", "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("a seal under a condition that fails", f -> f.put(f.append() + "?comp=seal", "", "If-Match: " + OTHER).is(412, "ConditionNotMet")),
                new Case("a copy under a condition that fails", f -> f.put(f.block("a"), "", "x-ms-requires-sync: true", "x-ms-copy-source: " + f.endpoint() + f.block("b"), "If-Match: " + OTHER).is(412, "ConditionNotMet")));
    }

    private static RawAnswer read(BlobFixture f, BiFunction<String, String, String> condition) {
        String blob = f.free();
        RawAnswer put = f.put(blob, "a", BLOCK).is(201);
        return f.get(blob, condition.apply(put.header("ETag"), put.header("Last-Modified")));
    }

    private static RawAnswer put(BlobFixture f, BiFunction<String, String, String> condition) {
        String blob = f.free();
        RawAnswer put = f.put(blob, "a", BLOCK).is(201);
        return f.put(blob, "b", BLOCK, condition.apply(put.header("ETag"), put.header("Last-Modified")));
    }
}
