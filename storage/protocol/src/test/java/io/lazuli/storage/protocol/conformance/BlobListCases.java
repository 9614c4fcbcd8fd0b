package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.core.http.rest.PagedResponse;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.AccessTier;
import com.azure.storage.blob.models.BlobContainerItem;
import com.azure.storage.blob.models.BlobContainerListDetails;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.BlobType;
import com.azure.storage.blob.models.DeleteSnapshotsOptionType;
import com.azure.storage.blob.models.LeaseStateType;
import com.azure.storage.blob.models.LeaseStatusType;
import com.azure.storage.blob.models.ListBlobContainersOptions;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.lazuli.security.PercentCoding;
import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Lists of containers and of blobs, flat and by hierarchy. */
final class BlobListCases {

    private static final String LIST = "?restype=container&comp=list";

    private BlobListCases() {}

    static List<Case> all() {
        return List.of(
                new Case("containers are found by prefix, in order", BlobListCases::containersByPrefix),
                new Case("a list of containers pages through with markers", BlobListCases::containerPages),
                new Case("containers have metadata only when asked", BlobListCases::containerMetadata),
                new Case("containers tell access, lease and ETag", BlobListCases::containerProperties),
                new Case("containers of the system can be asked for", f -> f.raw().send("GET", "/?comp=list&include=system,metadata,deleted&maxresults=1").is(200)),
                new Case("an unknown include of containers is refused", f -> f.raw().send("GET", "/?comp=list&include=all").is(400, "InvalidQueryParameterValue")),
                new Case("no results asked for is refused", f -> f.raw().send("GET", "/?comp=list&maxresults=0").is(400, "OutOfRangeQueryParameterValue")),
                new Case("a list of an empty container is empty", f -> assertEquals(List.of(), names(f.container(), ""))),
                new Case("a list of no container answers 404", f -> Expect.blobError(404, "ContainerNotFound", () -> names(f.service().getBlobContainerClient(f.freeName()), ""))),
                new Case("blobs are listed in the order of their names' bytes", f -> assertEquals(List.of("A", "B", "a", "a/b", "a0", "b", "é", "漢", "😀"), names(f.containerWith("😀", "b", "漢", "a0", "a/b", "B", "é", "A", "a"), ""))),
                new Case("blobs are found by prefix", f -> assertEquals(List.of("a/1", "a/2"), names(f.containerWith("a", "a/1", "a/2", "b/1"), "a/"))),
                new Case("a prefix that nothing has finds nothing", f -> assertEquals(List.of(), names(f.containerWith("a"), "b"))),
                new Case("a list pages through with markers", BlobListCases::pages),
                new Case("a list starts from a name", f -> assertEquals("b", f.raw().send("GET", "/" + f.containerWith("a", "b", "c").getBlobContainerName() + LIST + "&startFrom=b&maxresults=1").is(200).xml("/EnumerationResults/Blobs/Blob/Name"))),
                new Case("a marker that nobody gave is refused", f -> f.raw().send("GET", "/" + f.container().getBlobContainerName() + LIST + "&marker=*").is(400, "InvalidQueryParameterValue")),
                new Case("more than 5,000 results asked for are as many as there may be", f -> f.raw().send("GET", "/" + f.containerWith("a").getBlobContainerName() + LIST + "&maxresults=6000").is(200).hasXml("/EnumerationResults/MaxResults", "5000")),
                new Case("what was asked is repeated", f -> f.raw().send("GET", "/" + f.containerWith("a/b").getBlobContainerName() + LIST + "&prefix=a&delimiter=/").is(200).hasXml("/EnumerationResults/Prefix", "a").hasXml("/EnumerationResults/Delimiter", "/").hasXml("/EnumerationResults/NextMarker", "")),
                new Case("odd names come back", BlobListCases::oddNames),
                new Case("names that XML cannot hold are written encoded", BlobListCases::encodedNames),
                new Case("a hierarchy is a directory and its blobs", f -> assertEquals(List.of("file", "dir/"), hierarchy(f.containerWith("file", "dir/1", "dir/2", "dir/sub/3"), ""))),
                new Case("a hierarchy below a directory", f -> assertEquals(List.of("dir/1", "dir/2", "dir/sub/"), hierarchy(f.containerWith("file", "dir/1", "dir/2", "dir/sub/3", "dir/sub/4"), "dir/"))),
                new Case("a delimiter of several characters", f -> f.raw().send("GET", "/" + f.containerWith("a::b", "a:c").getBlobContainerName() + LIST + "&delimiter=::").is(200).hasXml("/EnumerationResults/Blobs/BlobPrefix/Name", "a::").hasXml("/EnumerationResults/Blobs/Blob/Name", "a:c")),
                new Case("a hierarchy pages through with markers", BlobListCases::hierarchyPages),
                new Case("snapshots are not listed by hierarchy", f -> f.raw().send("GET", "/" + f.container().getBlobContainerName() + LIST + "&delimiter=/&include=snapshots").is(400, "InvalidQueryParameterValue")),
                new Case("an unknown include is refused", f -> f.raw().send("GET", "/" + f.container().getBlobContainerName() + LIST + "&include=everything").is(400, "InvalidQueryParameterValue")),
                new Case("a blob tells all of its properties", BlobListCases::properties),
                new Case("metadata are listed only when asked", BlobListCases::metadata),
                new Case("tags are listed only when asked", BlobListCases::tags),
                new Case("snapshots are listed only when asked, oldest first", BlobListCases::snapshots),
                new Case("a tier is listed", BlobListCases::tier),
                new Case("uncommitted blobs are listed only when asked", BlobListCases::uncommitted));
    }

