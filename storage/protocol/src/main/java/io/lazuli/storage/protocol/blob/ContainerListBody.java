package io.lazuli.storage.protocol.blob;

import io.lazuli.security.HttpDates;
import io.lazuli.storage.partition.blob.BlobService.ContainerListing;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.LeaseState;
import io.lazuli.storage.protocol.xml.XmlWriter;

/** The answer of List Containers as XML. Source: "List Containers". */
final class ContainerListBody {

    static final int CONTAINER_BYTES = 1_024;

    private static final String ENDPOINT_SINCE = "2013-08-15";

    private ContainerListBody() {}

    /** @param endpoint the account's, without a slash at the end */
    static byte[] write(ListParameters asked, String endpoint, ContainerListing listing, boolean metadata, long nowMillis) {
        boolean named = asked.version().isSince(ENDPOINT_SINCE);
        XmlWriter xml = new XmlWriter(CONTAINER_BYTES * (1 + listing.containers().size()))
                .open("EnumerationResults", named ? "ServiceEndpoint" : "AccountName", endpoint + (named ? "/" : ""));
        asked.echo(xml);
        xml.open("Containers");
        for (ContainerState container : listing.containers()) {
            xml.open("Container").element("Name", container.name());
            if (container.deletedMillis() > 0) {
                xml.element("Version", container.version()).element("Deleted", true);
            }
            if (!named) {
                xml.element("Url", endpoint + "/" + container.name());
            }
            xml.open("Properties");
            writeProperties(container, nowMillis, xml);
            xml.close("Properties");
            if (metadata) {
                xml.open("Metadata");
                container.metadata().forEach(xml::element);
                xml.close("Metadata");
            }
            xml.close("Container");
        }
        return xml.close("Containers").element("NextMarker", listing.next() == null ? "" : listing.next()).close("EnumerationResults").toBytes();
    }

    private static void writeProperties(ContainerState container, long nowMillis, XmlWriter xml) {
        xml.element("Last-Modified", BlobTimes.http(container.modifiedTicks())).element("Etag", container.etag());
        LeaseState.Phase phase = container.lease().phase(nowMillis);
        xml.element("LeaseStatus", LeaseHeaders.status(phase)).element("LeaseState", LeaseHeaders.state(phase));
        BlobListBody.optional("LeaseDuration", LeaseHeaders.duration(container.lease(), phase), xml);
        BlobListBody.optional("PublicAccess", ContainerRequests.text(container.publicAccess()), xml);
        xml.element("DefaultEncryptionScope", ContainerRequests.ACCOUNT_SCOPE)
                .element("DenyEncryptionScopeOverride", false)
                .element("HasImmutabilityPolicy", false)
                .element("HasLegalHold", false)
                .element("ImmutableStorageWithVersioningEnabled", false);
        if (container.deletedMillis() > 0) {
            xml.element("DeletedTime", HttpDates.format(container.deletedMillis()))
                    .element("RemainingRetentionDays", BlobListBody.remainingDays(container.deletedMillis(), container.retentionDays(), nowMillis));
        }
    }
}
