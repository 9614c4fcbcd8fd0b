package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.util.List;
import java.util.stream.Stream;

/** Whole blobs: put, read, deleted; what they say of themselves, how large they are, and how they may be called. */
final class BlobPutCases {

    private static final String BLOCK = "x-ms-blob-type: BlockBlob";

    private BlobPutCases() {}

    static List<Case> all() {
        return Stream.of(puts(), headers(), wrong(), names(), deletes()).flatMap(List::stream).toList();
    }

    private static List<Case> puts() {
        return List.of(
                new Case("a blob is read as it was put", f -> f.get(f.block("hello")).is(200).says("hello").has("Content-Length", "5").has("x-ms-blob-type", "BlockBlob")),
                new Case("a put tells ETag, time and that it is encrypted", f -> f.put(f.free(), "a", BLOCK).is(201).tells("ETag").tells("Last-Modified").has("x-ms-request-server-encrypted", "true")),
                new Case("a read tells the ETag of the put", BlobPutCases::etagStays),
                new Case("every put has an ETag of its own", BlobPutCases::etagsDiffer),
                new Case("an empty blob is read empty", f -> f.get(f.block("")).is(200).says("").has("Content-Length", "0")),
                new Case("an empty blob has the digest of nothing", f -> f.head(f.block("")).is(200).has("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")),
                new Case("a put replaces what was there", f -> overwritten(f, "first", "second, longer")),
                new Case("a put replaces a longer one", f -> overwritten(f, "first, longer", "second")),
                new Case("a put replaces an append blob", f -> f.put(f.append(), "now", BLOCK).is(201)),
                new Case("a put of another kind replaces the blob", BlobPutCases::kindChanges),
                new Case("one byte", f -> sized(f, 1)),
                new Case("one byte less than what lives in a row", f -> sized(f, (32 << 10) - 1)),
                new Case("as many bytes as live in a row", f -> sized(f, 32 << 10)),
                new Case("one byte more than lives in a row", f -> sized(f, (32 << 10) + 1)),
                new Case("one byte less than a chunk", f -> sized(f, (1 << 20) - 1)),
                new Case("a whole chunk", f -> sized(f, 1 << 20)),
                new Case("one byte more than a chunk", f -> sized(f, (1 << 20) + 1)),
                new Case("three chunks and a half", f -> sized(f, 3_670_016)),
                new Case("a small blob replaces a large one", f -> overwritten(f, "x".repeat(100_000), "y")),
                new Case("a large blob replaces a small one", f -> overwritten(f, "x", "y".repeat(100_000))),
                new Case("a blob's head is that of its read, without content", f -> f.head(f.block("hello")).is(200).says("").has("Content-Length", "5")),
                new Case("a head of no blob answers 404", f -> f.head(f.free()).is(404, "BlobNotFound")),
                new Case("a read of no blob answers 404", f -> f.get(f.free()).is(404, "BlobNotFound")),
                new Case("a read in no container answers 404", f -> f.get("/no-such-container/blob").is(404, "ContainerNotFound")),
                new Case("a put in no container answers 404", f -> f.put("/no-such-container/blob", "a", BLOCK).is(404, "ContainerNotFound")),
                new Case("a large put in no container answers 404", f -> f.put("/no-such-container/blob", "a".repeat(100_000), BLOCK).is(404, "ContainerNotFound")),
                new Case("a request's id comes back", f -> f.get(f.block("a"), "x-ms-client-request-id: mine").is(200).has("x-ms-client-request-id", "mine")));
    }

