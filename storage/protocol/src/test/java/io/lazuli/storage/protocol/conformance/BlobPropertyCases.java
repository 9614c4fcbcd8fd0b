package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.util.List;
import java.util.stream.Stream;

/** What a blob says of itself and how that changes: properties, metadata, tags, tiers; and its snapshots. */
final class BlobPropertyCases {

    private static final String BLOCK = "x-ms-blob-type: BlockBlob";
    private static final String PROPERTIES = "?comp=properties";
    private static final String METADATA = "?comp=metadata";
    private static final String TAGS = "?comp=tags";
    private static final String TIER = "?comp=tier";
    private static final String SNAPSHOT = "?comp=snapshot";

    private BlobPropertyCases() {}

    static List<Case> all() {
        return Stream.of(properties(), metadata(), tags(), tiers(), snapshots()).flatMap(List::stream).toList();
    }

    private static List<Case> properties() {
        return List.of(
                new Case("properties are set", f -> {
                    String blob = f.block("a");
                    f.put(blob + PROPERTIES, "", "x-ms-blob-content-type: text/css", "x-ms-blob-cache-control: no-store", "x-ms-blob-content-encoding: gzip", "x-ms-blob-content-language: de", "x-ms-blob-content-disposition: inline").is(200).tells("ETag");
                    f.head(blob).is(200).has("Content-Type", "text/css").has("Cache-Control", "no-store").has("Content-Encoding", "gzip").has("Content-Language", "de").has("Content-Disposition", "inline");
                }),
                new Case("properties that are not set go", f -> {
                    String blob = f.block("a", "x-ms-blob-cache-control: no-store", "x-ms-blob-content-language: de");
                    f.put(blob + PROPERTIES, "", "x-ms-blob-content-type: text/css").is(200);
                    f.head(blob).is(200).has("Cache-Control", "").has("Content-Language", "").has("Content-MD5", "");
                }),
                new Case("properties leave metadata and tags", f -> {
                    String blob = f.block("a", "x-ms-meta-one: 1", "x-ms-tags: a=b");
                    f.put(blob + PROPERTIES, "", "x-ms-blob-content-type: text/css").is(200);
                    f.head(blob).is(200).has("x-ms-meta-one", "1").has("x-ms-tag-count", "1");
                }),
                new Case("properties change the ETag", f -> changesTag(f, PROPERTIES, "", "x-ms-blob-content-type: text/css")),
                new Case("a digest can be set", f -> {
                    String blob = f.block("a");
                    f.put(blob + PROPERTIES, "", "x-ms-blob-content-md5: AAAAAAAAAAAAAAAAAAAAAA==").is(200);
                    f.head(blob).is(200).has("Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==");
                }),
                new Case("a digest that is none is refused", f -> f.put(f.block("a") + PROPERTIES, "", "x-ms-blob-content-md5: eA==").is(400, "InvalidMd5")),
                new Case("properties of no blob answer 404", f -> f.put(f.free() + PROPERTIES, "").is(404, "BlobNotFound")),
                new Case("a size of a block blob is refused", f -> assertEquals(409, f.put(f.block("a") + PROPERTIES, "", "x-ms-blob-content-length: 512").status())));
    }

    private static List<Case> metadata() {
        return List.of(
                new Case("metadata replace those before", f -> {
                    String blob = f.block("a", "x-ms-meta-one: 1");
                    f.put(blob + METADATA, "", "x-ms-meta-two: 2").is(200).tells("ETag").tells("Last-Modified").has("x-ms-request-server-encrypted", "true");
                    f.get(blob + METADATA).is(200).has("x-ms-meta-one", "").has("x-ms-meta-two", "2");
                    f.head(blob + METADATA).is(200).has("x-ms-meta-two", "2");
                }),
                new Case("no metadata drop all", f -> {
                    String blob = f.block("a", "x-ms-meta-one: 1");
                    f.put(blob + METADATA, "").is(200);
                    f.head(blob).is(200).has("x-ms-meta-one", "");
                }),
                new Case("metadata leave content and type", f -> {
                    String blob = f.block("text", "x-ms-blob-content-type: text/css", "x-ms-tags: a=b");
                    f.put(blob + METADATA, "", "x-ms-meta-a: b").is(200);
                    f.get(blob).is(200).says("text").has("Content-Type", "text/css").has("x-ms-tag-count", "1");
                }),
                new Case("metadata change the ETag", f -> changesTag(f, METADATA, "", "x-ms-meta-a: b")),
                new Case("metadata of no blob answer 404", f -> f.put(f.free() + METADATA, "", "x-ms-meta-a: b").is(404, "BlobNotFound")),
                new Case("metadata of no blob are not read", f -> f.get(f.free() + METADATA).is(404, "BlobNotFound")),
                new Case("metadata are of letters, digits and underscores", f -> f.put(f.block("a") + METADATA, "", "x-ms-meta-a-b: c").is(400, "InvalidMetadata")));
    }

