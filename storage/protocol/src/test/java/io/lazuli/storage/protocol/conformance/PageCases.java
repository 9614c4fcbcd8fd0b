package io.lazuli.storage.protocol.conformance;

import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.util.List;

/** Page blobs: written and cleared in pages of 512 bytes, listed by what is written, numbered, resized. */
final class PageCases {

    private static final int PAGE = 512;
    private static final String UPDATE = "x-ms-page-write: update";
    private static final String CLEAR = "x-ms-page-write: clear";
    private static final String LIST = "?comp=pagelist";

    private PageCases() {}

    static List<Case> all() {
        return List.of(
                new Case("a new page blob is zeros", f -> f.get(f.pages(2)).is(200).says("\0".repeat(2 * PAGE)).has("x-ms-blob-type", "PageBlob").has("x-ms-blob-sequence-number", "0")),
                new Case("a page blob of no pages", f -> f.get(f.pages(0)).is(200).says("")),
                new Case("a page blob of 8 TiB", f -> {
                    String blob = f.free();
                    f.put(blob, "", "x-ms-blob-type: PageBlob", "x-ms-blob-content-length: 8796093022208").is(201);
                    f.put(blob + "?comp=page", "p".repeat(PAGE), UPDATE, "Range: bytes=8796093021696-8796093022207").is(201);
                    f.get(blob + LIST).is(200).hasXml("//PageRange/Start", "8796093021696").hasXml("//PageRange/End", "8796093022207").has("x-ms-blob-content-length", "8796093022208");
                }),
                new Case("a page blob of more is refused", f -> f.put(f.free(), "", "x-ms-blob-type: PageBlob", "x-ms-blob-content-length: 8796093022720").is(400, "InvalidHeaderValue")),
                new Case("a page blob of half a page is refused", f -> f.put(f.free(), "", "x-ms-blob-type: PageBlob", "x-ms-blob-content-length: 256").is(400, "InvalidHeaderValue")),
                new Case("a page blob without size is refused", f -> f.put(f.free(), "", "x-ms-blob-type: PageBlob").is(400, "MissingRequiredHeader")),
                new Case("pages are read as they were written", f -> f.get(written(f, 4, "a@1", "b@2")).is(200).says(page('\0') + page('a') + page('b') + page('\0'))),
                new Case("a later write wins", f -> f.get(written(f, 2, "a@0", "a@1", "b@0")).is(200).says(page('b') + page('a'))),
                new Case("a write tells ETag and sequence number", f -> write(f, f.pages(1), 'a', 0).is(201).tells("ETag").has("x-ms-blob-sequence-number", "0")),
                new Case("several pages at once", f -> {
                    String blob = f.pages(8);
                    f.put(blob + "?comp=page", "z".repeat(4 * PAGE), UPDATE, range(2, 4)).is(201);
                    f.get(blob).is(200).says("\0".repeat(2 * PAGE) + "z".repeat(4 * PAGE) + "\0".repeat(2 * PAGE));
                }),
                new Case("4 MiB at once", f -> {
                    String blob = f.pages(8_192);
                    f.put(blob + "?comp=page", "z".repeat(4 << 20), UPDATE, range(0, 8_192)).is(201);
                    f.get(blob, "Range: bytes=4194300-").is(206).says("zzzz");
                }),
                new Case("more than 4 MiB at once are refused", f -> f.put(f.pages(8_200) + "?comp=page", "z".repeat((4 << 20) + PAGE), UPDATE, range(0, 8_193)).is(413, "RequestBodyTooLarge")),
                new Case("cleared pages are zeros", f -> {
                    String blob = written(f, 3, "a@0", "a@1", "a@2");
                    f.put(blob + "?comp=page", "", CLEAR, range(1, 1)).is(201);
                    f.get(blob).is(200).says(page('a') + page('\0') + page('a'));
                    f.get(blob + LIST).is(200).hasXml("count(//PageRange)", "2");
                }),
                new Case("pages behind the end are refused", f -> write(f, f.pages(1), 'a', 1).is(416, "InvalidPageRange")),
                new Case("half a page is refused", f -> f.put(f.pages(1) + "?comp=page", "a".repeat(256), UPDATE, "Range: bytes=0-255").is(416, "InvalidPageRange")),
                new Case("pages between pages are refused", f -> f.put(f.pages(2) + "?comp=page", "a".repeat(PAGE), UPDATE, "Range: bytes=1-512").is(416, "InvalidPageRange")),
                new Case("pages without range are refused", f -> f.put(f.pages(1) + "?comp=page", "a".repeat(PAGE), UPDATE).is(400, "MissingRequiredHeader")),
                new Case("less content than the range is refused", f -> f.put(f.pages(2) + "?comp=page", "a".repeat(PAGE), UPDATE, range(0, 2)).is(400, "InvalidHeaderValue")),
                new Case("a clearing with content is refused", f -> f.put(f.pages(1) + "?comp=page", "a".repeat(PAGE), CLEAR, range(0, 1)).is(400, "InvalidHeaderValue")),
                new Case("an unknown kind of writing is refused", f -> f.put(f.pages(1) + "?comp=page", "a".repeat(PAGE), "x-ms-page-write: append", range(0, 1)).is(400, "InvalidHeaderValue")),
                new Case("no kind of writing is refused", f -> f.put(f.pages(1) + "?comp=page", "a".repeat(PAGE), range(0, 1)).is(400, "MissingRequiredHeader")),
                new Case("pages of a block blob are refused", f -> write(f, f.block("a".repeat(PAGE)), 'b', 0).is(409, "InvalidBlobType")),
                new Case("pages of no blob answer 404", f -> write(f, f.free(), 'a', 0).is(404, "BlobNotFound")),
                new Case("what is written is listed, neighbours as one", f -> f.get(written(f, 10, "a@1", "b@2", "c@5") + LIST).is(200).hasXml("count(//PageRange)", "2").hasXml("//PageRange[1]/Start", "512").hasXml("//PageRange[1]/End", "1535").hasXml("//PageRange[2]/Start", "2560").hasXml("//PageRange[2]/End", "3071").has("x-ms-blob-content-length", "5120").tells("ETag")),
                new Case("nothing written, nothing listed", f -> f.get(f.pages(10) + LIST).is(200).hasXml("count(//PageRange)", "0")),
                new Case("what is written in a range is listed", f -> f.get(written(f, 10, "a@1", "b@2", "c@5") + LIST, "Range: bytes=1024-2047").is(200).hasXml("count(//PageRange)", "1").hasXml("//PageRange/Start", "1024").hasXml("//PageRange/End", "1535")),
                new Case("ranges of a snapshot are its own", f -> {
                    String blob = written(f, 4, "a@0");
                    String snapshot = snapshot(f, blob);
                    write(f, blob, 'b', 2).is(201);
                    f.get(blob + LIST + "&snapshot=" + snapshot).is(200).hasXml("count(//PageRange)", "1");
                    f.get(blob + "?snapshot=" + snapshot).is(200).says(page('a') + "\0".repeat(3 * PAGE));
                }),
                new Case("what changed since a snapshot is listed", f -> {
                    String blob = written(f, 6, "a@0", "a@3");
                    String snapshot = snapshot(f, blob);
                    write(f, blob, 'b', 1).is(201);
                    f.put(blob + "?comp=page", "", CLEAR, range(3, 1)).is(201);
                    f.get(blob + LIST + "&prevsnapshot=" + snapshot).is(200).hasXml("count(//PageRange)", "1").hasXml("//PageRange/Start", "512").hasXml("count(//ClearRange)", "1").hasXml("//ClearRange/Start", "1536");
                }),
                new Case("what changed between two snapshots is listed", f -> {
                    String blob = written(f, 6, "a@0");
                    String first = snapshot(f, blob);
                    write(f, blob, 'b', 2).is(201);
                    String second = snapshot(f, blob);
                    write(f, blob, 'c', 4).is(201);
                    f.get(blob + LIST + "&snapshot=" + second + "&prevsnapshot=" + first).is(200).hasXml("count(//PageRange)", "1").hasXml("//PageRange/Start", "1024");
                }),
                new Case("nothing changed since a snapshot", f -> {
                    String blob = written(f, 2, "a@0");
                    f.get(blob + LIST + "&prevsnapshot=" + snapshot(f, blob)).is(200).hasXml("count(//PageRange) + count(//ClearRange)", "0");
                }),
                new Case("what changed since a snapshot that is none is refused", f -> f.get(f.pages(1) + LIST + "&prevsnapshot=2001-01-01T00:00:00.0000000Z").is(409, "PreviousSnapshotNotFound")),
                new Case("a list of ranges pages through", f -> {
                    String blob = written(f, 10, "a@1", "a@3", "a@5");
                    String marker = f.get(blob + LIST + "&maxresults=2").is(200).hasXml("count(//PageRange)", "2").xml("/PageList/NextMarker");
                    f.get(blob + LIST + "&maxresults=2&marker=" + marker).is(200).hasXml("count(//PageRange)", "1").hasXml("//PageRange/Start", "2560");
                }),
                new Case("ranges of a block blob are refused", f -> f.get(f.block("a") + LIST).is(409, "InvalidBlobType")),
                new Case("a sequence number is given with the blob", f -> f.head(f.pages(1, "x-ms-blob-sequence-number: 7")).is(200).has("x-ms-blob-sequence-number", "7")),
                new Case("a sequence number is set", f -> number(f, f.pages(1), "update", 9).is(200).has("x-ms-blob-sequence-number", "9")),
                new Case("a sequence number is the larger", f -> {
                    String blob = f.pages(1, "x-ms-blob-sequence-number: 7");
                    number(f, blob, "max", 5).is(200).has("x-ms-blob-sequence-number", "7");
                    number(f, blob, "max", 8).is(200).has("x-ms-blob-sequence-number", "8");
                }),
                new Case("a sequence number goes up by one", f -> f.put(f.pages(1, "x-ms-blob-sequence-number: 7") + "?comp=properties", "", "x-ms-sequence-number-action: increment").is(200).has("x-ms-blob-sequence-number", "8")),
                new Case("a sequence number that goes up by one is not named", f -> number(f, f.pages(1), "increment", 5).is(400, "InvalidHeaderValue")),
                new Case("a sequence number that is set must be named", f -> f.put(f.pages(1) + "?comp=properties", "", "x-ms-sequence-number-action: max").is(400, "MissingRequiredHeader")),
                new Case("a sequence number below zero is refused", f -> number(f, f.pages(1), "update", -1).is(400, "InvalidHeaderValue")),
                new Case("a write if the number is at most", f -> numbered(f, "x-ms-if-sequence-number-le: 7").is(201)),
                new Case("a write if the number is at most one less answers 412", f -> numbered(f, "x-ms-if-sequence-number-le: 6").is(412, "SequenceNumberConditionNotMet")),
                new Case("a write if the number is less", f -> numbered(f, "x-ms-if-sequence-number-lt: 8").is(201)),
                new Case("a write if the number is less than itself answers 412", f -> numbered(f, "x-ms-if-sequence-number-lt: 7").is(412, "SequenceNumberConditionNotMet")),
                new Case("a write if the number is that", f -> numbered(f, "x-ms-if-sequence-number-eq: 7").is(201)),
                new Case("a write if the number is another answers 412", f -> numbered(f, "x-ms-if-sequence-number-eq: 8").is(412, "SequenceNumberConditionNotMet")),
                new Case("a page blob grows with zeros", f -> {
                    String blob = written(f, 1, "a@0");
                    resize(f, blob, 2).is(200);
                    f.get(blob).is(200).says(page('a') + page('\0'));
                }),
                new Case("a page blob shrinks, and what is cut stays gone", f -> {
                    String blob = written(f, 3, "a@0", "b@1", "c@2");
                    resize(f, blob, 1).is(200);
                    f.get(blob).is(200).says(page('a'));
                    resize(f, blob, 3).is(200);
                    f.get(blob).is(200).says(page('a') + "\0".repeat(2 * PAGE));
                    f.get(blob + LIST).is(200).hasXml("count(//PageRange)", "1");
                }),
                new Case("a size of half a page is refused", f -> f.put(f.pages(1) + "?comp=properties", "", "x-ms-blob-content-length: 100").is(400, "InvalidHeaderValue")),
                new Case("a new size keeps the headers", f -> {
                    String blob = f.pages(1, "x-ms-blob-content-type: image/x");
                    resize(f, blob, 2).is(200);
                    f.head(blob).is(200).has("Content-Type", "image/x").has("Content-Length", "1024");
                }),
                new Case("an incremental copy answers an error", f -> {
                    RawAnswer answer = f.put(f.free() + "?comp=incrementalcopy", "", "x-ms-copy-source: " + f.endpoint() + f.pages(1));
                    if (answer.status() < 400) {
                        throw new AssertionError("accepted: " + answer);
                    }
                }));
    }