    private static List<Case> headers() {
        return List.of(
                new Case("a blob has a type of its own", f -> f.get(f.block("a", "x-ms-blob-content-type: text/css")).is(200).has("Content-Type", "text/css")),
                new Case("a request's type is the blob's if it names none", f -> f.get(f.block("a", "Content-Type: text/html")).is(200).has("Content-Type", "text/html")),
                new Case("the blob's type goes before the request's", f -> f.get(f.block("a", "Content-Type: text/html", "x-ms-blob-content-type: text/css")).is(200).has("Content-Type", "text/css")),
                new Case("a blob without type is of bytes", f -> f.get(f.block("a")).is(200).has("Content-Type", "application/octet-stream")),
                new Case("encoding, language, disposition and cache control are kept", f -> f.get(f.block("a", "x-ms-blob-content-encoding: gzip", "x-ms-blob-content-language: de", "x-ms-blob-content-disposition: attachment", "x-ms-blob-cache-control: no-cache")).is(200).has("Content-Encoding", "gzip").has("Content-Language", "de").has("Content-Disposition", "attachment").has("Cache-Control", "no-cache")),
                new Case("a request's encoding and language are the blob's", f -> f.head(f.block("a", "Content-Encoding: br", "Content-Language: fr", "Cache-Control: max-age=3")).is(200).has("Content-Encoding", "br").has("Content-Language", "fr").has("Cache-Control", "max-age=3")),
                new Case("metadata come back", f -> f.get(f.block("a", "x-ms-meta-one: 1", "x-ms-meta-two: two words")).is(200).has("x-ms-meta-one", "1").has("x-ms-meta-two", "two words")),
                new Case("a put drops former metadata", BlobPutCases::metadataGo),
                new Case("tags are counted", f -> f.get(f.block("a", "x-ms-tags: a=1&b=2")).is(200).has("x-ms-tag-count", "2")),
                new Case("a blob without tags has no count", f -> f.get(f.block("a")).is(200).has("x-ms-tag-count", "")),
                new Case("a blob tells when it was created, and is not leased", f -> f.get(f.block("a")).is(200).tells("x-ms-creation-time").has("x-ms-lease-state", "available").has("x-ms-lease-status", "unlocked").has("Accept-Ranges", "bytes").has("x-ms-server-encrypted", "true")),
                new Case("a put leaves the time of creation", BlobPutCases::creationStays),
                new Case("a put blob is hot because nothing else was said", f -> f.head(f.block("a")).is(200).has("x-ms-access-tier", "Hot").has("x-ms-access-tier-inferred", "true")),
                new Case("a put may name a tier", f -> f.head(f.block("a", "x-ms-access-tier: Cool")).is(200).has("x-ms-access-tier", "Cool").has("x-ms-access-tier-inferred", "")));
    }

    private static List<Case> wrong() {
        return List.of(
                new Case("a put without kind is refused", f -> f.put(f.free(), "a").is(400, "MissingRequiredHeader")),
                new Case("a put of an unknown kind is refused", f -> f.put(f.free(), "a", "x-ms-blob-type: Blob").is(400, "InvalidHeaderValue")),
                new Case("an append blob is put without content", f -> f.put(f.free(), "a", "x-ms-blob-type: AppendBlob").is(400, "InvalidHeaderValue")),
                new Case("a page blob is put without content", f -> f.put(f.free(), "a", "x-ms-blob-type: PageBlob", "x-ms-blob-content-length: 512").is(400, "InvalidHeaderValue")),
                new Case("an unknown tier is refused", f -> f.put(f.free(), "a", BLOCK, "x-ms-access-tier: Warm").is(400, "InvalidHeaderValue")),
                new Case("metadata with a bad name are refused", f -> f.put(f.free(), "a", BLOCK, "x-ms-meta-1-a: x").is(400, "InvalidMetadata")),
                new Case("8 KiB of metadata are the most", f -> f.put(f.free(), "a", BLOCK, "x-ms-meta-a: " + "x".repeat(4_100), "x-ms-meta-b: " + "x".repeat(4_100)).is(400, "MetadataTooLarge")),
                new Case("eleven tags are refused", f -> f.put(f.free(), "a", BLOCK, "x-ms-tags: a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1").is(400, "TagsTooLarge")),
                new Case("a scope of encryption is refused", f -> f.put(f.free(), "a", BLOCK, "x-ms-encryption-scope: mine").is(404, "EncryptionScopeNotFound")),
                new Case("a key of encryption is refused", f -> f.put(f.free(), "a", BLOCK, "x-ms-encryption-key: MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "x-ms-encryption-key-sha256: MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "x-ms-encryption-algorithm: AES256").is(400, "UnsupportedHeader")),
                new Case("a read with a key of encryption is refused", f -> f.get(f.block("a"), "x-ms-encryption-key: MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=").is(400, "UnsupportedHeader")),
                new Case("an unknown comp is refused", f -> f.put(f.free() + "?comp=nothing", "a").is(400, "InvalidQueryParameterValue")),
                new Case("an unknown verb is refused", f -> f.raw().send("POST", f.free()).is(405, "UnsupportedHttpVerb")),
                new Case("an unknown version is refused", f -> f.get(f.block("a"), "x-ms-version: 2001-01-01").is(400, "InvalidHeaderValue")),
                new Case("a tampered request is refused", f -> f.raw().send("GET", f.block("a"), BlobFixture.headers("Authorization: SharedKey x:eA=="), "", null).is(403, "AuthenticationFailed")),
                new Case("a put that was refused leaves what was there", BlobPutCases::refusedLeaves));
    }

