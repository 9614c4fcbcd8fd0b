package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Blocks: put in any order, committed as a list, taken from what was committed, listed. */
final class BlockCases {

    private static final String BLOCK = "x-ms-blob-type: BlockBlob";

    private BlockCases() {}

    static List<Case> all() {
        return List.of(
                new Case("blocks become a blob in the order of the list", f -> f.get(committed(f, "c", "a", "b")).is(200).says("c-a-b-")),
                new Case("blocks that are not committed are no blob", f -> f.get(staged(f, "a", "b")).is(404, "BlobNotFound")),
                new Case("blocks that are not committed leave the blob as it is", BlockCases::stagingLeaves),
                new Case("an empty list makes an empty blob", f -> f.get(committed(f)).is(200).says("")),
                new Case("a list tells ETag and time", f -> list(f, staged(f, "a"), latest("a")).is(201).tells("ETag").tells("Last-Modified").has("x-ms-request-server-encrypted", "true")),
                new Case("a block that is put again is the latter", BlockCases::blockAgain),
                new Case("blocks that were committed can be committed again", BlockCases::reuse),
                new Case("a list from what was committed and what was not", BlockCases::mixed),
                new Case("the latest of a block is the uncommitted one", BlockCases::latestIsUncommitted),
                new Case("the committed one can be had though a latter was put", BlockCases::committedStays),
                new Case("the latest of a block is the committed one if there is no other", f -> {
                    String blob = committed(f, "a", "b");
                    list(f, blob, latest("b")).is(201);
                    f.get(blob).is(200).says("b-");
                }),
                new Case("a block twice in a list is there twice", f -> {
                    String blob = staged(f, "a");
                    list(f, blob, latest("a") + latest("a")).is(201);
                    f.get(blob).is(200).says("a-a-");
                }),
                new Case("a list with a block that nobody put is refused", f -> list(f, staged(f, "a"), latest("b")).is(400, "InvalidBlockList")),
                new Case("a list of committed blocks takes no others", f -> list(f, staged(f, "a"), "<Committed>" + id("a") + "</Committed>").is(400, "InvalidBlockList")),
                new Case("a list of uncommitted blocks takes no others", f -> list(f, committed(f, "a"), "<Uncommitted>" + id("a") + "</Uncommitted>").is(400, "InvalidBlockList")),
                new Case("a list that is refused leaves blob and blocks", BlockCases::refusedLeaves),
                new Case("what a list does not name is dropped", BlockCases::unnamedGo),
                new Case("a whole put drops uncommitted blocks", BlockCases::putDrops),
                new Case("a list that is no XML is refused", f -> f.put(staged(f, "a") + "?comp=blocklist", "latest a").is(400, "InvalidXmlDocument")),
                new Case("a list of something else is refused", f -> f.put(staged(f, "a") + "?comp=blocklist", "<BlockList><Newest>" + id("a") + "</Newest></BlockList>").is(400)),
                new Case("a list with an id that is no Base64 is refused", f -> assertEquals(400, list(f, staged(f, "a"), "<Latest>?</Latest>").status())),
                new Case("a block without id is refused", f -> f.put(f.free() + "?comp=block", "a").is(400, "MissingRequiredQueryParameter")),
                new Case("a block with an id that is no Base64 is refused", f -> assertEquals(400, f.put(f.free() + "?comp=block&blockid=%3F", "a").status())),
                new Case("an id of 64 bytes", f -> {
                    String blob = f.free();
                    f.put(blob + "?comp=block&blockid=" + escaped("i".repeat(64)), "a").is(201);
                    list(f, blob, latest("i".repeat(64))).is(201);
                    f.get(blob).is(200).says("a");
                }),
                new Case("an id of 65 bytes is refused", f -> assertEquals(400, f.put(f.free() + "?comp=block&blockid=" + escaped("i".repeat(65)), "a").status())),
                new Case("ids of one blob are of one length", f -> f.put(staged(f, "a") + "?comp=block&blockid=" + escaped("aa"), "a").is(400, "InvalidBlobOrBlock")),
                new Case("an empty block is refused", f -> f.put(f.free() + "?comp=block&blockid=" + escaped("a"), "").is(400, "InvalidHeaderValue")),
                new Case("a block of an append blob is refused", f -> f.put(f.append() + "?comp=block&blockid=" + escaped("a"), "a").is(409, "InvalidBlobType")),
                new Case("a block of a page blob is refused", f -> f.put(f.pages(1) + "?comp=block&blockid=" + escaped("a"), "a").is(409, "InvalidBlobType")),
                new Case("a block in no container answers 404", f -> f.put("/no-such-container/b?comp=block&blockid=YQ==", "a").is(404, "ContainerNotFound")),
                new Case("a list keeps what it says of the blob", f -> {
                    String blob = staged(f, "a");
                    list(f, blob, latest("a"), "x-ms-blob-content-type: text/css", "x-ms-meta-one: 1", "x-ms-tags: a=b", "x-ms-access-tier: Cool", "x-ms-blob-cache-control: no-store").is(201);
                    f.head(blob).is(200).has("Content-Type", "text/css").has("x-ms-meta-one", "1").has("x-ms-tag-count", "1").has("x-ms-access-tier", "Cool").has("Cache-Control", "no-store");
                }),
                new Case("a list drops what was said of the blob before", f -> {
                    String blob = f.block("a", "x-ms-meta-one: 1", "x-ms-blob-content-type: text/css");
                    list(f, blob, "").is(201);
                    f.head(blob).is(200).has("x-ms-meta-one", "").has("Content-Type", "application/octet-stream");
                }),
                new Case("blocks are listed with their sizes", f -> f.get(committed(f, "a", "b") + "?comp=blocklist").is(200).hasXml("count(/BlockList/CommittedBlocks/Block)", "2").hasXml("/BlockList/CommittedBlocks/Block[1]/Name", id("a")).hasXml("/BlockList/CommittedBlocks/Block[2]/Size", "2").has("x-ms-blob-content-length", "4").tells("ETag")),
                new Case("uncommitted blocks are listed when asked for", f -> f.get(staged(f, "b", "a") + "?comp=blocklist&blocklisttype=uncommitted").is(200).hasXml("count(/BlockList/UncommittedBlocks/Block)", "2").hasXml("/BlockList/UncommittedBlocks/Block[1]/Size", "2")),
                new Case("both lists at once", f -> {
                    String blob = committed(f, "a");
                    stage(f, blob, "b");
                    f.get(blob + "?comp=blocklist&blocklisttype=all").is(200).hasXml("count(/BlockList/UncommittedBlocks/Block)", "1").hasXml("count(/BlockList/CommittedBlocks/Block)", "1");
                }),
                new Case("committed blocks are listed alone unless asked", f -> {
                    String blob = committed(f, "a");
                    stage(f, blob, "b");
                    f.get(blob + "?comp=blocklist").is(200).hasXml("count(//Block)", "1").hasXml("/BlockList/CommittedBlocks/Block/Name", id("a"));
                }),
                new Case("committed blocks of what is not committed answer 404", f -> f.get(staged(f, "a") + "?comp=blocklist&blocklisttype=committed").is(404, "BlobNotFound")),
                new Case("a list of no blob answers 404", f -> f.get(f.free() + "?comp=blocklist&blocklisttype=all").is(404, "BlobNotFound")),
                new Case("an unknown kind of list is refused", f -> f.get(committed(f, "a") + "?comp=blocklist&blocklisttype=both").is(400, "InvalidQueryParameterValue")),
                new Case("a whole put has no blocks", f -> f.get(f.block("a") + "?comp=blocklist&blocklisttype=all").is(200).hasXml("count(//Block)", "0")),
                new Case("blocks of an append blob are not listed", f -> f.get(f.append() + "?comp=blocklist").is(409, "InvalidBlobType")),
                new Case("blocks of a snapshot are listed", f -> {
                    String blob = committed(f, "a", "b");
                    String snapshot = f.put(blob + "?comp=snapshot", "").is(201).header("x-ms-snapshot");
                    list(f, blob, latest("a")).is(201);
                    f.get(blob + "?comp=blocklist&snapshot=" + snapshot).is(200).hasXml("count(//Block)", "2");
                    f.get(blob + "?snapshot=" + snapshot).is(200).says("a-b-");
                }),
                new Case("three hundred blocks", BlockCases::many),
                new Case("blocks larger than a chunk", BlockCases::large));
    }