    private static String page(char c) {
        return String.valueOf(c).repeat(PAGE);
    }

    private static String range(int firstPage, int pages) {
        return "Range: bytes=" + firstPage * PAGE + "-" + ((firstPage + pages) * PAGE - 1);
    }

    private static RawAnswer write(BlobFixture f, String blob, char c, int at) {
        return f.put(blob + "?comp=page", page(c), UPDATE, range(at, 1));
    }

    /** @param writes {@code character@page} */
    private static String written(BlobFixture f, int pages, String... writes) {
        String blob = f.pages(pages);
        for (String one : writes) {
            write(f, blob, one.charAt(0), Integer.parseInt(one.substring(2))).is(201);
        }
        return blob;
    }

    private static String snapshot(BlobFixture f, String blob) {
        return f.put(blob + "?comp=snapshot", "").is(201).header("x-ms-snapshot");
    }

    private static RawAnswer number(BlobFixture f, String blob, String action, long number) {
        return f.put(blob + "?comp=properties", "", "x-ms-sequence-number-action: " + action, "x-ms-blob-sequence-number: " + number);
    }

    private static RawAnswer numbered(BlobFixture f, String condition) {
        return f.put(f.pages(1, "x-ms-blob-sequence-number: 7") + "?comp=page", page('a'), UPDATE, range(0, 1), condition);
    }

    private static RawAnswer resize(BlobFixture f, String blob, int pages) {
        return f.put(blob + "?comp=properties", "", "x-ms-blob-content-length: " + pages * PAGE);
    }
}
