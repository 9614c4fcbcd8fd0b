package io.lazuli.storage.protocol.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageCrc64;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Single blobs over real sockets, in front of a blob service in memory. */
class BlobFrontEndTest {

    private static final String BLOCK_BLOB = "x-ms-blob-type: BlockBlob";
    private static FakeBlobServer server;
    private static BlobWire wire;

    @BeforeAll
    static void start() {
        server = new FakeBlobServer(0, Clock.system(), Integer.MAX_VALUE);
        wire = new BlobWire(server.port());
        wire.put("/box?restype=container", "").is(201);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static String md5(byte[] bytes) throws Exception {
        return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
    }

    private static String md5(String text) throws Exception {
        return md5(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String crc64(String text) {
        return Base64.getEncoder().encodeToString(StorageCrc64.bytes(StorageCrc64.of(text.getBytes(StandardCharsets.UTF_8))));
    }

    private static String id(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)).replace("=", "%3D");
    }

    @Test
    void aBlobIsReadAsItWasWritten() throws Exception {
        BlobWire.Answer put = wire.put("/box/whole/a%20b", "hello", BLOCK_BLOB, "Content-Type: text/plain", "x-ms-meta-Color: blue",
                "x-ms-blob-cache-control: no-store", "x-ms-tags: a=1&b=2").is(201).has("Content-MD5", md5("hello"))
                .has("x-ms-content-crc64", crc64("hello")).has("x-ms-request-server-encrypted", "true");
        assertFalse(put.header("ETag").isEmpty());
        wire.get("/box/whole/a%20b").is(200).says("hello").has("Content-Type", "text/plain").has("x-ms-meta-Color", "blue")
                .has("Cache-Control", "no-store").has("Content-MD5", md5("hello")).has("x-ms-blob-type", "BlockBlob").has("Accept-Ranges", "bytes")
                .has("x-ms-tag-count", "2").has("x-ms-lease-state", "available").has("x-ms-lease-status", "unlocked")
                .has("ETag", put.header("ETag")).has("Last-Modified", put.header("Last-Modified"));
        wire.send("HEAD", "/box/whole/a%20b", "").is(200).has("Content-Length", "5").has("x-ms-access-tier", "Hot")
                .has("x-ms-access-tier-inferred", "true");
        wire.get("/box/whole/a%20b?comp=metadata").is(200).has("x-ms-meta-Color", "blue");
        wire.get("/box/whole/a%20b?comp=tags").is(200).holds("<Tag><Key>a</Key><Value>1</Value></Tag>");
        wire.get("/box/whole/other").is(404, "BlobNotFound");
        wire.get("/nowhere/whole").is(404, "ContainerNotFound");
    }

    @Test
    void aLargeBlobIsStreamedBothWays() throws Exception {
        byte[] bytes = new byte[5 << 20];
        new Random(1).nextBytes(bytes);
        wire.send("PUT", "/box/large", bytes, BLOCK_BLOB).is(201).has("Content-MD5", md5(bytes));
        assertArrayEquals(bytes, wire.get("/box/large").is(200).response().body());
        BlobWire.Answer part = wire.get("/box/large", "x-ms-range: bytes=3000000-").is(206).has("Content-Range", "bytes 3000000-5242879/5242880");
        assertEquals(5242880 - 3000000, part.response().body().length);
    }

    @Test
    void rangesAreCutToTheBlob() throws Exception {
        wire.put("/box/range", "0123456789", BLOCK_BLOB).is(201);
        wire.get("/box/range", "Range: bytes=2-4").is(206).says("234").has("Content-Range", "bytes 2-4/10")
                .has("x-ms-blob-content-md5", md5("0123456789")).has("Content-MD5", "");
        wire.get("/box/range", "Range: bytes=8-100").is(206).says("89").has("Content-Range", "bytes 8-9/10");
        wire.get("/box/range", "Range: bytes=0-3", "x-ms-range: bytes=9-9").is(206).says("9");
        wire.get("/box/range", "Range: bytes=10-").is(416, "InvalidRange");
        wire.get("/box/range", "x-ms-range: bytes=-3").is(400, "InvalidHeaderValue");
        wire.get("/box/range", "Range: lines=1-2").is(200).says("0123456789");
        wire.get("/box/range", "Range: bytes=2-4", "x-ms-range-get-content-md5: true").is(206).says("234").has("Content-MD5", md5("234"));
        wire.get("/box/range", "Range: bytes=2-4", "x-ms-range-get-content-crc64: true").is(206).has("x-ms-content-crc64", crc64("234"));
        wire.get("/box/range", "x-ms-range-get-content-md5: true").is(400, "InvalidHeaderValue");
        wire.put("/box/empty", "", BLOCK_BLOB).is(201);
        wire.get("/box/empty").is(200).says("").has("Content-Length", "0").has("Content-MD5", md5(""));
        wire.get("/box/empty", "Range: bytes=0-").is(416, "InvalidRange");
    }

    @Test
    void digestsOfARangeHaveALimit() {
        wire.send("PUT", "/box/digests", new byte[(4 << 20) + 1], BLOCK_BLOB).is(201);
        wire.get("/box/digests", "Range: bytes=0-4194304", "x-ms-range-get-content-md5: true").is(400, "OutOfRangeInput");
        wire.get("/box/digests", "Range: bytes=1-4194304", "x-ms-range-get-content-md5: true").is(206);
    }

    @Test
    void bytesThatAreNotAsSaidChangeNothing() throws Exception {
        wire.put("/box/checked", "good", BLOCK_BLOB, "Content-MD5: " + md5("good")).is(201);
        wire.put("/box/checked", "bad", BLOCK_BLOB, "Content-MD5: " + md5("good")).is(400, "Md5Mismatch");
        wire.put("/box/checked", "bad", BLOCK_BLOB, "x-ms-content-crc64: " + crc64("good")).is(400, "Crc64Mismatch");
        wire.put("/box/checked", "bad", BLOCK_BLOB, "x-ms-blob-content-md5: " + md5("good")).is(400, "Md5Mismatch");
        wire.put("/box/checked", "bad", BLOCK_BLOB, "Content-MD5: abc").is(400, "InvalidMd5");
        wire.get("/box/checked").is(200).says("good");
    }

    @Test
    void requestsThatAreWrongAreRefused() {
        wire.put("/box/wrong", "a").is(400, "MissingRequiredHeader");
        wire.put("/box/wrong", "a", "x-ms-blob-type: Block").is(400, "InvalidHeaderValue");
        wire.put("/box/wrong", "a", "x-ms-blob-type: PageBlob", "x-ms-blob-content-length: 512").is(400, "InvalidHeaderValue");
        wire.put("/box/wrong", "", "x-ms-blob-type: PageBlob").is(400, "MissingRequiredHeader");
        wire.put("/box/wrong", "", "x-ms-blob-type: PageBlob", "x-ms-blob-content-length: 100").is(400, "InvalidHeaderValue");
        wire.put("/box/wrong", "a", BLOCK_BLOB, "x-ms-access-tier: Lukewarm").is(400, "InvalidHeaderValue");
        wire.put("/box/wrong", "a", BLOCK_BLOB, "x-ms-meta-1st: a").is(400, "InvalidMetadata");
        wire.put("/box/wrong", "a", BLOCK_BLOB, "x-ms-encryption-key: a").is(400, "UnsupportedHeader");
        wire.put("/box/wrong?comp=block", "a").is(400, "MissingRequiredQueryParameter");
        wire.put("/box/wrong?comp=block&blockid=" + id("x".repeat(65)), "a").is(400, "InvalidBlockId");
        wire.put("/box/wrong?comp=block&blockid=" + id("x"), "").is(400, "InvalidHeaderValue");
        wire.put("/box/wrong?comp=nothing", "").is(400, "InvalidQueryParameterValue");
        wire.put("/box/wrong?comp=expiry", "").is(409, "FeatureNotSupportedForAccount");
        wire.send("POST", "/box/wrong?comp=query", "a").is(501, "NotImplemented");
        wire.get("/box/wrong?snapshot=yesterday").is(400, "InvalidQueryParameterValue");
        wire.get("/box/wrong").is(404, "BlobNotFound");
    }

    @Test
    void conditionsDecideReadsAndWrites() {
        String etag = wire.put("/box/condition", "1", BLOCK_BLOB).is(201).header("ETag");
        wire.get("/box/condition", "If-None-Match: " + etag).is(304, "ConditionNotMet").says("");
        wire.get("/box/condition", "If-Match: \"0x1\"").is(412, "ConditionNotMet");
        wire.get("/box/condition", "If-Match: " + etag).is(200).says("1");
        wire.put("/box/condition", "2", BLOCK_BLOB, "If-None-Match: *").is(409, "BlobAlreadyExists");
        wire.put("/box/condition", "2", BLOCK_BLOB, "If-Match: \"0x1\"").is(412, "ConditionNotMet");
        wire.put("/box/condition", "2", BLOCK_BLOB, "If-Match: " + etag).is(201);
        wire.get("/box/condition", "x-ms-if-tags: \"a\" = ").is(400, "InvalidHeaderValue");
    }

    @Test
    void blocksBecomeABlobInTheOrderOfTheirList() throws Exception {
        wire.put("/box/blocks?comp=block&blockid=" + id("a"), "Aaaa").is(201).has("x-ms-content-crc64", crc64("Aaaa"));
        wire.put("/box/blocks?comp=block&blockid=" + id("b"), "Bb", "Content-MD5: " + md5("Bb")).is(201).has("Content-MD5", md5("Bb"));
        wire.get("/box/blocks").is(404, "BlobNotFound");
        wire.get("/box/blocks?comp=blocklist&blocklisttype=all").is(200)
                .holds("<CommittedBlocks></CommittedBlocks><UncommittedBlocks><Block><Name>YQ==</Name><Size>4</Size></Block>");
        String list = "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList><Latest>Yg==</Latest><Uncommitted>YQ==</Uncommitted></BlockList>";
        wire.put("/box/blocks?comp=blocklist", list, "x-ms-blob-content-type: text/x-blocks", "x-ms-meta-a: b").is(201)
                .has("x-ms-content-crc64", crc64(list));
        wire.get("/box/blocks").is(200).says("BbAaaa").has("Content-Type", "text/x-blocks").has("x-ms-meta-a", "b");
        wire.get("/box/blocks?comp=blocklist").is(200).has("x-ms-blob-content-length", "6")
                .holds("<CommittedBlocks><Block><Name>Yg==</Name><Size>2</Size></Block><Block><Name>YQ==</Name><Size>4</Size></Block></CommittedBlocks>");
        wire.put("/box/blocks?comp=blocklist", list.replace("Yg==", "Y!==")).is(400, "InvalidBlockId");
        wire.put("/box/blocks?comp=blocklist", list.replace("Yg==", "Yw==")).is(400, "InvalidBlockList");
    }

    @Test
    void anAppendBlobGrowsAtItsEnd() {
        wire.put("/box/log", "", "x-ms-blob-type: AppendBlob").is(201);
        wire.put("/box/log?comp=appendblock", "one").is(201).has("x-ms-blob-append-offset", "0").has("x-ms-blob-committed-block-count", "1");
        wire.put("/box/log?comp=appendblock", "two", "x-ms-blob-condition-appendpos: 3").is(201).has("x-ms-blob-append-offset", "3");
        wire.put("/box/log?comp=appendblock", "two", "x-ms-blob-condition-appendpos: 3").is(412, "AppendPositionConditionNotMet");
        wire.put("/box/log?comp=appendblock", "two", "x-ms-blob-condition-maxsize: 8").is(412, "MaxBlobSizeConditionNotMet");
        wire.get("/box/log").is(200).says("onetwo").has("x-ms-blob-type", "AppendBlob").has("x-ms-blob-committed-block-count", "2");
        wire.put("/box/log?comp=seal", "").is(200).has("x-ms-blob-sealed", "true");
        wire.put("/box/log?comp=appendblock", "more").is(409, "BlobIsSealed");
    }

    @Test
    void pagesAreWrittenClearedAndListed() {
        wire.put("/box/disk", "", "x-ms-blob-type: PageBlob", "x-ms-blob-content-length: 4096", "x-ms-blob-sequence-number: 7").is(201);
        wire.put("/box/disk?comp=page", "x".repeat(1024), "x-ms-range: bytes=512-1535", "x-ms-page-write: update").is(201)
                .has("x-ms-blob-sequence-number", "7");
        wire.put("/box/disk?comp=page", "", "x-ms-range: bytes=1024-1535", "x-ms-page-write: clear").is(201);
        wire.get("/box/disk?comp=pagelist").is(200).has("x-ms-blob-content-length", "4096")
                .holds("<PageRange><Start>512</Start><End>1023</End></PageRange>");
        BlobWire.Answer all = wire.get("/box/disk").is(200);
        assertEquals("\0".repeat(512) + "x".repeat(512) + "\0".repeat(3072), all.text());
        wire.put("/box/disk?comp=page", "x".repeat(512), "x-ms-range: bytes=1-512", "x-ms-page-write: update").is(416, "InvalidPageRange");
        wire.put("/box/disk?comp=page", "x".repeat(512), "x-ms-page-write: update").is(400, "MissingRequiredHeader");
        wire.put("/box/disk?comp=page", "x".repeat(512), "x-ms-range: bytes=0-511", "x-ms-page-write: update", "x-ms-if-sequence-number-lt: 7")
                .is(412, "SequenceNumberConditionNotMet");
        String snapshot = wire.put("/box/disk?comp=snapshot", "").is(201).header("x-ms-snapshot");
        wire.put("/box/disk?comp=page", "y".repeat(512), "x-ms-range: bytes=2048-2559", "x-ms-page-write: update").is(201);
        wire.get("/box/disk?comp=pagelist&prevsnapshot=" + snapshot).is(200).holds("<PageList><PageRange><Start>2048</Start><End>2559</End></PageRange>");
        wire.get("/box/disk?comp=pagelist&maxresults=1").is(200).holds("<NextMarker>2048</NextMarker>");
        wire.get("/box/disk?comp=pagelist&marker=2048").is(200).holds("<PageList><PageRange><Start>2048</Start>").holds("<NextMarker />");
        wire.put("/box/disk?comp=properties", "", "x-ms-blob-content-length: 512", "x-ms-sequence-number-action: increment").is(200)
                .has("x-ms-blob-sequence-number", "8");
        wire.send("HEAD", "/box/disk", "").is(200).has("Content-Length", "512");
    }

    @Test
    void whatABlobSaysOfItselfChanges() {
        wire.put("/box/says", "a", BLOCK_BLOB, "Content-Type: text/plain", "x-ms-meta-a: 1").is(201);
        wire.put("/box/says?comp=properties", "", "x-ms-blob-content-language: de").is(200);
        wire.get("/box/says").is(200).has("Content-Language", "de").has("Content-Type", "application/octet-stream").has("x-ms-meta-a", "1");
        wire.put("/box/says?comp=metadata", "", "x-ms-meta-b: 2").is(200);
        wire.get("/box/says").is(200).has("x-ms-meta-a", "").has("x-ms-meta-b", "2");
        wire.put("/box/says?comp=tags", "<Tags><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tags>").is(204);
        wire.get("/box/says", "x-ms-if-tags: \"k\" = 'v'").is(200);
        wire.get("/box/says", "x-ms-if-tags: \"k\" = 'w'").is(412, "ConditionNotMet");
        wire.put("/box/says?comp=tier", "", "x-ms-access-tier: Cool").is(200);
        wire.send("HEAD", "/box/says", "").is(200).has("x-ms-access-tier", "Cool").has("x-ms-access-tier-inferred", "");
        wire.put("/box/says?comp=tier", "", "x-ms-access-tier: Archive").is(200);
        wire.get("/box/says").is(409, "BlobArchived");
        wire.put("/box/says?comp=tier", "", "x-ms-access-tier: Hot", "x-ms-rehydrate-priority: High").is(202);
        wire.send("HEAD", "/box/says", "").is(200).has("x-ms-archive-status", "rehydrate-pending-to-hot");
    }

    @Test
    void aLeaseKeepsOthersFromWriting() {
        wire.put("/box/leased", "a", BLOCK_BLOB).is(201);
        String id = wire.put("/box/leased?comp=lease", "", "x-ms-lease-action: acquire", "x-ms-lease-duration: -1").is(201).header("x-ms-lease-id");
        wire.put("/box/leased", "b", BLOCK_BLOB).is(412, "LeaseIdMissing");
        wire.put("/box/leased", "b", BLOCK_BLOB, "x-ms-lease-id: " + id).is(201);
        wire.get("/box/leased").is(200).has("x-ms-lease-state", "leased").has("x-ms-lease-status", "locked").has("x-ms-lease-duration", "infinite");
        wire.get("/box/leased", "x-ms-lease-id: 00000000-0000-0000-0000-000000000001").is(412, "LeaseIdMismatchWithBlobOperation");
        wire.put("/box/leased?comp=lease", "", "x-ms-lease-action: break", "x-ms-lease-break-period: 0").is(202).has("x-ms-lease-time", "0");
        wire.send("DELETE", "/box/leased", "").is(202).has("x-ms-delete-type-permanent", "true");
    }

    @Test
    void snapshotsKeepWhatWas() {
        wire.put("/box/kept", "old", BLOCK_BLOB).is(201);
        String snapshot = wire.put("/box/kept?comp=snapshot", "").is(201).header("x-ms-snapshot");
        assertTrue(snapshot.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{7}Z"), snapshot);
        wire.put("/box/kept", "new", BLOCK_BLOB).is(201);
        wire.get("/box/kept?snapshot=" + snapshot).is(200).says("old").has("x-ms-lease-state", "");
        wire.send("DELETE", "/box/kept", "").is(409, "SnapshotsPresent");
        wire.send("DELETE", "/box/kept", "", "x-ms-delete-snapshots: only").is(202);
        wire.get("/box/kept?snapshot=" + snapshot).is(404, "BlobNotFound");
        wire.get("/box/kept").is(200).says("new");
    }

    @Test
    void copiesReadTheirSources() throws Exception {
        wire.put("/box/source", "0123456789", BLOCK_BLOB, "Content-Type: text/plain", "x-ms-meta-a: 1").is(201);
        String source = "x-ms-copy-source: " + wire.url("/box/source");
        wire.put("/box/copy1", "", source, "x-ms-requires-sync: true").is(202).has("x-ms-copy-status", "success");
        wire.get("/box/copy1").is(200).says("0123456789").has("Content-Type", "text/plain").has("x-ms-meta-a", "1");
        wire.put("/box/copy2", "", source, BLOCK_BLOB, "x-ms-blob-content-type: text/html", "x-ms-source-content-md5: " + md5("0123456789")).is(201);
        wire.get("/box/copy2").is(200).says("0123456789").has("Content-Type", "text/html");
        wire.put("/box/copy3?comp=block&blockid=" + id("a"), "", source, "x-ms-source-range: bytes=2-4").is(201)
                .has("x-ms-content-crc64", crc64("234"));
        wire.put("/box/copy4", "", source, BLOCK_BLOB, "x-ms-source-if-match: \"0x1\"").is(412, "SourceConditionNotMet");
        wire.put("/box/copy4", "", "x-ms-copy-source: " + wire.url("/box/nothing"), BLOCK_BLOB).is(404, "CannotVerifyCopySource");
        wire.put("/box/copy4", "", "x-ms-copy-source: " + wire.url("/box/source").replace(BlobWire.ACCOUNT, FakeBlobServer.OTHER_ACCOUNT), BLOCK_BLOB)
                .is(404, "CannotVerifyCopySource");
        wire.put("/box/copy4", "", "x-ms-copy-source: ftp://example.com/a/b", BLOCK_BLOB).is(400, "InvalidHeaderValue");
        wire.put("/box/copy4?comp=copy&copyid=abc", "", "x-ms-copy-action: abort").is(404, "BlobNotFound");
    }

    @Test
    void aCopyFromAnotherHostIsReadOverHttp() throws Exception {
        byte[] bytes = "0123456789".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/files/source", exchange -> {
            boolean part = "bytes=9-10".equals(exchange.getRequestHeaders().getFirst("Range"));
            byte[] body = part ? Arrays.copyOfRange(bytes, 9, 11) : bytes;
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.sendResponseHeaders(part ? 206 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        other.start();
        try {
            String files = "x-ms-copy-source: http://127.0.0.1:" + other.getAddress().getPort() + "/files/";
            wire.put("/box/remote", "", files + "source", BLOCK_BLOB).is(201).has("x-ms-content-crc64", crc64(new String(bytes, StandardCharsets.UTF_8)));
            assertArrayEquals(bytes, wire.get("/box/remote").is(200).has("Content-Type", "text/plain").response().body());
            wire.put("/box/remote2?comp=block&blockid=" + id("a"), "", files + "source", "x-ms-source-range: bytes=9-10").is(201)
                    .has("x-ms-content-crc64", crc64("90"));
            wire.put("/box/remote3", "", files + "nothing", BLOCK_BLOB).is(404, "CannotVerifyCopySource");
        } finally {
            other.stop(0);
        }
    }
}
