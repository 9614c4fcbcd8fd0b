package io.lazuli.storage.protocol.conformance;

import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.util.List;

/** Append blobs: they grow at their end, under conditions, until they are sealed. */
final class AppendCases {

    private static final String APPEND = "?comp=appendblock";
    private static final String SEAL = "?comp=seal";

    private AppendCases() {}

    static List<Case> all() {
        return List.of(
                new Case("a new append blob is empty", f -> f.get(f.append()).is(200).says("").has("x-ms-blob-type", "AppendBlob").has("x-ms-blob-committed-block-count", "0")),
                new Case("what is appended follows what was", f -> f.get(appended(f, "one ", "two ", "three")).is(200).says("one two three").has("x-ms-blob-committed-block-count", "3")),
                new Case("an append tells where it is and how many there are", f -> f.put(appended(f, "one") + APPEND, "two").is(201).has("x-ms-blob-append-offset", "3").has("x-ms-blob-committed-block-count", "2").tells("ETag")),
                new Case("an append changes the ETag", f -> {
                    String blob = appended(f, "one");
                    String etag = f.head(blob).header("ETag");
                    f.put(blob + APPEND, "two").is(201);
                    f.get(blob, "If-None-Match: " + etag).is(200);
                }),
                new Case("appends of more than a chunk", f -> f.get(appended(f, "a".repeat((1 << 20) + 1), "b".repeat(5)), "Range: bytes=1048575-1048579").is(206).says("aabbb")),
                new Case("a range across appends", f -> f.get(appended(f, "one", "two", "three"), "Range: bytes=2-7").is(206).says("etwoth")),
                new Case("an append at the right place", f -> f.put(appended(f, "one") + APPEND, "two", "x-ms-blob-condition-appendpos: 3").is(201)),
                new Case("an append at a wrong place answers 412", f -> f.put(appended(f, "one") + APPEND, "two", "x-ms-blob-condition-appendpos: 2").is(412, "AppendPositionConditionNotMet")),
                new Case("an append up to the size that is allowed", f -> f.put(appended(f, "one") + APPEND, "two", "x-ms-blob-condition-maxsize: 6").is(201)),
                new Case("an append beyond the size that is allowed answers 412", f -> f.put(appended(f, "one") + APPEND, "two", "x-ms-blob-condition-maxsize: 5").is(412, "MaxBlobSizeConditionNotMet")),
                new Case("an append that is refused appends nothing", f -> {
                    String blob = appended(f, "one");
                    f.put(blob + APPEND, "two", "x-ms-blob-condition-appendpos: 2").is(412);
                    f.get(blob).is(200).says("one");
                }),
                new Case("an append of nothing is refused", f -> f.put(f.append() + APPEND, "").is(400, "InvalidHeaderValue")),
                new Case("an append to no blob answers 404", f -> f.put(f.free() + APPEND, "a").is(404, "BlobNotFound")),
                new Case("an append to a block blob is refused", f -> f.put(f.block("a") + APPEND, "a").is(409, "InvalidBlobType")),
                new Case("an append to a page blob is refused", f -> f.put(f.pages(1) + APPEND, "a").is(409, "InvalidBlobType")),
                new Case("a place that is no number is refused", f -> f.put(f.append() + APPEND, "a", "x-ms-blob-condition-appendpos: end").is(400, "InvalidHeaderValue")),
                new Case("an append keeps metadata and type", f -> {
                    String blob = f.append("x-ms-meta-one: 1", "x-ms-blob-content-type: text/plain");
                    f.put(blob + APPEND, "a").is(201);
                    f.get(blob).is(200).says("a").has("x-ms-meta-one", "1").has("Content-Type", "text/plain");
                }),
                new Case("a snapshot of an append blob does not grow", f -> {
                    String blob = appended(f, "one");
                    String snapshot = f.put(blob + "?comp=snapshot", "").is(201).header("x-ms-snapshot");
                    f.put(blob + APPEND, "two").is(201);
                    f.get(blob + "?snapshot=" + snapshot).is(200).says("one").has("x-ms-blob-committed-block-count", "1");
                }),
                new Case("a put begins an append blob anew", f -> {
                    String blob = appended(f, "one");
                    f.put(blob, "", "x-ms-blob-type: AppendBlob").is(201);
                    f.put(blob + APPEND, "two").is(201).has("x-ms-blob-append-offset", "0");
                    f.get(blob).is(200).says("two");
                }),
                new Case("a tier of an append blob is refused", f -> f.put(f.append() + "?comp=tier", "", "x-ms-access-tier: Cool").is(409, "InvalidBlobType")),
                new Case("a sealed blob tells so", f -> f.head(sealed(f)).is(200).has("x-ms-blob-sealed", "true")),
                new Case("a seal answers with it", f -> f.put(f.append() + SEAL, "").is(200).has("x-ms-blob-sealed", "true").tells("ETag")),
                new Case("nothing is appended to a sealed blob", f -> f.put(sealed(f) + APPEND, "a").is(409, "BlobIsSealed")),
                new Case("a sealed blob may be sealed", f -> f.put(sealed(f) + SEAL, "").is(200)),
                new Case("a sealed blob may change its metadata", f -> f.put(sealed(f) + "?comp=metadata", "", "x-ms-meta-a: b").is(200)),
                new Case("a sealed blob may be deleted", f -> f.delete(sealed(f)).is(202)),
                new Case("a seal at the right place", f -> f.put(appended(f, "one") + SEAL, "", "x-ms-blob-condition-appendpos: 3").is(200)),
                new Case("a seal at a wrong place answers 412", f -> f.put(appended(f, "one") + SEAL, "", "x-ms-blob-condition-appendpos: 4").is(412, "AppendPositionConditionNotMet")),
                new Case("a seal of a block blob is refused", f -> f.put(f.block("a") + SEAL, "").is(409, "InvalidBlobType")),
                new Case("a seal of no blob answers 404", f -> f.put(f.free() + SEAL, "").is(404, "BlobNotFound")));
    }

    private static String appended(BlobFixture f, String... parts) {
        String blob = f.append();
        for (String part : parts) {
            f.put(blob + APPEND, part).is(201);
        }
        return blob;
    }

    private static String sealed(BlobFixture f) {
        String blob = appended(f, "one");
        f.put(blob + SEAL, "").is(200);
        return blob;
    }
}
