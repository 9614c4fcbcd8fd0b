package io.lazuli.storage.protocol.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.ContainerState.PublicAccess;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlobOperationTest {

    private static final BlobResource BLOB = new BlobResource.Blob("pictures", "cat.png");
    private static final BlobResource CONTAINER = new BlobResource.Container("pictures");

    private static BlobOperation of(BlobResource resource, String method, String query, String... headers) {
        return BlobOperation.of(FakeHead.of(method, query, headers), resource);
    }

    @Test
    void aWriteOfABlobIsToldByItsHeaders() {
        String source = "x-ms-copy-source";
        assertEquals(BlobOperation.PUT_BLOB, of(BLOB, "PUT", "", "x-ms-blob-type", "BlockBlob"));
        assertEquals(BlobOperation.PUT_BLOB_FROM_URL, of(BLOB, "PUT", "", "x-ms-blob-type", "BlockBlob", source, "http://a/b"));
        assertEquals(BlobOperation.COPY_BLOB, of(BLOB, "PUT", "", source, "http://a/b"));
        assertEquals(BlobOperation.COPY_BLOB_FROM_URL, of(BLOB, "PUT", "", source, "http://a/b", "x-ms-requires-sync", "true"));
        assertEquals(BlobOperation.PUT_BLOCK, of(BLOB, "PUT", "comp=block"));
        assertEquals(BlobOperation.PUT_BLOCK_FROM_URL, of(BLOB, "PUT", "comp=block", source, "http://a/b"));
        assertEquals(BlobOperation.APPEND_BLOCK_FROM_URL, of(BLOB, "PUT", "comp=appendblock", source, "http://a/b"));
        assertEquals(BlobOperation.PUT_PAGE, of(BLOB, "PUT", "comp=page"));
    }

    @Test
    void deletingAVersionIsAnotherPermissionThanDeletingABlob() {
        assertEquals(BlobOperation.DELETE_BLOB, of(BLOB, "DELETE", ""));
        assertEquals(BlobOperation.DELETE_VERSION, of(BLOB, "DELETE", "versionid=2026-11-23T10:14:37.1234567Z"));
        assertEquals(BlobOperation.DELETE_PERMANENTLY, of(BLOB, "DELETE", "deletetype=permanent&snapshot=x"));
    }

    @Test
    void otherVerbsAndComponentsAreRefused() {
        assertEquals(StorageErrorCode.UNSUPPORTED_HTTP_VERB,
                assertThrows(StorageException.class, () -> of(BLOB, "POST", "")).error());
        assertEquals(StorageErrorCode.UNSUPPORTED_HTTP_VERB,
                assertThrows(StorageException.class, () -> of(BLOB, "GET", "comp=lease")).error());
        assertEquals(StorageErrorCode.INVALID_QUERY_PARAMETER_VALUE,
                assertThrows(StorageException.class, () -> of(BLOB, "PUT", "comp=nothing")).error());
        assertEquals(StorageErrorCode.INVALID_QUERY_PARAMETER_VALUE,
                assertThrows(StorageException.class, () -> of(CONTAINER, "GET", "comp=page")).error());
        assertEquals(BlobOperation.GET_ACCOUNT_INFORMATION, of(BLOB, "HEAD", "restype=account&comp=properties"));
    }

    private static PublicAccess ofPublic(BlobResource resource, String query, String... headers) {
        return of(resource, "GET", query, headers).requirement(resource, FakeHead.of("GET", query, headers)).ofPublic();
    }

    @Test
    void whatIsNotToBeReadYetOrAnyMoreIsNotForEverybody() {
        assertEquals(PublicAccess.BLOB, ofPublic(BLOB, ""));
        assertEquals(PublicAccess.BLOB, ofPublic(BLOB, "comp=blocklist"));
        assertEquals(PublicAccess.BLOB, ofPublic(BLOB, "comp=blocklist&blocklisttype=committed"));
        assertEquals(PublicAccess.NONE, ofPublic(BLOB, "comp=blocklist&blocklisttype=all"));
        assertEquals(PublicAccess.NONE, ofPublic(BLOB, "comp=blocklist&blocklisttype=Uncommitted"));
        assertEquals(PublicAccess.NONE, ofPublic(BLOB, "", "x-ms-if-tags", "a = '1'"));
        assertEquals(PublicAccess.CONTAINER, ofPublic(CONTAINER, "restype=container&comp=list&include=metadata,snapshots"));
        for (String part : List.of("deleted", "Tags", "uncommittedblobs", "deletedwithversions")) {
            assertEquals(PublicAccess.NONE, ofPublic(CONTAINER, "restype=container&comp=list&include=metadata,%20" + part), part);
        }
    }
}
