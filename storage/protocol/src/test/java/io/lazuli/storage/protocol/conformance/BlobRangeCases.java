package io.lazuli.storage.protocol.conformance;

import io.lazuli.storage.model.StorageCrc64;
import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Parts of blobs, and digests of what is sent and read. */
final class BlobRangeCases {

    private static final String BLOCK = "x-ms-blob-type: BlockBlob";
    private static final String TEXT = "0123456789";
    private static final String WRONG_MD5 = "AAAAAAAAAAAAAAAAAAAAAA==";
    private static final String WRONG_CRC64 = "AAAAAAAAAAA=";

    private BlobRangeCases() {}

    static List<Case> all() {
        return Stream.of(ranges(), digests()).flatMap(List::stream).toList();
    }

    private static List<Case> ranges() {
        return List.of(
                new Case("a range is a part", f -> f.get(f.block(TEXT), "Range: bytes=2-5").is(206).says("2345").has("Content-Range", "bytes 2-5/10").has("Content-Length", "4")),
                new Case("the service's own header names a range too", f -> f.get(f.block(TEXT), "x-ms-range: bytes=2-5").is(206).says("2345")),
                new Case("the service's own header goes before the standard one", f -> f.get(f.block(TEXT), "x-ms-range: bytes=0-0", "Range: bytes=2-5").is(206).says("0")),
                new Case("an open range goes to the end", f -> f.get(f.block(TEXT), "Range: bytes=7-").is(206).says("789").has("Content-Range", "bytes 7-9/10")),
                new Case("a range beyond the end stops there", f -> f.get(f.block(TEXT), "Range: bytes=8-100").is(206).says("89").has("Content-Range", "bytes 8-9/10")),
                new Case("a range of all is a range", f -> f.get(f.block(TEXT), "Range: bytes=0-9").is(206).says(TEXT)),
                new Case("a range of one byte", f -> f.get(f.block(TEXT), "Range: bytes=9-9").is(206).says("9")),
                new Case("a range behind the end is refused", f -> f.get(f.block(TEXT), "Range: bytes=10-").is(416, "InvalidRange")),
                new Case("a range of an empty blob is refused", f -> f.get(f.block(""), "Range: bytes=0-").is(416, "InvalidRange")),
                new Case("a range that is refused tells the size", f -> f.get(f.block(TEXT), "Range: bytes=10-").is(416, "InvalidRange").has("Content-Range", "bytes */10")),
                new Case("a range across chunks", f -> f.get(f.block(large()), "Range: bytes=1048570-1048585").is(206).says(large().substring(1_048_570, 1_048_586))),
                new Case("the last bytes of a large blob", f -> f.get(f.block(large()), "Range: bytes=1999999-").is(206).says(large().substring(1_999_999))),
                new Case("a range has the blob's digest beside", f -> f.get(f.block(TEXT), "Range: bytes=0-1").is(206).has("x-ms-blob-content-md5", md5(TEXT)).has("Content-MD5", "")),
                new Case("a range's MD5 comes when asked for", f -> f.get(f.block(TEXT), "Range: bytes=2-5", "x-ms-range-get-content-md5: true").is(206).has("Content-MD5", md5("2345"))),
                new Case("a range's CRC64 comes when asked for", f -> f.get(f.block(TEXT), "Range: bytes=2-5", "x-ms-range-get-content-crc64: true").is(206).has("x-ms-content-crc64", crc64("2345"))),
                new Case("both digests of a range are refused", f -> f.get(f.block(TEXT), "Range: bytes=2-5", "x-ms-range-get-content-md5: true", "x-ms-range-get-content-crc64: true").is(400)),
                new Case("a digest of no range is refused", f -> f.get(f.block(TEXT), "x-ms-range-get-content-md5: true").is(400, "InvalidHeaderValue")),
                new Case("a digest of more than 4 MiB is refused", f -> f.get(f.block("x".repeat((4 << 20) + 2)), "Range: bytes=0-4194304", "x-ms-range-get-content-md5: true").is(400, "OutOfRangeInput")),
                new Case("a digest that is not asked for does not come", f -> f.get(f.block(TEXT), "Range: bytes=2-5", "x-ms-range-get-content-md5: false").is(206).has("Content-MD5", "")),
                new Case("a range of a page blob that was not written is zeros", f -> f.get(f.pages(2), "Range: bytes=510-513").is(206).says("\0\0\0\0")),
                new Case("a range of blocks", f -> f.get(blocks(f), "Range: bytes=2-6").is(206).says("abbbb")),
                new Case("a range of a snapshot", f -> {
                    String blob = f.block(TEXT);
                    String snapshot = f.put(blob + "?comp=snapshot", "").is(201).header("x-ms-snapshot");
                    f.put(blob, "other", BLOCK).is(201);
                    f.get(blob + "?snapshot=" + snapshot, "Range: bytes=8-").is(206).says("89");
                }));
    }

