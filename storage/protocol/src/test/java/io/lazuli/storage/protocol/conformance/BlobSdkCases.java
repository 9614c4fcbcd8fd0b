package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.models.AccessTier;
import com.azure.storage.blob.models.AppendBlobRequestConditions;
import com.azure.storage.blob.models.BlobCopyInfo;
import com.azure.storage.blob.models.BlobHttpHeaders;
import com.azure.storage.blob.models.BlobImmutabilityPolicy;
import com.azure.storage.blob.models.BlobImmutabilityPolicyMode;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobType;
import com.azure.storage.blob.models.BlockListType;
import com.azure.storage.blob.models.LeaseStateType;
import com.azure.storage.blob.models.PageRange;
import com.azure.storage.blob.models.ParallelTransferOptions;
import com.azure.storage.blob.models.SequenceNumberActionType;
import com.azure.storage.blob.options.AppendBlobSealOptions;
import com.azure.storage.blob.options.BlobInputStreamOptions;
import com.azure.storage.blob.options.BlobParallelUploadOptions;
import com.azure.storage.blob.specialized.AppendBlobClient;
import com.azure.storage.blob.specialized.BlobInputStream;
import com.azure.storage.blob.specialized.BlobLeaseClient;
import com.azure.storage.blob.specialized.BlobLeaseClientBuilder;
import com.azure.storage.blob.specialized.BlobOutputStream;
import com.azure.storage.blob.specialized.BlockBlobClient;
import com.azure.storage.blob.specialized.PageBlobClient;
import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Single blobs by the official client, with the objects, streams and pollers that programs use. */
final class BlobSdkCases {

    private static final byte[] LARGE = random(2_500_000);

    private BlobSdkCases() {}

