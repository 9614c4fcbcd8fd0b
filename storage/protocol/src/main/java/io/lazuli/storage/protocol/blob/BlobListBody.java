package io.lazuli.storage.protocol.blob;

import io.lazuli.security.HttpDates;
import io.lazuli.storage.partition.blob.AccessTier;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.LeaseState;
import io.lazuli.storage.protocol.http.ServiceVersion;
import io.lazuli.storage.protocol.xml.Utf8;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One answer of List Blobs as XML, written entry by entry. A name with characters that XML cannot hold is written percent-encoded and says so.
 * Source: "List Blobs".
 */
final class BlobListBody {

    static final int BLOB_BYTES = 1_024;

    private static final String ENDPOINT_SINCE = "2013-08-15";
    private static final String ENCODED_SINCE = "2021-02-12";
    private static final long MILLIS_PER_DAY = 24L * 60 * 60 * 1_000;

    private final ServiceVersion version;
    private final String containerUrl;
    private final Set<String> include;
    private final long nowMillis;
    private final boolean named;
    private final XmlWriter xml;

    /** @param include what was asked for besides, in lower case */
    BlobListBody(ListParameters asked, String accountEndpoint, String container, Set<String> include, long nowMillis) {
        this.version = asked.version();
        this.containerUrl = accountEndpoint + "/" + container;
        this.include = include;
        this.nowMillis = nowMillis;
        this.named = version.isSince(ENDPOINT_SINCE);
        this.xml = new XmlWriter(BLOB_BYTES);
        if (named) {
            xml.open("EnumerationResults", "ServiceEndpoint", accountEndpoint + "/", "ContainerName", container);
        } else {
            xml.open("EnumerationResults", "ContainerName", containerUrl);
        }
        asked.echo(xml);
        xml.open("Blobs");
    }

    int lengthBytes() {
        return xml.lengthBytes();
    }

    void prefix(String prefix) {
        xml.open("BlobPrefix");
        name(prefix);
        xml.close("BlobPrefix");
    }

    /** @param versionsOnly of a version of a blob that has no current state */
    void blob(BlobState blob, boolean versionsOnly) {
        xml.open("Blob");
        name(blob.name());
        if (!named) {
            xml.element("Url", containerUrl + "/" + encoded(blob.name()));
        }
        if (blob.snapshotTicks() != 0) {
            xml.element("Snapshot", BlobTimes.name(blob.snapshotTicks()));
        }
        if (blob.versionTicks() != 0) {
            xml.element("VersionId", BlobTimes.name(blob.versionTicks()));
        }
        if (blob.isCurrentVersion()) {
            xml.element("IsCurrentVersion", true);
        }
        if (blob.deleted() != null) {
            xml.element("Deleted", true);
        }
        xml.open("Properties");
        writeProperties(blob);
        writeStanding(blob);
        xml.close("Properties");
        if (include.contains("metadata")) {
            xml.open("Metadata");
            blob.metadata().forEach(xml::element);
            xml.close("Metadata");
        }
        if (include.contains("tags") && !noTags(blob)) {
            writeTags(blob.tags(), xml);
        }
        if (versionsOnly) {
            xml.element("HasVersionsOnly", true);
        }
        xml.element("OrMetadata", "").close("Blob");
    }

    private static boolean noTags(BlobState blob) {
        return blob.tags() == null || blob.tags().isEmpty();
    }

    static void writeTags(Map<String, String> tags, XmlWriter xml) {
        xml.open("Tags").open("TagSet");
        tags.forEach((key, value) -> xml.open("Tag").element("Key", key).element("Value", value).close("Tag"));
        xml.close("TagSet").close("Tags");
    }

    private void writeProperties(BlobState blob) {
        xml.element("Creation-Time", BlobTimes.http(blob.createdTicks()))
                .element("Last-Modified", BlobTimes.http(blob.modifiedTicks()))
                .element("Etag", unquoted(blob.etag()))
                .element("Content-Length", blob.lengthBytes());
        BlobHeaders headers = blob.headers();
        xml.element("Content-Type", orEmpty(headers.contentType()))
                .element("Content-Encoding", orEmpty(headers.contentEncoding()))
                .element("Content-Language", orEmpty(headers.contentLanguage()))
                .element("Content-MD5", headers.contentMd5() == null ? "" : Base64.getEncoder().encodeToString(headers.contentMd5()))
                .element("Cache-Control", orEmpty(headers.cacheControl()))
                .element("Content-Disposition", orEmpty(headers.contentDisposition()));
        if (blob.kind() == BlobKind.PAGE) {
            xml.element("x-ms-blob-sequence-number", blob.sequenceNumber());
        }
        xml.element("BlobType", StateHeaders.kindName(blob.kind()));
        if (blob.sealed()) {
            xml.element("Sealed", true);
        }
        if (blob.kind() == BlobKind.BLOCK) {
            writeTier(blob);
        }
    }