    private static List<Case> tags() {
        return List.of(
                new Case("tags are set and read", f -> {
                    String blob = f.block("a");
                    f.put(blob + TAGS, tags("color", "red", "size", "5 kg")).is(204);
                    f.get(blob + TAGS).is(200).hasXml("count(/Tags/TagSet/Tag)", "2").hasXml("//Tag[Key='size']/Value", "5 kg");
                }),
                new Case("tags replace those before", f -> {
                    String blob = f.block("a", "x-ms-tags: a=b&c=d");
                    f.put(blob + TAGS, tags("e", "f")).is(204);
                    f.get(blob + TAGS).is(200).hasXml("count(//Tag)", "1").hasXml("//Tag/Key", "e");
                }),
                new Case("no tags drop all", f -> {
                    String blob = f.block("a", "x-ms-tags: a=b");
                    f.put(blob + TAGS, "<Tags><TagSet/></Tags>").is(204);
                    f.get(blob + TAGS).is(200).hasXml("count(//Tag)", "0");
                }),
                new Case("tags leave ETag and time", f -> {
                    String blob = f.block("a");
                    String etag = f.head(blob).header("ETag");
                    f.put(blob + TAGS, tags("a", "b")).is(204);
                    f.head(blob).is(200).has("ETag", etag);
                }),
                new Case("a blob without tags has an empty set", f -> f.get(f.block("a") + TAGS).is(200).hasXml("count(/Tags/TagSet)", "1").hasXml("count(//Tag)", "0")),
                new Case("tags in a header are escaped", f -> f.get(f.block("a", "x-ms-tags: my%20key=a%2Bb") + TAGS).is(200).hasXml("//Tag/Key", "my key").hasXml("//Tag/Value", "a+b")),
                new Case("a value may be empty", f -> f.get(f.block("a", "x-ms-tags: a=") + TAGS).is(200).hasXml("//Tag/Key", "a").hasXml("//Tag/Value", "")),
                new Case("a key of 128 characters and a value of 256", f -> f.put(f.block("a") + TAGS, tags("k".repeat(128), "v".repeat(256))).is(204)),
                new Case("a key of 129 characters is refused", f -> f.put(f.block("a") + TAGS, tags("k".repeat(129), "v")).is(400, "TagsTooLarge")),
                new Case("a value of 257 characters is refused", f -> f.put(f.block("a") + TAGS, tags("k", "v".repeat(257))).is(400, "TagsTooLarge")),
                new Case("a key with other characters is refused", f -> f.put(f.block("a") + TAGS, tags("k!", "v")).is(400, "InvalidTags")),
                new Case("a key twice is refused", f -> f.put(f.block("a") + TAGS, tags("k", "v", "k", "w")).is(400, "InvalidTags")),
                new Case("an empty key is refused", f -> f.put(f.block("a") + TAGS, tags("", "v")).is(400)),
                new Case("eleven tags are refused", f -> f.put(f.block("a") + TAGS, tags("a", "1", "b", "1", "c", "1", "d", "1", "e", "1", "f", "1", "g", "1", "h", "1", "i", "1", "j", "1", "k", "1")).is(400, "TagsTooLarge")),
                new Case("tags that are no XML are refused", f -> f.put(f.block("a") + TAGS, "a=b").is(400, "InvalidXmlDocument")),
                new Case("tags of no blob answer 404", f -> f.put(f.free() + TAGS, tags("a", "b")).is(404, "BlobNotFound")),
                new Case("tags of no blob are not read", f -> f.get(f.free() + TAGS).is(404, "BlobNotFound")));
    }