    static List<Case> all() {
        return List.of(
                new Case("the client uploads and downloads", f -> assertEquals("text", uploaded(f, "text").downloadContent().toString())),
                new Case("the client does not overwrite unless told", f -> Expect.blobError(409, "BlobAlreadyExists", () -> uploaded(f, "a").upload(BinaryData.fromString("b")))),
                new Case("the client asks whether a blob is there", f -> {
                    assertTrue(uploaded(f, "a").exists());
                    assertFalse(fresh(f).exists());
                }),
                new Case("the client deletes what may be there", f -> {
                    BlobClient blob = uploaded(f, "a");
                    assertTrue(blob.deleteIfExists());
                    assertFalse(blob.deleteIfExists());
                }),
                new Case("the client uploads in blocks, several at once", BlobSdkCases::parallel),
                new Case("the client downloads in ranges", f -> {
                    BlobClient blob = fresh(f);
                    blob.upload(BinaryData.fromBytes(LARGE));
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    blob.downloadStreamWithResponse(out, new BlobRange(1_000_000, 500_000L), null, null, false, null, null);
                    assertArrayEquals(Arrays.copyOfRange(LARGE, 1_000_000, 1_500_000), out.toByteArray());
                }),
                new Case("the client reads a stream part by part", BlobSdkCases::inputStream),
                new Case("the client writes a stream", BlobSdkCases::outputStream),
                new Case("the client reads an empty blob as a stream", f -> {
                    try (BlobInputStream in = uploaded(f, "").openInputStream()) {
                        assertEquals(-1, in.read());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }),
                new Case("the client knows all properties", BlobSdkCases::properties),
                new Case("the client sets headers", f -> {
                    BlobClient blob = uploaded(f, "a");
                    blob.setHttpHeaders(new BlobHttpHeaders().setContentType("text/css").setCacheControl("no-store"));
                    assertEquals("text/css", blob.getProperties().getContentType());
                    assertEquals("no-store", blob.getProperties().getCacheControl());
                }),
                new Case("the client sets metadata", f -> {
                    BlobClient blob = uploaded(f, "a");
                    blob.setMetadata(Map.of("one", "1", "two", "2"));
                    assertEquals(Map.of("one", "1", "two", "2"), blob.getProperties().getMetadata());
                }),
                new Case("the client sets and reads tags", f -> {
                    BlobClient blob = uploaded(f, "a");
                    blob.setTags(Map.of("color", "red/blue"));
                    assertEquals(Map.of("color", "red/blue"), blob.getTags());
                }),
                new Case("the client sets a tier", f -> {
                    BlobClient blob = uploaded(f, "a");
                    blob.setAccessTier(AccessTier.COOL);
                    assertEquals(AccessTier.COOL, blob.getProperties().getAccessTier());
                }),
                new Case("the client's conditions keep it from overwriting", f -> {
                    BlobClient blob = uploaded(f, "a");
                    String etag = blob.getProperties().getETag();
                    blob.upload(BinaryData.fromString("b"), true);
                    Expect.blobError(412, "ConditionNotMet", () -> blob.uploadWithResponse(new BlobParallelUploadOptions(BinaryData.fromString("c")).setRequestConditions(new BlobRequestConditions().setIfMatch(etag)), null, null));
                }),
                new Case("the client puts blocks and commits them", f -> {
                    BlockBlobClient blob = fresh(f).getBlockBlobClient();
                    String first = id("1");
                    String second = id("2");
                    blob.stageBlock(first, BinaryData.fromString("one"));
                    blob.stageBlock(second, BinaryData.fromString("two"));
                    assertEquals(2, blob.listBlocks(BlockListType.UNCOMMITTED).getUncommittedBlocks().size());
                    blob.commitBlockList(List.of(second, first));
                    assertEquals("twoone", blob.downloadContent().toString());
                    assertEquals(List.of(second, first), blob.listBlocks(BlockListType.COMMITTED).getCommittedBlocks().stream().map(b -> b.getName()).toList());
                }),
                new Case("the client takes blocks from another blob", f -> {
                    BlobClient source = uploaded(f, "0123456789");
                    BlockBlobClient blob = fresh(f).getBlockBlobClient();
                    blob.stageBlockFromUrl(id("1"), source.getBlobUrl(), new BlobRange(3, 4L));
                    blob.commitBlockList(List.of(id("1")));
                    assertEquals("3456", blob.downloadContent().toString());
                }),
                new Case("the client appends and seals", BlobSdkCases::append),
                new Case("the client writes pages", BlobSdkCases::pages),
                new Case("the client's snapshots stay", f -> {
                    BlobClient blob = uploaded(f, "old");
                    BlobClient snapshot = blob.getSnapshotClient(blob.createSnapshot().getSnapshotId());
                    blob.upload(BinaryData.fromString("new"), true);
                    assertEquals("old", snapshot.downloadContent().toString());
                    assertTrue(snapshot.isSnapshot());
                    snapshot.delete();
                    assertFalse(snapshot.exists());
                }),
                new Case("the client leases", BlobSdkCases::lease),
                new Case("the client copies in the background", f -> {
                    BlobClient blob = fresh(f);
                    BlobCopyInfo copied = blob.beginCopy(uploaded(f, "copied").getBlobUrl(), Duration.ofMillis(50)).waitForCompletion(Duration.ofSeconds(30)).getValue();
                    assertEquals(copied.getCopyId(), blob.getProperties().getCopyId());
                    assertEquals("copied", blob.downloadContent().toString());
                }),
                new Case("the client puts a blob from an address", f -> {
                    BlockBlobClient blob = fresh(f).getBlockBlobClient();
                    blob.uploadFromUrl(uploaded(f, "from url").getBlobUrl());
                    assertEquals("from url", blob.downloadContent().toString());
                }),
                new Case("the client holds a blob", f -> {
                    BlobClient blob = uploaded(f, "a");
                    assertTrue(blob.setLegalHold(true).hasLegalHold());
                    Expect.blobError(409, "BlobImmutableDueToLegalHold", blob::delete);
                    blob.setLegalHold(false);
                    blob.delete();
                }),
                new Case("the client sets a policy and takes it away", f -> {
                    BlobClient blob = uploaded(f, "a");
                    blob.setImmutabilityPolicy(new BlobImmutabilityPolicy().setExpiryTime(OffsetDateTime.now().plusDays(1)).setPolicyMode(BlobImmutabilityPolicyMode.UNLOCKED));
                    assertEquals(BlobImmutabilityPolicyMode.UNLOCKED, blob.getProperties().getImmutabilityPolicy().getPolicyMode());
                    blob.deleteImmutabilityPolicy();
                    blob.delete();
                }),
                new Case("the client's names may be odd", f -> {
                    BlobClient blob = f.sharedContainer().getBlobClient("a b/ü%2F😀?#[]@!$&'()*+,;=" + UUID.randomUUID());
                    blob.upload(BinaryData.fromString("odd"));
                    assertEquals("odd", blob.downloadContent().toString());
                    assertEquals(blob.getBlobName(), f.service().getBlobContainerClient(f.box()).getBlobClient(blob.getBlobName()).getBlobName());
                }));
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new Random(4711).nextBytes(random);
        return random;
    }

    private static String id(String name) {
        return Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private static BlobClient fresh(BlobFixture f) {
        return f.sharedContainer().getBlobClient(UUID.randomUUID().toString());
    }

    private static BlobClient uploaded(BlobFixture f, String text) {
        BlobClient blob = fresh(f);
        blob.upload(BinaryData.fromString(text));
        return blob;
    }

    private static void parallel(BlobFixture f) {
        BlobClient blob = fresh(f);
        ParallelTransferOptions inBlocks = new ParallelTransferOptions().setBlockSizeLong(300_000L).setMaxSingleUploadSizeLong(300_000L).setMaxConcurrency(4);
        blob.uploadWithResponse(new BlobParallelUploadOptions(new ByteArrayInputStream(LARGE)).setParallelTransferOptions(inBlocks).setMetadata(Map.of("a", "b")), null, null);
        assertArrayEquals(LARGE, blob.downloadContent().toBytes());
        assertEquals(9, blob.getBlockBlobClient().listBlocks(BlockListType.ALL).getCommittedBlocks().size());
        assertEquals("b", blob.getProperties().getMetadata().get("a"));
    }

    private static void inputStream(BlobFixture f) {
        BlobClient blob = fresh(f);
        blob.upload(BinaryData.fromBytes(LARGE));
        try (BlobInputStream in = blob.openInputStream(new BlobInputStreamOptions().setBlockSize(700_001))) {
            assertArrayEquals(LARGE, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void outputStream(BlobFixture f) {
        BlockBlobClient blob = fresh(f).getBlockBlobClient();
        try (BlobOutputStream out = blob.getBlobOutputStream()) {
            out.write(LARGE, 0, 1_000_000);
            out.write(LARGE, 1_000_000, LARGE.length - 1_000_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertArrayEquals(LARGE, blob.downloadContent().toBytes());
    }

    private static void properties(BlobFixture f) {
        BlobProperties read = uploaded(f, "12345").getProperties();
        assertEquals(5, read.getBlobSize());
        assertEquals(BlobType.BLOCK_BLOB, read.getBlobType());
        assertEquals(LeaseStateType.AVAILABLE, read.getLeaseState());
        assertEquals(AccessTier.HOT, read.getAccessTier());
        assertTrue(read.isServerEncrypted());
        assertTrue(read.isAccessTierInferred());
        assertEquals(16, read.getContentMd5().length);
        assertFalse(read.getCreationTime().isAfter(read.getLastModified()));
    }

    private static void append(BlobFixture f) {
        AppendBlobClient blob = fresh(f).getAppendBlobClient();
        blob.create();
        assertEquals("0", blob.appendBlock(new ByteArrayInputStream("one".getBytes(StandardCharsets.UTF_8)), 3).getBlobAppendOffset());
        blob.appendBlockWithResponse(new ByteArrayInputStream("two".getBytes(StandardCharsets.UTF_8)), 3, null, new AppendBlobRequestConditions().setAppendPosition(3L), null, null);
        assertEquals("onetwo", blob.downloadContent().toString());
        blob.sealWithResponse(new AppendBlobSealOptions(), null, null);
        assertTrue(blob.getProperties().isSealed());
        Expect.blobError(409, "BlobIsSealed", () -> blob.appendBlock(new ByteArrayInputStream(new byte[1]), 1));
    }

    private static void pages(BlobFixture f) {
        PageBlobClient blob = fresh(f).getPageBlobClient();
        blob.create(2048);
        blob.uploadPages(new PageRange().setStart(512).setEnd(1535), new ByteArrayInputStream(LARGE, 0, 1024));
        blob.clearPages(new PageRange().setStart(1024).setEnd(1535));
        List<Long> starts = new ArrayList<>();
        blob.listPageRanges(new BlobRange(0)).forEach(item -> starts.add(item.getRange().getOffset()));
        assertEquals(List.of(512L), starts);
        assertEquals(3L, blob.updateSequenceNumber(SequenceNumberActionType.UPDATE, 3L).getBlobSequenceNumber());
        blob.resize(1024);
        assertEquals(1024, blob.getProperties().getBlobSize());
    }

    private static void lease(BlobFixture f) {
        BlobClient blob = uploaded(f, "a");
        BlobLeaseClient lease = new BlobLeaseClientBuilder().blobClient(blob).buildClient();
        String id = lease.acquireLease(-1);
        Expect.blobError(412, "LeaseIdMissing", () -> blob.setMetadata(Map.of("a", "b")));
        blob.setMetadataWithResponse(Map.of("a", "b"), new BlobRequestConditions().setLeaseId(id), null, null);
        assertEquals(id, lease.renewLease());
        String next = UUID.randomUUID().toString();
        assertEquals(next, lease.changeLease(next));
        assertEquals(0, lease.breakLease());
        lease.releaseLease();
        blob.delete();
    }
}
