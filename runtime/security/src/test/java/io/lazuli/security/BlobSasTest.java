package io.lazuli.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.sas.BlobSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.azure.storage.blob.specialized.BlobClientBase;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.lazuli.kernel.ManualClock;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signatures for containers, blobs, their states and directories: what each version signs, the official SDK, and what each kind covers. */
class BlobSasTest {

    private static final String KEY_TEXT = Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes());
    private static final SigningKey KEY = SigningKey.ofBase64(KEY_TEXT);
    private static final String EXPIRY = "2024-01-02T00:00:00Z";
    private static final String SNAPSHOT = "2023-12-01T00:00:00.1234567Z";
    private static final Permission READ = Permission.of("r");

    private final ManualClock clock = new ManualClock(Iso8601.parseMillis("2024-01-01T12:00:00Z").getAsLong());
    private final SasVerifier verifier = new SasVerifier(StorageService.BLOB, account -> account.equals("acc1") ? List.of(KEY) : List.of(), clock);

    private final BlobContainerClient sdk = new BlobServiceClientBuilder()
            .endpoint("http://127.0.0.1:10000/acc1")
            .credential(new StorageSharedKeyCredential("acc1", KEY_TEXT))
            .buildClient()
            .getBlobContainerClient("photos");

    private SasGrant verify(String token, String container, String blob) {
        return verifier.verify(QueryString.parse(token), "acc1", container, blob, () -> "10.0.0.5", false);
    }

    private void mayRead(String token, String container, String blob) {
        verify(token, container, blob).require(ResourceType.OBJECT, container, READ, READ);
    }

    private void isRefused(String token, String container, String blob) {
        assertThrows(RefusedException.class, () -> mayRead(token, container, blob));
    }

    private static BlobSas sas(String kind, String path, String version, String state, String depth) {
        return new BlobSas(kind, "photos", path, version, "rw", "", EXPIRY, "", "", "", state, "", depth, BlobSas.ResponseHeaders.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2012-02-12 | r\\n\\n2024\\n/a/photos/x\\n\\n2012-02-12
            2013-08-15 | r\\n\\n2024\\n/a/photos/x\\n\\n2013-08-15\\ncc\\ncd\\nce\\ncl\\nct
            2015-02-21 | r\\n\\n2024\\n/blob/a/photos/x\\n\\n2015-02-21\\ncc\\ncd\\nce\\ncl\\nct
            2015-04-05 | r\\n\\n2024\\n/blob/a/photos/x\\n\\n\\n\\n2015-04-05\\ncc\\ncd\\nce\\ncl\\nct
            2018-11-09 | r\\n\\n2024\\n/blob/a/photos/x\\n\\n\\n\\n2018-11-09\\nb\\n\\ncc\\ncd\\nce\\ncl\\nct
            2020-12-06 | r\\n\\n2024\\n/blob/a/photos/x\\n\\n\\n\\n2020-12-06\\nb\\n\\nscope\\ncc\\ncd\\nce\\ncl\\nct
            """)
    void whatIsSignedGrewWithTheVersions(String version, String text) {
        assertEquals(text.replace("\\n", "\n"), new BlobSas(
                "b", "photos", "x", version, "r", "", "2024", "", "", "", "", "scope", "",
                new BlobSas.ResponseHeaders("cc", "cd", "ce", "cl", "ct")).stringToSign("a"));
    }

    @Test
    void signaturesOfTheOfficialClientAreGood() {
        BlobServiceSasSignatureValues values = new BlobServiceSasSignatureValues(
                OffsetDateTime.parse(EXPIRY), BlobSasPermission.parse("racwdxytmei"))
                .setContentType("text/a b").setCacheControl("no-cache").setContentDisposition("inline").setContentEncoding("gzip").setContentLanguage("de");
        BlobClientBase blob = sdk.getBlobClient("a b/ü+1.jpg");
        String token = blob.generateSas(values);
        mayRead(token, "photos", "a b/ü+1.jpg");
        assertEquals(new BlobSas.ResponseHeaders("no-cache", "inline", "gzip", "de", "text/a b"), verify(token, "photos", "a b/ü+1.jpg").responseHeaders());
        isRefused(token, "photos", "a b/other.jpg");
        isRefused(token, "music", "a b/ü+1.jpg");
        isRefused(token.replace("rscl=de", "rscl=en"), "photos", "a b/ü+1.jpg");
        String snapshot = sdk.getBlobClient("x").getSnapshotClient(SNAPSHOT).generateSas(new BlobServiceSasSignatureValues(
                OffsetDateTime.parse(EXPIRY), BlobSasPermission.parse("r")));
        mayRead(snapshot + "&snapshot=" + SNAPSHOT, "photos", "x");
        isRefused(snapshot, "photos", "x");
        String version = sdk.getBlobClient("x").getVersionClient(SNAPSHOT).generateSas(new BlobServiceSasSignatureValues(
                OffsetDateTime.parse(EXPIRY), BlobSasPermission.parse("r")));
        mayRead(version + "&versionid=" + SNAPSHOT, "photos", "x");
        isRefused(version + "&versionid=2023-12-01T00:00:00.1234568Z", "photos", "x");
        String container = sdk.generateSas(new BlobServiceSasSignatureValues(OffsetDateTime.parse(EXPIRY), BlobSasPermission.parse("r")));
        mayRead(container, "photos", "x");
        mayRead(container, "photos", "any/other");
        isRefused(container, "music", "x");
    }

    @Test
    void directoryCoversWhatIsWithinItOnly() {
        String token = sas("d", "a/b", "2021-12-02", "", "2").token("acc1", KEY);
        mayRead(token, "photos", "a/b/c");
        mayRead(token, "photos", "a/b/c/d");
        isRefused(token, "photos", "a/b");
        isRefused(token, "photos", "a/bc/d");
        isRefused(token, "photos", "a/c/b");
        isRefused(token, "photos", null);
        mayRead(token + "&comp=list&prefix=a/b/", "photos", null);
        mayRead(token + "&comp=list&prefix=a/b/c", "photos", null);
        isRefused(token + "&comp=list&prefix=a/b", "photos", null);
        isRefused(token + "&comp=blobs&prefix=a/b/", "photos", null);
        isRefused(token.replace("sdd=2", "sdd=1"), "photos", "a/b/c");
        isRefused(sas("d", "a", "2021-12-02", "", "0").token("acc1", KEY), "photos", "a/b");
    }

    @Test
    void signatureForAStateDoesNotChangeTheBlob() {
        String token = sas("bs", "x", "2021-12-02", SNAPSHOT, "").token("acc1", KEY) + "&snapshot=" + SNAPSHOT;
        mayRead(token, "photos", "x");
        Permission write = Permission.of("w", "c");
        assertThrows(RefusedException.class, () -> verify(token, "photos", "x").require(ResourceType.OBJECT, "photos", write, write));
    }

    @ParameterizedTest
    @CsvSource({"bs, 2018-03-28", "bv, 2019-07-07", "d, 2019-12-12", "b, 2011-08-18", "f, 2021-12-02", "'', 2021-12-02"})
    void kindBeforeItsVersionOrUnknownIsRefused(String kind, String version) {
        isRefused(sas(kind, "x", version, SNAPSHOT, "1").token("acc1", KEY) + "&snapshot=" + SNAPSHOT + "&versionid=" + SNAPSHOT, "photos", "x");
    }

    @Test
    void userDelegationIsNotOffered() {
        String token = sas("b", "x", "2021-12-02", "", "").token("acc1", KEY) + "&skoid=1&sktid=2&skt=3&ske=4&sks=b&skv=2021-12-02";
        RefusedException refused = assertThrows(RefusedException.class, () -> verify(token, "photos", "x"));
        assertEquals(RefusedException.Reason.AUTHENTICATION_FAILED, refused.reason());
        assertTrue(refused.detail().contains("user delegation"), refused.detail());
    }
}