    private static List<Case> digests() {
        return List.of(
                new Case("a blob has its MD5 without asking", f -> f.get(f.block(TEXT)).is(200).has("Content-MD5", md5(TEXT))),
                new Case("a put tells MD5 and CRC64", f -> f.put(f.free(), TEXT, BLOCK).is(201).has("Content-MD5", md5(TEXT)).has("x-ms-content-crc64", crc64(TEXT))),
                new Case("a put with the right MD5", f -> f.put(f.free(), TEXT, BLOCK, "Content-MD5: " + md5(TEXT)).is(201).has("Content-MD5", md5(TEXT))),
                new Case("a put with the right CRC64", f -> f.put(f.free(), TEXT, BLOCK, "x-ms-content-crc64: " + crc64(TEXT)).is(201).has("x-ms-content-crc64", crc64(TEXT))),
                new Case("a put with a wrong MD5 is refused", f -> gone(f, "Md5Mismatch", TEXT, "Content-MD5: " + WRONG_MD5)),
                new Case("a put with a wrong CRC64 is refused", f -> gone(f, "Crc64Mismatch", TEXT, "x-ms-content-crc64: " + WRONG_CRC64)),
                new Case("a large put with a wrong MD5 is refused", f -> gone(f, "Md5Mismatch", "x".repeat(100_000), "Content-MD5: " + WRONG_MD5)),
                new Case("a large put with a wrong CRC64 is refused", f -> gone(f, "Crc64Mismatch", "x".repeat(100_000), "x-ms-content-crc64: " + WRONG_CRC64)),
                new Case("a large put with the right MD5", f -> f.get(f.block(large(), "Content-MD5: " + md5(large()))).is(200).has("Content-MD5", md5(large()))),
                new Case("a put with an MD5 that is none is refused", f -> gone(f, "InvalidMd5", TEXT, "Content-MD5: eA==")),
                new Case("a put with a CRC64 that is none is refused", f -> gone(f, "InvalidHeaderValue", TEXT, "x-ms-content-crc64: eA==")),
                new Case("a put with both digests is refused", f -> f.put(f.free(), TEXT, BLOCK, "Content-MD5: " + md5(TEXT), "x-ms-content-crc64: " + crc64(TEXT)).is(400)),
                new Case("the digest that a blob is kept with must be its own", f -> gone(f, "Md5Mismatch", TEXT, "x-ms-blob-content-md5: " + WRONG_MD5)),
                new Case("a block with a wrong MD5 is refused", f -> f.put(f.free() + "?comp=block&blockid=YQ==", TEXT, "Content-MD5: " + WRONG_MD5).is(400, "Md5Mismatch")),
                new Case("a block with a wrong CRC64 is refused", f -> f.put(f.free() + "?comp=block&blockid=YQ==", TEXT, "x-ms-content-crc64: " + WRONG_CRC64).is(400, "Crc64Mismatch")),
                new Case("a block tells its CRC64", f -> f.put(f.free() + "?comp=block&blockid=YQ==", TEXT).is(201).has("x-ms-content-crc64", crc64(TEXT))),
                new Case("a block with the right MD5 tells it", f -> f.put(f.free() + "?comp=block&blockid=YQ==", TEXT, "Content-MD5: " + md5(TEXT)).is(201).has("Content-MD5", md5(TEXT))),
                new Case("a block list with a wrong MD5 is refused", f -> f.put(f.free() + "?comp=blocklist", "<BlockList/>", "Content-MD5: " + WRONG_MD5).is(400, "Md5Mismatch")),
                new Case("an append with a wrong MD5 is refused and appends nothing", f -> {
                    String blob = f.append();
                    f.put(blob + "?comp=appendblock", TEXT, "Content-MD5: " + WRONG_MD5).is(400, "Md5Mismatch");
                    f.head(blob).is(200).has("Content-Length", "0");
                }),
                new Case("an append tells its CRC64", f -> f.put(f.append() + "?comp=appendblock", TEXT).is(201).has("x-ms-content-crc64", crc64(TEXT))),
                new Case("pages with a wrong CRC64 are refused and change nothing", f -> {
                    String blob = f.pages(1);
                    f.put(blob + "?comp=page", "p".repeat(512), "x-ms-page-write: update", "Range: bytes=0-511", "x-ms-content-crc64: " + WRONG_CRC64).is(400, "Crc64Mismatch");
                    f.get(blob).is(200).says("\0".repeat(512));
                }),
                new Case("pages tell their MD5 when it was sent", f -> f.put(f.pages(1) + "?comp=page", "p".repeat(512), "x-ms-page-write: update", "Range: bytes=0-511", "Content-MD5: " + md5("p".repeat(512))).is(201).has("Content-MD5", md5("p".repeat(512)))),
                new Case("a blob of blocks has no MD5 unless one was given", f -> f.head(blocks(f)).is(200).has("Content-MD5", "")),
                new Case("a blob of blocks has the MD5 that was given", f -> {
                    String blob = f.free();
                    f.put(blob + "?comp=block&blockid=YQ==", TEXT).is(201);
                    f.put(blob + "?comp=blocklist", "<BlockList><Latest>YQ==</Latest></BlockList>", "x-ms-blob-content-md5: " + WRONG_MD5).is(201);
                    f.get(blob).is(200).has("Content-MD5", WRONG_MD5);
                }));
    }

    private static void gone(BlobFixture f, String code, String body, String header) {
        String blob = f.free();
        f.put(blob, body, BLOCK, header).is(400, code);
        f.get(blob).is(404, "BlobNotFound");
    }

    private static String blocks(BlobFixture f) {
        String blob = f.free();
        f.put(blob + "?comp=block&blockid=YQ==", "aaa").is(201);
        f.put(blob + "?comp=block&blockid=Yg==", "bbbb").is(201);
        f.put(blob + "?comp=blocklist", "<BlockList><Latest>YQ==</Latest><Latest>Yg==</Latest></BlockList>").is(201);
        return blob;
    }

    private static String large() {
        return "0123456789abcdef-".repeat(2_000_000 / 17 + 1).substring(0, 2_000_000);
    }

    static String md5(String text) {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String crc64(String text) {
        return Base64.getEncoder().encodeToString(StorageCrc64.bytes(StorageCrc64.of(text.getBytes(StandardCharsets.UTF_8))));
    }
}
