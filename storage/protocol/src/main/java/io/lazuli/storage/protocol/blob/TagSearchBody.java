package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.partition.blob.BlobService.TagListing;
import io.lazuli.storage.protocol.xml.XmlWriter;

/** The answer of Find Blobs by Tags as XML. Source: "Find Blobs by Tags", "Find Blobs by Tags in Container". */
final class TagSearchBody {

    static final int BLOB_BYTES = 512;

    private TagSearchBody() {}

    /** @param endpoint the account's, without a slash at the end */
    static byte[] write(String endpoint, String where, TagListing listing) {
        XmlWriter xml = new XmlWriter(BLOB_BYTES * (1 + listing.blobs().size()))
                .open("EnumerationResults", "ServiceEndpoint", endpoint + "/")
                .element("Where", where)
                .open("Blobs");
        for (TagListing.TaggedBlob blob : listing.blobs()) {
            xml.open("Blob").element("Name", blob.name()).element("ContainerName", blob.container());
            BlobListBody.writeTags(blob.tags(), xml);
            xml.close("Blob");
        }
        return xml.close("Blobs").element("NextMarker", ListParameters.opaque(listing.next())).close("EnumerationResults").toBytes();
    }
}