    private static String id(String name) {
        return Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String escaped(String name) {
        return id(name).replace("=", "%3D").replace("+", "%2B").replace("/", "%2F");
    }

    private static String latest(String name) {
        return "<Latest>" + id(name) + "</Latest>";
    }

    private static void stage(BlobFixture f, String blob, String name) {
        f.put(blob + "?comp=block&blockid=" + escaped(name), name + "-").is(201);
    }

    private static String staged(BlobFixture f, String... names) {
        String blob = f.free();
        for (String name : names) {
            stage(f, blob, name);
        }
        return blob;
    }

    private static RawAnswer list(BlobFixture f, String blob, String entries, String... headers) {
        return f.put(blob + "?comp=blocklist", "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>" + entries + "</BlockList>", headers);
    }

    private static String committed(BlobFixture f, String... names) {
        String blob = staged(f, names);
        list(f, blob, latests(names)).is(201);
        return blob;
    }

    private static String latests(String... names) {
        return List.of(names).stream().map(BlockCases::latest).collect(Collectors.joining());
    }

    private static void stagingLeaves(BlobFixture f) {
        String blob = f.block("before");
        String etag = f.head(blob).header("ETag");
        stage(f, blob, "a");
        f.get(blob).is(200).says("before").has("ETag", etag);
    }

    private static void blockAgain(BlobFixture f) {
        String blob = staged(f, "a");
        f.put(blob + "?comp=block&blockid=" + escaped("a"), "again").is(201);
        list(f, blob, latest("a")).is(201);
        f.get(blob).is(200).says("again");
    }

    private static void reuse(BlobFixture f) {
        String blob = committed(f, "a", "b", "c");
        list(f, blob, "<Committed>" + id("c") + "</Committed><Committed>" + id("a") + "</Committed>").is(201);
        f.get(blob).is(200).says("c-a-");
        list(f, blob, "<Committed>" + id("b") + "</Committed>").is(400, "InvalidBlockList");
    }

    private static void mixed(BlobFixture f) {
        String blob = committed(f, "a", "b");
        stage(f, blob, "c");
        list(f, blob, "<Committed>" + id("b") + "</Committed><Uncommitted>" + id("c") + "</Uncommitted>" + latest("a")).is(201);
        f.get(blob).is(200).says("b-c-a-");
    }

    private static String restaged(BlobFixture f) {
        String blob = committed(f, "a");
        f.put(blob + "?comp=block&blockid=" + escaped("a"), "newer").is(201);
        return blob;
    }

    private static void latestIsUncommitted(BlobFixture f) {
        String blob = restaged(f);
        list(f, blob, latest("a")).is(201);
        f.get(blob).is(200).says("newer");
    }

    private static void committedStays(BlobFixture f) {
        String blob = restaged(f);
        list(f, blob, "<Committed>" + id("a") + "</Committed>").is(201);
        f.get(blob).is(200).says("a-");
    }

    private static void refusedLeaves(BlobFixture f) {
        String blob = committed(f, "a");
        stage(f, blob, "b");
        list(f, blob, latest("z")).is(400, "InvalidBlockList");
        f.get(blob).is(200).says("a-");
        list(f, blob, latest("b")).is(201);
        f.get(blob).is(200).says("b-");
    }

    private static void unnamedGo(BlobFixture f) {
        String blob = staged(f, "a", "b");
        list(f, blob, latest("a")).is(201);
        f.get(blob + "?comp=blocklist&blocklisttype=uncommitted").is(200).hasXml("count(//Block)", "0");
        list(f, blob, latest("b")).is(400, "InvalidBlockList");
    }

    private static void putDrops(BlobFixture f) {
        String blob = staged(f, "a");
        f.put(blob, "whole", BLOCK).is(201);
        list(f, blob, latest("a")).is(400, "InvalidBlockList");
    }

    private static void many(BlobFixture f) {
        String[] names = IntStream.range(0, 300).mapToObj(i -> String.format("%03d", i)).toArray(String[]::new);
        String blob = committed(f, names);
        f.get(blob).is(200).says(String.join("-", names) + "-");
        f.get(blob, "Range: bytes=398-405").is(206).says("9-100-10");
    }

    private static void large(BlobFixture f) {
        String blob = f.free();
        String first = "a".repeat((1 << 20) + 7);
        String second = "b".repeat(40_000);
        f.put(blob + "?comp=block&blockid=YQ==", first).is(201);
        f.put(blob + "?comp=block&blockid=Yg==", second).is(201);
        list(f, blob, latest("b") + latest("a") + latest("b")).is(201);
        f.get(blob).is(200).says(second + first + second);
        f.get(blob, "Range: bytes=39999-40000").is(206).says("ba");
    }
}