    private static void containersByPrefix(BlobFixture f) {
        String prefix = "list-" + UUID.randomUUID() + "-";
        for (String end : List.of("c", "a", "b")) {
            f.service().createBlobContainer(f.owned(prefix + end));
        }
        List<String> names = f.service().listBlobContainers(new ListBlobContainersOptions().setPrefix(prefix), null).stream().map(BlobContainerItem::getName).toList();
        assertEquals(List.of(prefix + "a", prefix + "b", prefix + "c"), names);
    }

    private static void containerPages(BlobFixture f) {
        String prefix = "list-" + UUID.randomUUID() + "-";
        for (String end : List.of("1", "2", "3", "4", "5")) {
            f.service().createBlobContainer(f.owned(prefix + end));
        }
        List<String> read = new ArrayList<>();
        for (PagedResponse<BlobContainerItem> page : f.service().listBlobContainers(new ListBlobContainersOptions().setPrefix(prefix).setMaxResultsPerPage(2), null).iterableByPage()) {
            assertTrue(page.getValue().size() <= 2);
            page.getValue().forEach(item -> read.add(item.getName().substring(prefix.length())));
        }
        assertEquals(List.of("1", "2", "3", "4", "5"), read);
    }

    private static BlobContainerItem listed(BlobFixture f, String name, boolean metadata) {
        ListBlobContainersOptions options = new ListBlobContainersOptions().setPrefix(name).setDetails(new BlobContainerListDetails().setRetrieveMetadata(metadata));
        return f.service().listBlobContainers(options, null).stream().findFirst().orElseThrow();
    }

    private static void containerMetadata(BlobFixture f) {
        BlobContainerClient container = f.container();
        container.setMetadata(Map.of("color", "<blue> & \"green\""));
        assertEquals(Map.of("color", "<blue> & \"green\""), listed(f, container.getBlobContainerName(), true).getMetadata());
        assertNull(listed(f, container.getBlobContainerName(), false).getMetadata());
    }

    private static void containerProperties(BlobFixture f) {
        BlobContainerClient container = f.container();
        BlobContainerItem item = listed(f, container.getBlobContainerName(), false);
        assertEquals(LeaseStateType.AVAILABLE, item.getProperties().getLeaseState());
        assertEquals(LeaseStatusType.UNLOCKED, item.getProperties().getLeaseStatus());
        assertEquals(container.getProperties().getETag(), item.getProperties().getETag().replace("\"", ""));
        assertNull(item.getProperties().getPublicAccess());
    }

    private static List<String> names(BlobContainerClient container, String prefix) {
        return container.listBlobs(new ListBlobsOptions().setPrefix(prefix), null).stream().map(BlobItem::getName).toList();
    }

    private static List<String> hierarchy(BlobContainerClient container, String directory) {
        return container.listBlobsByHierarchy(directory).stream().map(BlobItem::getName).toList();
    }