    private static List<Case> names() {
        return List.of(
                new Case("a name with a space", f -> named(f, "a%20b")),
                new Case("a name with slashes is one blob", f -> named(f, "a/b/c/d")),
                new Case("a name with slashes that are escaped is the same", BlobPutCases::escapedSlash),
                new Case("a name with two slashes in a row", f -> named(f, "a//b")),
                new Case("a name that ends with a slash", f -> named(f, "dir/")),
                new Case("a name of umlauts and emoji", f -> named(f, "%C3%A4%C3%B6%F0%9F%98%80")),
                new Case("a name with percent signs", f -> named(f, "100%25%2525")),
                new Case("a name with a plus sign, which is no space", BlobPutCases::plus),
                new Case("a name with a question mark and a hash", f -> named(f, "a%3Fb%23c")),
                new Case("a name with ampersand, equals sign and quotes", f -> named(f, "a%26b=c%22d'e")),
                new Case("a name with a backslash is a name with a slash or none", f -> named(f, "a:b;c,d@e!f$g(h)*")),
                new Case("names differ by case", BlobPutCases::caseMatters),
                new Case("a name of 1,024 characters", f -> named(f, "n".repeat(1_024))),
                new Case("a name of 1,025 characters is refused", f -> assertEquals(400, f.put("/" + f.box() + "/" + "n".repeat(1_025), "a", BLOCK).status())),
                new Case("a name of 254 segments", f -> named(f, "s/".repeat(253) + "s")),
                new Case("a name with dots inside", f -> named(f, "a.b..c/d.e")),
                new Case("a name of digits", f -> named(f, "0123456789")),
                new Case("a blob of the root container has no container in its path", BlobPutCases::root));
    }

    private static List<Case> deletes() {
        return List.of(
                new Case("a deleted blob is gone", BlobPutCases::deleted),
                new Case("a blob that is not there cannot be deleted", f -> f.delete(f.free()).is(404, "BlobNotFound")),
                new Case("a delete tells that it is for good", f -> f.delete(f.block("a")).is(202).has("x-ms-delete-type-permanent", "true")),
                new Case("a blob can be put again after its deletion", f -> {
                    String blob = f.block("a");
                    f.delete(blob).is(202);
                    f.put(blob, "b", BLOCK).is(201);
                    f.get(blob).is(200).says("b");
                }),
                new Case("an unknown kind of deletion of snapshots is refused", f -> f.delete(f.block("a"), "x-ms-delete-snapshots: all").is(400, "InvalidHeaderValue")));
    }

    private static void etagStays(BlobFixture f) {
        String blob = f.free();
        RawAnswer put = f.put(blob, "a", BLOCK).is(201);
        f.get(blob).is(200).has("ETag", put.header("ETag")).has("Last-Modified", put.header("Last-Modified"));
        f.head(blob).is(200).has("ETag", put.header("ETag"));
    }