    private static List<Case> tiers() {
        return List.of(
                new Case("a tier is set", f -> {
                    String blob = f.block("a");
                    f.put(blob + TIER, "", "x-ms-access-tier: Cool").is(200);
                    f.head(blob).is(200).has("x-ms-access-tier", "Cool").has("x-ms-access-tier-inferred", "").tells("x-ms-access-tier-change-time");
                }),
                new Case("a cold tier is set", f -> {
                    String blob = f.block("a");
                    f.put(blob + TIER, "", "x-ms-access-tier: Cold").is(200);
                    f.get(blob).is(200).says("a");
                }),
                new Case("a tier leaves the ETag", f -> {
                    String blob = f.block("a");
                    String etag = f.head(blob).header("ETag");
                    f.put(blob + TIER, "", "x-ms-access-tier: Cool").is(200);
                    f.head(blob).is(200).has("ETag", etag);
                }),
                new Case("an unknown tier is refused", f -> f.put(f.block("a") + TIER, "", "x-ms-access-tier: Warm").is(400, "InvalidHeaderValue")),
                new Case("no tier is refused", f -> f.put(f.block("a") + TIER, "").is(400, "MissingRequiredHeader")),
                new Case("a tier of no blob answers 404", f -> f.put(f.free() + TIER, "", "x-ms-access-tier: Cool").is(404, "BlobNotFound")),
                new Case("a tier of a page blob is refused", f -> f.put(f.pages(1) + TIER, "", "x-ms-access-tier: Cool").is(409, "InvalidBlobType")),
                new Case("an archived blob is not read", f -> f.get(archived(f)).is(409, "BlobArchived")),
                new Case("an archived blob tells of itself", f -> f.head(archived(f)).is(200).has("x-ms-access-tier", "Archive")),
                new Case("an archived blob is put as such", f -> f.get(f.block("a", "x-ms-access-tier: Archive")).is(409, "BlobArchived")),
                new Case("an archived blob is replaced", f -> f.put(archived(f), "b", BLOCK).is(201)),
                new Case("an archived blob is deleted", f -> f.delete(archived(f)).is(202)),
                new Case("an archived blob has no snapshot made", f -> f.put(archived(f) + SNAPSHOT, "").is(409, "BlobArchived")),
                new Case("an archived blob's metadata are not set", f -> f.put(archived(f) + METADATA, "", "x-ms-meta-a: b").is(409, "BlobArchived")),
                new Case("an archived blob's properties are not set", f -> f.put(archived(f) + PROPERTIES, "", "x-ms-blob-content-type: text/css").is(409, "BlobArchived")),
                new Case("an archived blob's tags are set", f -> f.put(archived(f) + TAGS, tags("a", "b")).is(204)),
                new Case("an archived blob comes back in time", f -> {
                    String blob = archived(f);
                    f.put(blob + TIER, "", "x-ms-access-tier: Hot").is(202);
                    f.head(blob).is(200).has("x-ms-access-tier", "Archive").has("x-ms-archive-status", "rehydrate-pending-to-hot");
                }),
                new Case("an unknown haste is refused", f -> f.put(archived(f) + TIER, "", "x-ms-access-tier: Hot", "x-ms-rehydrate-priority: Now").is(400, "InvalidHeaderValue")));
    }

