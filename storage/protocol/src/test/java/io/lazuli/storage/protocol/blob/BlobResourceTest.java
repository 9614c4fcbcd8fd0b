package io.lazuli.storage.protocol.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import org.junit.jupiter.api.Test;

class BlobResourceTest {

    private static BlobResource parse(String rawPath) {
        return BlobResource.parse(rawPath, null);
    }

    private static void refused(StorageErrorCode code, String rawPath, String restype) {
        assertEquals(code, assertThrows(StorageException.class, () -> BlobResource.parse(rawPath, restype), rawPath).error(), rawPath);
    }

    @Test
    void aPathNamesServiceContainerOrBlob() {
        assertEquals(new BlobResource.Service(), parse(""));
        assertEquals(new BlobResource.Container("pictures"), BlobResource.parse("pictures", "container"));
        assertEquals(new BlobResource.Container("pictures"), BlobResource.parse("pictures/", "container"));
        assertEquals(new BlobResource.Container("pictures"), BlobResource.parse("pictures", "account"));
        assertEquals(new BlobResource.Blob("pictures", "cat.png"), parse("pictures/cat.png"));
    }

    @Test
    void slashesAndEscapesArePartOfABlobsName() {
        assertEquals(new BlobResource.Blob("pictures", "a/b//c/"), parse("pictures/a/b//c/"));
        assertEquals(new BlobResource.Blob("pictures", "a/b c+ü"), parse("pictures/a%2Fb%20c+%C3%BC"));
        assertEquals(new BlobResource.Blob("pictures", "/"), parse("pictures//"));
    }

    @Test
    void aBlobWithoutContainerIsInTheRootContainer() {
        assertEquals(new BlobResource.Blob("$root", "logo.png"), parse("logo.png"));
        assertEquals(new BlobResource.Blob("$root", "logo.png"), parse("$root/logo.png"));
        assertEquals(new BlobResource.Container("$root"), parse("$root"));
        assertEquals(new BlobResource.Blob("$web", "a/index.html"), parse("$web/a/index.html"));
        refused(StorageErrorCode.INVALID_RESOURCE_NAME, "$root/a/b", null);
    }

    @Test
    void namesOutsideOfTheRulesAreRefused() {
        for (String name : new String[] {"Upper", "two--hyphens", "-first", "last-", "under_score", "$other"}) {
            refused(StorageErrorCode.INVALID_RESOURCE_NAME, name + "/blob", null);
        }
        refused(StorageErrorCode.OUT_OF_RANGE_INPUT, "ab/blob", null);
        refused(StorageErrorCode.OUT_OF_RANGE_INPUT, "a".repeat(64) + "/blob", null);
        refused(StorageErrorCode.OUT_OF_RANGE_INPUT, "pictures/" + "b".repeat(1025), null);
        refused(StorageErrorCode.INVALID_RESOURCE_NAME, "pictures/a%00b", null);
        refused(StorageErrorCode.INVALID_RESOURCE_NAME, "pictures/" + "a/".repeat(254), null);
        refused(StorageErrorCode.INVALID_URI, "pictures/", null);
        refused(StorageErrorCode.INVALID_QUERY_PARAMETER_VALUE, "pictures/cat", "container");
        assertEquals(new BlobResource.Blob("pictures", "b".repeat(1024)), parse("pictures/" + "b".repeat(1024)));
    }
}