    private static void etagsDiffer(BlobFixture f) {
        String blob = f.free();
        assertNotEquals(f.put(blob, "a", BLOCK).is(201).header("ETag"), f.put(blob, "a", BLOCK).is(201).header("ETag"));
    }

    private static void overwritten(BlobFixture f, String first, String second) {
        String blob = f.block(first);
        f.put(blob, second, BLOCK).is(201);
        f.get(blob).is(200).says(second);
    }

    private static void kindChanges(BlobFixture f) {
        String blob = f.block("a");
        f.put(blob, "", "x-ms-blob-type: PageBlob", "x-ms-blob-content-length: 512").is(201);
        f.head(blob).is(200).has("x-ms-blob-type", "PageBlob").has("Content-Length", "512");
        f.put(blob, "", "x-ms-blob-type: AppendBlob").is(201);
        f.head(blob).is(200).has("x-ms-blob-type", "AppendBlob").has("Content-Length", "0");
    }

    private static void sized(BlobFixture f, int bytes) {
        String text = "0123456789abcde\n".repeat(bytes / 16 + 1).substring(0, bytes);
        f.get(f.block(text)).is(200).says(text).has("Content-Length", Integer.toString(bytes));
    }

    private static void metadataGo(BlobFixture f) {
        String blob = f.block("a", "x-ms-meta-one: 1", "x-ms-tags: a=b");
        f.put(blob, "b", BLOCK).is(201);
        f.head(blob).is(200).has("x-ms-meta-one", "").has("x-ms-tag-count", "");
    }

    private static void creationStays(BlobFixture f) {
        String blob = f.block("a");
        String created = f.head(blob).is(200).header("x-ms-creation-time");
        f.put(blob + "?comp=metadata", "", "x-ms-meta-a: b").is(200);
        f.head(blob).is(200).has("x-ms-creation-time", created);
    }

    private static void refusedLeaves(BlobFixture f) {
        String blob = f.block("before", "x-ms-meta-a: b");
        f.put(blob, "after", BLOCK, "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==").is(400, "Md5Mismatch");
        f.get(blob).is(200).says("before").has("x-ms-meta-a", "b");
    }

    private static void named(BlobFixture f, String escaped) {
        String blob = "/" + f.container().getBlobContainerName() + "/" + escaped;
        f.put(blob, "named", BLOCK).is(201);
        f.get(blob).is(200).says("named");
        f.delete(blob).is(202);
        f.get(blob).is(404, "BlobNotFound");
    }

    private static void escapedSlash(BlobFixture f) {
        String blob = f.block("a");
        f.put(blob + "/b", "escaped", BLOCK).is(201);
        f.get(blob + "%2Fb").is(200).says("escaped");
    }

    private static void plus(BlobFixture f) {
        String blob = f.free();
        f.put(blob + "a+b", "plus", BLOCK).is(201);
        f.get(blob + "a%2Bb").is(200).says("plus");
        f.get(blob + "a%20b").is(404, "BlobNotFound");
    }

    private static void caseMatters(BlobFixture f) {
        String blob = f.free();
        f.put(blob + "A", "upper", BLOCK).is(201);
        f.get(blob + "a").is(404, "BlobNotFound");
        f.get(blob + "A").is(200).says("upper");
    }

    private static void root(BlobFixture f) {
        f.raw().send("PUT", "/" + f.owned("$root") + "?restype=container");
        f.put("/in-the-root", "root", BLOCK).is(201);
        f.get("/in-the-root").is(200).says("root");
        f.get("/$root/in-the-root").is(200).says("root");
    }

    private static void deleted(BlobFixture f) {
        String blob = f.block("a".repeat(50_000));
        f.delete(blob).is(202);
        f.get(blob).is(404, "BlobNotFound");
        f.delete(blob).is(404, "BlobNotFound");
    }
}