    private static List<Case> snapshots() {
        return List.of(
                new Case("a snapshot stays as it was", f -> {
                    String blob = f.block("old", "x-ms-meta-a: b");
                    String snapshot = snapshot(f, blob);
                    f.put(blob, "new", BLOCK).is(201);
                    f.get(blob + "?snapshot=" + snapshot).is(200).says("old").has("x-ms-meta-a", "b");
                    f.get(blob).is(200).says("new");
                }),
                new Case("a snapshot has the ETag of its blob", f -> {
                    String blob = f.block("a");
                    String etag = f.head(blob).header("ETag");
                    f.head(blob + "?snapshot=" + snapshot(f, blob)).is(200).has("ETag", etag);
                    f.head(blob).is(200).has("ETag", etag);
                }),
                new Case("a snapshot may have metadata of its own", f -> {
                    String blob = f.block("a", "x-ms-meta-one: 1");
                    String snapshot = f.put(blob + SNAPSHOT, "", "x-ms-meta-two: 2").is(201).header("x-ms-snapshot");
                    f.head(blob + "?snapshot=" + snapshot).is(200).has("x-ms-meta-one", "").has("x-ms-meta-two", "2");
                    f.head(blob).is(200).has("x-ms-meta-one", "1").has("x-ms-meta-two", "");
                }),
                new Case("snapshots are told apart", f -> {
                    String blob = f.block("a");
                    assertNotEquals(snapshot(f, blob), snapshot(f, blob));
                }),
                new Case("a snapshot of a leased blob tells no lease", f -> {
                    String blob = f.block("a");
                    f.put(blob + "?comp=lease", "", "x-ms-lease-action: acquire", "x-ms-lease-duration: -1").is(201);
                    f.head(blob + "?snapshot=" + snapshot(f, blob)).is(200).has("x-ms-lease-state", "");
                }),
                new Case("a snapshot's metadata are not written", f -> f.put(f.block("a") + METADATA + "&snapshot=2020-01-01T00:00:00.0000000Z", "", "x-ms-meta-a: b").is(400, "InvalidQueryParameterValue")),
                new Case("a snapshot is not replaced", f -> f.put(f.block("a") + "?snapshot=2020-01-01T00:00:00.0000000Z", "b", BLOCK).is(400, "InvalidQueryParameterValue")),
                new Case("a version is not replaced", f -> f.put(f.block("a") + "?versionid=2020-01-01T00:00:00.0000000Z", "b", BLOCK).is(400, "InvalidQueryParameterValue")),
                new Case("a snapshot is not leased", f -> f.put(f.block("a") + "?comp=lease&snapshot=2020-01-01T00:00:00.0000000Z", "", "x-ms-lease-action: acquire", "x-ms-lease-duration: -1").is(400, "InvalidQueryParameterValue")),
                new Case("a blob with snapshots is not deleted alone", f -> {
                    String blob = f.block("a");
                    snapshot(f, blob);
                    f.delete(blob).is(409, "SnapshotsPresent");
                    f.delete(blob, "x-ms-delete-snapshots: include").is(202);
                    f.get(blob).is(404, "BlobNotFound");
                }),
                new Case("snapshots are deleted alone", f -> {
                    String blob = f.block("a");
                    String first = snapshot(f, blob);
                    String second = snapshot(f, blob);
                    f.delete(blob + "?snapshot=" + first).is(202);
                    f.get(blob + "?snapshot=" + first).is(404, "BlobNotFound");
                    f.get(blob + "?snapshot=" + second).is(200);
                    f.delete(blob, "x-ms-delete-snapshots: only").is(202);
                    f.get(blob + "?snapshot=" + second).is(404, "BlobNotFound");
                    f.get(blob).is(200).says("a");
                    f.delete(blob).is(202);
                }),
                new Case("a snapshot that is none answers 404", f -> f.get(f.block("a") + "?snapshot=2020-01-01T00:00:00.0000000Z").is(404, "BlobNotFound")),
                new Case("a snapshot whose name is no time is refused", f -> f.get(f.block("a") + "?snapshot=first").is(400, "InvalidQueryParameterValue")),
                new Case("a snapshot of no blob answers 404", f -> f.put(f.free() + SNAPSHOT, "").is(404, "BlobNotFound")),
                new Case("a snapshot has tags of its own", f -> {
                    String blob = f.block("a", "x-ms-tags: a=b");
                    String snapshot = snapshot(f, blob);
                    f.put(blob + TAGS, tags("c", "d")).is(204);
                    f.get(blob + TAGS + "&snapshot=" + snapshot).is(200).hasXml("//Tag/Key", "a");
                }),
                new Case("a snapshot is copied over its blob", f -> {
                    String blob = f.block("old");
                    String snapshot = snapshot(f, blob);
                    f.put(blob, "new", BLOCK).is(201);
                    f.put(blob, "", "x-ms-requires-sync: true", "x-ms-copy-source: " + f.endpoint() + blob + "?snapshot=" + snapshot).is(202);
                    f.get(blob).is(200).says("old");
                }));
    }

    private static void changesTag(BlobFixture f, String comp, String body, String... headers) {
        String blob = f.block("a");
        String etag = f.head(blob).header("ETag");
        assertNotEquals(etag, f.put(blob + comp, body, headers).is(200).header("ETag"));
        assertNotEquals(etag, f.head(blob).header("ETag"));
    }

    private static String tags(String... keysAndValues) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><Tags><TagSet>");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            xml.append("<Tag><Key>").append(keysAndValues[i]).append("</Key><Value>").append(keysAndValues[i + 1]).append("</Value></Tag>");
        }
        return xml.append("</TagSet></Tags>").toString();
    }

    private static String archived(BlobFixture f) {
        String blob = f.block("a");
        f.put(blob + TIER, "", "x-ms-access-tier: Archive").is(200);
        return blob;
    }

    private static String snapshot(BlobFixture f, String blob) {
        return f.put(blob + SNAPSHOT, "").is(201).tells("x-ms-snapshot").header("x-ms-snapshot");
    }
}