    private void writeTier(BlobState blob) {
        xml.element("AccessTier", DraftHeaders.name(blob.tier() == null ? AccessTier.HOT : blob.tier()));
        if (blob.tier() == null || blob.tierInferred()) {
            xml.element("AccessTierInferred", true);
        }
        if (blob.tierChangedMillis() > 0) {
            xml.element("AccessTierChangeTime", HttpDates.format(blob.tierChangedMillis()));
        }
        if (blob.rehydrating() != null) {
            xml.element("ArchiveStatus", "rehydrate-pending-to-" + DraftHeaders.name(blob.rehydrating()).toLowerCase(Locale.ROOT));
        }
    }

    /** What holds for it beside its content: lease, copy, deletion, tags, immutability. */
    private void writeStanding(BlobState blob) {
        if (blob.snapshotTicks() == 0 && (blob.versionTicks() == 0 || blob.isCurrentVersion())) {
            LeaseState.Phase phase = blob.lease().phase(nowMillis);
            xml.element("LeaseStatus", LeaseHeaders.status(phase)).element("LeaseState", LeaseHeaders.state(phase));
            optional("LeaseDuration", LeaseHeaders.duration(blob.lease(), phase), xml);
        }
        if (include.contains("copy") && blob.copy() != null) {
            writeCopy(blob.copy());
        }
        xml.element("ServerEncrypted", true);
        if (blob.deleted() != null) {
            xml.element("DeletedTime", HttpDates.format(blob.deleted().sinceMillis()))
                    .element("RemainingRetentionDays", remainingDays(blob.deleted().sinceMillis(), blob.deleted().retentionDays(), nowMillis));
        }
        if (!noTags(blob)) {
            xml.element("TagCount", blob.tags().size());
        }
        if (include.contains("immutabilitypolicy") && blob.immutability() != null) {
            xml.element("ImmutabilityPolicyUntilDate", HttpDates.format(blob.immutability().untilMillis()))
                    .element("ImmutabilityPolicyMode", blob.immutability().locked() ? "locked" : "unlocked");
        }
        if (include.contains("legalhold")) {
            xml.element("LegalHold", blob.legalHold());
        }
    }

    private void writeCopy(BlobState.CopyState copy) {
        xml.element("CopyId", copy.id())
                .element("CopyStatus", copy.status().name().toLowerCase(Locale.ROOT))
                .element("CopySource", copy.source())
                .element("CopyProgress", copy.copiedBytes() + "/" + copy.totalBytes());
        if (copy.completedMillis() > 0) {
            xml.element("CopyCompletionTime", HttpDates.format(copy.completedMillis()));
        }
        optional("CopyStatusDescription", copy.description(), xml);
    }

    /** Ends the document. @param next null at the end of the list */
    byte[] end(String next) {
        return xml.close("Blobs").element("NextMarker", ListParameters.opaque(next)).close("EnumerationResults").toBytes();
    }

    private void name(String name) {
        if (version.isSince(ENCODED_SINCE) && !name.codePoints().allMatch(Utf8::isXmlCharacter)) {
            xml.element("Name", "Encoded", "true", encoded(name));
        } else {
            xml.element("Name", name);
        }
    }

    /** Percent-encoded except for letters, digits, {@code -._~} and slashes. */
    private static String encoded(String name) {
        StringBuilder out = new StringBuilder(name.length() + 32);
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || "-._~/".indexOf(b) >= 0;
            if (plain) {
                out.append((char) b);
            } else {
                out.append('%').append(Character.toUpperCase(Character.forDigit(b >> 4 & 0xF, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 0xF, 16)));
            }
        }
        return out.toString();
    }

    private static String unquoted(String etag) {
        return etag.length() >= 2 && etag.startsWith("\"") ? etag.substring(1, etag.length() - 1) : etag;
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    static void optional(String name, String text, XmlWriter xml) {
        if (text != null) {
            xml.element(name, text);
        }
    }

    /** Whole days, begun ones included. */
    static long remainingDays(long sinceMillis, int retentionDays, long nowMillis) {
        return Math.max(0, Math.ceilDiv(sinceMillis + retentionDays * MILLIS_PER_DAY - nowMillis, MILLIS_PER_DAY));
    }
}