    private static String[] numbered(int count) {
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = String.format("blob-%03d", i);
        }
        return names;
    }

    private static void pages(BlobFixture f) {
        BlobContainerClient container = f.containerWith(numbered(25));
        List<String> read = new ArrayList<>();
        for (PagedResponse<BlobItem> page : container.listBlobs(new ListBlobsOptions().setMaxResultsPerPage(10), null).iterableByPage()) {
            assertTrue(page.getValue().size() <= 10);
            page.getValue().forEach(item -> read.add(item.getName()));
        }
        assertEquals(List.of(numbered(25)), read);
        assertEquals(List.of(numbered(25)), names(container, ""));
    }

    private static void hierarchyPages(BlobFixture f) {
        BlobContainerClient container = f.containerWith("a/1", "a/2", "b", "c/1", "c/2", "d", "e/1");
        List<String> read = new ArrayList<>();
        for (PagedResponse<BlobItem> page : container.listBlobsByHierarchy("/", new ListBlobsOptions().setMaxResultsPerPage(2), null).iterableByPage()) {
            assertTrue(page.getValue().size() <= 2);
            page.getValue().forEach(item -> read.add(item.getName()));
        }
        assertEquals(List.of("a/", "b", "c/", "d", "e/"), read.stream().sorted().toList());
    }

    private static void oddNames(BlobFixture f) {
        String[] odd = {" blank ", "a&b<c>\"d\"", "a+b", "a%20b", "a'b", "a?b#c", "a\\b", "dir//x", "é漢😀"};
        BlobContainerClient container = f.container();
        for (String name : odd) {
            f.raw().send("PUT", "/" + container.getBlobContainerName() + "/" + PercentCoding.encode(name), Map.of("x-ms-blob-type", "BlockBlob"), "x").is(201);
        }
        assertEquals(List.of(odd).stream().sorted().toList(), names(container, "").stream().sorted().toList());
    }

    private static void encodedNames(BlobFixture f) {
        BlobContainerClient container = f.container();
        String name = "dir+/a \uFFFF";
        f.raw().send("PUT", "/" + container.getBlobContainerName() + "/" + PercentCoding.encode(name), Map.of("x-ms-blob-type", "BlockBlob"), "x").is(201);
        assertEquals(List.of(name), names(container, ""));
        f.raw().send("GET", "/" + container.getBlobContainerName() + LIST).is(200).hasXml("/EnumerationResults/Blobs/Blob/Name/@Encoded", "true");
    }

    private static BlobItem only(BlobContainerClient container, BlobListDetails details) {
        List<BlobItem> items = container.listBlobs(new ListBlobsOptions().setDetails(details), null).stream().toList();
        assertEquals(1, items.size());
        return items.getFirst();
    }

    private static void properties(BlobFixture f) {
        BlobContainerClient container = f.container();
        BlobClient blob = f.put(container, "a", "hello");
        BlobItem item = only(container, new BlobListDetails());
        assertEquals(5, item.getProperties().getContentLength());
        assertEquals(BlobType.BLOCK_BLOB, item.getProperties().getBlobType());
        assertEquals("application/octet-stream", item.getProperties().getContentType());
        assertEquals(AccessTier.HOT, item.getProperties().getAccessTier());
        assertTrue(item.getProperties().isAccessTierInferred());
        assertEquals(LeaseStateType.AVAILABLE, item.getProperties().getLeaseState());
        assertEquals(blob.getProperties().getETag().replace("\"", ""), item.getProperties().getETag().replace("\"", ""));
        assertEquals(blob.getProperties().getCreationTime(), item.getProperties().getCreationTime());
        assertNotNull(item.getProperties().getContentMd5());
        assertTrue(item.getProperties().isServerEncrypted());
        assertFalse(item.isDeleted());
        assertNull(item.getSnapshot());
    }

    private static void metadata(BlobFixture f) {
        BlobContainerClient container = f.container();
        f.put(container, "a", "x").setMetadata(Map.of("color", "a & b"));
        assertEquals(Map.of("color", "a & b"), only(container, new BlobListDetails().setRetrieveMetadata(true)).getMetadata());
        assertNull(only(container, new BlobListDetails()).getMetadata());
    }

    private static void tags(BlobFixture f) {
        BlobContainerClient container = f.container();
        f.put(container, "a", "x").setTags(Map.of("k 1", "v 1", "k2", "2"));
        BlobItem item = only(container, new BlobListDetails().setRetrieveTags(true));
        assertEquals(Map.of("k 1", "v 1", "k2", "2"), item.getTags());
        assertEquals(2, item.getProperties().getTagCount());
        Map<String, String> notAsked = only(container, new BlobListDetails()).getTags();
        assertTrue(notAsked == null || notAsked.isEmpty());
    }

    private static void snapshots(BlobFixture f) {
        BlobContainerClient container = f.container();
        BlobClient blob = f.put(container, "a", "x");
        List<String> made = List.of(blob.createSnapshot().getSnapshotId(), blob.createSnapshot().getSnapshotId());
        List<BlobItem> items = container.listBlobs(new ListBlobsOptions().setDetails(new BlobListDetails().setRetrieveSnapshots(true)), null).stream().toList();
        assertEquals(made, items.stream().map(BlobItem::getSnapshot).filter(id -> id != null).toList());
        assertEquals(3, items.size());
        assertNull(only(container, new BlobListDetails()).getSnapshot());
        blob.deleteWithResponse(DeleteSnapshotsOptionType.INCLUDE, null, null, null);
    }

    private static void tier(BlobFixture f) {
        BlobContainerClient container = f.container();
        f.put(container, "a", "x").setAccessTier(AccessTier.COOL);
        BlobItem item = only(container, new BlobListDetails());
        assertEquals(AccessTier.COOL, item.getProperties().getAccessTier());
        assertNotNull(item.getProperties().getAccessTierChangeTime());
    }

    private static void uncommitted(BlobFixture f) {
        BlobContainerClient container = f.container();
        f.raw().send("PUT", "/" + container.getBlobContainerName() + "/half?comp=block&blockid=MDAwMQ%3D%3D", Map.of(), "some bytes").is(201);
        assertEquals(List.of(), names(container, ""));
        assertEquals("half", only(container, new BlobListDetails().setRetrieveUncommittedBlobs(true)).getName());
    }
}
