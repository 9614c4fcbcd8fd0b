package io.lazuli.storage.protocol.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.AccessTier;
import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.ImmutabilityPolicy;
import io.lazuli.storage.partition.blob.LeaseState;
import io.lazuli.storage.partition.table.Ticks;
import io.lazuli.storage.protocol.http.ServiceVersion;
import io.lazuli.storage.protocol.service.XmlBodies;
import io.lazuli.storage.protocol.xml.XmlElement;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BlobListBodyTest {

    private static final long NOW_MILLIS = 1_800_000_000_000L;
    private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;
    private static final Set<String> EVERYTHING = Set.of("metadata", "copy", "tags", "immutabilitypolicy", "legalhold");

    @Test
    void aBlobIsWrittenWithAllThatIsKnownOfIt() {
        XmlElement blob = only(list("2021-12-02", EVERYTHING, state("dir/a&b", 0, 638_000_000_000_000_000L)));
        assertEquals("dir/a&b", blob.child("Name").text());
        assertNull(blob.child("Snapshot"));
        assertEquals("2022-09-28T22:13:20.0000000Z", blob.child("VersionId").text());
        assertEquals("true", blob.child("IsCurrentVersion").text());
        assertEquals("true", blob.child("Deleted").text());
        assertEquals("blue", blob.child("Metadata").child("color").text());
        XmlElement tag = blob.child("Tags").child("TagSet").child("Tag");
        assertEquals("k=v", tag.child("Key").text() + "=" + tag.child("Value").text());
        Map<String, String> expected = Map.ofEntries(
                Map.entry("Etag", "0x1"), Map.entry("Content-Length", "7"), Map.entry("Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="),
                Map.entry("Content-Type", "text/plain"), Map.entry("Content-Encoding", ""), Map.entry("BlobType", "BlockBlob"),
                Map.entry("AccessTier", "Archive"), Map.entry("ArchiveStatus", "rehydrate-pending-to-cool"), Map.entry("LeaseStatus", "locked"),
                Map.entry("LeaseState", "leased"), Map.entry("LeaseDuration", "infinite"), Map.entry("CopyStatus", "pending"),
                Map.entry("CopyProgress", "3/7"), Map.entry("TagCount", "1"), Map.entry("ImmutabilityPolicyMode", "locked"),
                Map.entry("LegalHold", "true"), Map.entry("RemainingRetentionDays", "6"), Map.entry("ServerEncrypted", "true"),
                Map.entry("Last-Modified", "Fri, 15 Jan 2027 08:00:00 GMT"));
        XmlElement properties = blob.child("Properties");
        expected.forEach((name, text) -> assertEquals(text, properties.child(name).text(), name));
    }

    @Test
    void whatWasNotAskedForIsLeftOut() {
        XmlElement blob = only(list("2021-12-02", Set.of(), state("a", 638_000_000_000_000_001L, 0)));
        assertEquals("2022-09-28T22:13:20.0000001Z", blob.child("Snapshot").text());
        for (String name : new String[] {"Metadata", "Tags", "VersionId", "HasVersionsOnly"}) {
            assertNull(blob.child(name), name);
        }
        for (String name : new String[] {"CopyId", "LegalHold", "ImmutabilityPolicyMode", "LeaseStatus"}) {
            assertNull(blob.child("Properties").child(name), name);
        }
    }

    @Test
    void namesThatXmlCannotHoldAreEncoded() {
        byte[] list = list("2021-02-12", Set.of(), state("dir/a\u0001 +%\uFFFF", 0, 0));
        assertEquals("dir/a%01%20%2B%25%EF%BF%BF", only(list).child("Name").text());
        assertEquals(true, new String(list).contains("<Name Encoded=\"true\">"));
        assertEquals("dir/a\uFFFD +%\uFFFD", only(list("2020-10-02", Set.of(), state("dir/a\u0001 +%\uFFFF", 0, 0))).child("Name").text());
    }

    @Test
    void oldVersionsGetAddresses() {
        XmlElement blob = only(list("2012-02-12", Set.of(), state("a b", 0, 0)));
        assertEquals("http://host/account/box/a%20b", blob.child("Url").text());
    }

    @Test
    void markersOfAnyNameSurviveTheWayOverTheClient() {
        for (String next : new String[] {"a", "dir/\u0001\uFFFF", "ü😀", ""}) {
            assertEquals(next.isEmpty() ? null : next, asked("2021-12-02", ListParameters.opaque(next)).marker());
        }
        assertEquals("", ListParameters.opaque(null));
        assertEquals(StorageErrorCode.INVALID_QUERY_PARAMETER_VALUE,
                assertThrows(StorageException.class, () -> asked("2021-12-02", "no marker!").marker()).error());
    }

    private static ListParameters asked(String version, String marker) {
        return new ListParameters(new ServiceVersion(version), "", null, marker, null, 10);
    }

    private static byte[] list(String version, Set<String> include, BlobState state) {
        BlobListBody body = new BlobListBody(asked(version, null), "http://host/account", "box", include, NOW_MILLIS);
        body.blob(state, false);
        body.prefix("dir/");
        return body.end("next");
    }

    private static XmlElement only(byte[] list) {
        XmlElement root = XmlBodies.root(list, "EnumerationResults");
        assertEquals("dir/", root.child("Blobs").child("BlobPrefix").child("Name").text());
        assertEquals(ListParameters.opaque("next"), root.child("NextMarker").text());
        return root.child("Blobs").child("Blob");
    }

    private static BlobState state(String name, long snapshotTicks, long versionTicks) {
        return new BlobState(
                name, BlobKind.BLOCK, 1, snapshotTicks, versionTicks, versionTicks != 0, 0, Ticks.ofEpochMillis(NOW_MILLIS), "\"0x1\"",
                new BlobHeaders("text/plain", null, null, null, null, new byte[16]), Map.of("color", "blue"), Map.of("k", "v"),
                new LeaseState("id", -1, 0, false), 0, false, AccessTier.ARCHIVE, false, 0, AccessTier.COOL,
                new BlobState.CopyState("id", "http://source", BlobState.CopyStatus.PENDING, 3, 7, 0, null),
                new ImmutabilityPolicy(NOW_MILLIS, true), true, new BlobState.Deleted(NOW_MILLIS - DAY_MILLIS - 1, 7), 0, false, false,
                new BlobContent.Inline(1, 7));
    }
}
