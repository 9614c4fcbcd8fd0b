package io.lazuli.storage.protocol.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.BlobService.BlockChoice;
import io.lazuli.storage.partition.blob.BlobService.ListedBlock;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What is read of headers and bodies, and what is refused. */
class BlobHeadersTest {

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(utf8(text));
    }

    private static void refused(StorageErrorCode code, Executable reading) {
        assertEquals(code, assertThrows(StorageException.class, reading).error());
    }

    @Test
    void aBlockListKeepsOrderAndSources() {
        List<BlockChoice> choices = BlockLists.read(utf8("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList><Latest>" + base64("b")
                + "</Latest><Committed>" + base64("a") + "</Committed> <Uncommitted>" + base64("b") + "</Uncommitted></BlockList>"));
        assertEquals(
                List.of(BlockChoice.Source.LATEST, BlockChoice.Source.COMMITTED, BlockChoice.Source.UNCOMMITTED),
                choices.stream().map(BlockChoice::source).toList());
        assertArrayEquals(utf8("a"), choices.get(1).id());
        assertEquals(List.of(), BlockLists.read(utf8("<BlockList/>")));
    }

    @Test
    void aBlockListOfTheLongestSizeIsReadAndALongerOneRefused() {
        String block = "<Latest>" + base64("x".repeat(BlobLimits.MAX_BLOCK_ID_BYTES)) + "</Latest>";
        byte[] longest = utf8("<BlockList>" + block.repeat(BlobLimits.MAX_COMMITTED_BLOCKS) + "</BlockList>");
        assertTrue(longest.length <= BlockLists.MAX_BODY_BYTES, "the limit of the body is too low: " + longest.length);
        assertEquals(BlobLimits.MAX_COMMITTED_BLOCKS, BlockLists.read(longest).size());
        refused(StorageErrorCode.BLOCK_LIST_TOO_LONG,
                () -> BlockLists.read(utf8("<BlockList>" + "<Latest>QQ==</Latest>".repeat(BlobLimits.MAX_COMMITTED_BLOCKS + 1) + "</BlockList>")));
    }

    @Test
    void blockListsThatAreWrongAreRefused() {
        refused(StorageErrorCode.INVALID_BLOCK_ID, () -> BlockLists.read(utf8("<BlockList><Latest>no base64!</Latest></BlockList>")));
        refused(StorageErrorCode.INVALID_BLOCK_ID, () -> BlockLists.id(base64("x".repeat(65))));
        refused(StorageErrorCode.INVALID_BLOCK_ID, () -> BlockLists.read(utf8("<BlockList><Latest/></BlockList>")));
        refused(StorageErrorCode.INVALID_XML_DOCUMENT, () -> BlockLists.read(utf8("<BlockList><Newest>QQ==</Newest></BlockList>")));
        refused(StorageErrorCode.INVALID_XML_DOCUMENT, () -> BlockLists.read(utf8("<BlockList><Latest>QQ==</BlockList>")));
    }

    @Test
    void blocksAreListedByTheirIds() {
        String xml = new String(BlockLists.write(List.of(new ListedBlock(utf8("a"), 5_000_000_000L)), List.of()), StandardCharsets.UTF_8);
        assertTrue(xml.endsWith("<BlockList><CommittedBlocks><Block><Name>YQ==</Name><Size>5000000000</Size></Block></CommittedBlocks>"
                + "<UncommittedBlocks></UncommittedBlocks></BlockList>"), xml);
    }

    @Test
    void tagsOfAHeaderAreEscapedAsFormsAre() {
        assertEquals(Map.of("a b", "1+1=2", "c", ""), BlobTags.ofHeader("a+b=1%2B1%3D2&c="));
        assertNull(BlobTags.ofHeader(null));
        refused(StorageErrorCode.INVALID_TAGS, () -> BlobTags.ofHeader("a=%C3%BC"));
        refused(StorageErrorCode.INVALID_TAGS, () -> BlobTags.ofHeader("a=1&a=2"));
        refused(StorageErrorCode.INVALID_TAGS, () -> BlobTags.ofHeader("=1"));
        refused(StorageErrorCode.TAGS_TOO_LARGE, () -> BlobTags.ofHeader("a=" + "x".repeat(257)));
        refused(StorageErrorCode.TAGS_TOO_LARGE, () -> BlobTags.ofHeader("a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1"));
    }

    @Test
    void tagsOfABodyKeepTheirBlanks() {
        assertEquals(Map.of("key", " a "), BlobTags.ofXml(utf8("<Tags><TagSet><Tag><Key>key</Key><Value> a </Value></Tag></TagSet></Tags>")));
        assertEquals(Map.of(), BlobTags.ofXml(utf8("<Tags><TagSet/></Tags>")));
        refused(StorageErrorCode.MISSING_REQUIRED_XML_NODE, () -> BlobTags.ofXml(utf8("<Tags/>")));
        refused(StorageErrorCode.MISSING_REQUIRED_XML_NODE, () -> BlobTags.ofXml(utf8("<Tags><TagSet><Tag><Key>a</Key></Tag></TagSet></Tags>")));
    }

    @Test
    void leaseIdsComeInSeveralForms() {
        String id = "0123abcd-4567-89ef-0123-456789abcdef";
        for (String form : List.of(id, id.toUpperCase(), "{" + id + "}", "(" + id + ")", id.replace("-", ""))) {
            assertEquals(id, Heads.guid(FakeHead.of("PUT", "", "x-ms-lease-id", form), "x-ms-lease-id"), form);
        }
        refused(StorageErrorCode.INVALID_HEADER_VALUE, () -> Heads.guid(FakeHead.of("PUT", "", "x-ms-lease-id", "mine"), "x-ms-lease-id"));
    }

    @Test
    void leaseDurationsHaveBounds() {
        for (String seconds : List.of("14", "61", "-2", "0", "x", "")) {
            assertThrows(StorageException.class, () -> LeaseHeaders.read(
                    FakeHead.of("PUT", "", "x-ms-lease-action", "acquire", "x-ms-lease-duration", seconds)), seconds);
        }
        assertEquals(-1, LeaseHeaders.read(
                FakeHead.of("PUT", "", "x-ms-lease-action", "Acquire", "x-ms-lease-duration", "-1")).durationSeconds());
        refused(StorageErrorCode.MISSING_REQUIRED_HEADER, () -> LeaseHeaders.read(FakeHead.of("PUT", "", "x-ms-lease-action", "renew")));
        refused(StorageErrorCode.INVALID_HEADER_VALUE, () -> LeaseHeaders.read(FakeHead.of("PUT", "", "x-ms-lease-action", "steal")));
    }

    @Test
    void digestsAreRefusedInWrongFormsAndWhenTheyAreTwo() {
        String md5 = Base64.getEncoder().encodeToString(new byte[16]);
        String crc64 = Base64.getEncoder().encodeToString(new byte[8]);
        refused(StorageErrorCode.INVALID_MD5, () -> BodyDigests.of(FakeHead.of("PUT", "", "Content-MD5", crc64)));
        refused(StorageErrorCode.INVALID_HEADER_VALUE, () -> BodyDigests.of(FakeHead.of("PUT", "", "x-ms-content-crc64", md5)));
        refused(StorageErrorCode.INVALID_INPUT,
                () -> BodyDigests.of(FakeHead.of("PUT", "", "Content-MD5", md5, "x-ms-content-crc64", crc64)));
        refused(StorageErrorCode.MD5_MISMATCH, () -> BodyDigests.of(FakeHead.of("PUT", "", "Content-MD5", md5)).checked(utf8("a")));
        refused(StorageErrorCode.CRC64_MISMATCH,
                () -> BodyDigests.of(FakeHead.of("PUT", "", "x-ms-content-crc64", crc64)).checked(utf8("a")));
        assertEquals(1, BodyDigests.of(FakeHead.of("PUT", "", "Content-MD5", "DMF1ucDxtqgxw5niaXcmYQ==")).checked(utf8("a")).lengthBytes());
    }

    @Test
    void keysAndScopesOfEncryptionAreRefused() {
        refused(StorageErrorCode.UNSUPPORTED_HEADER, () -> DraftHeaders.refuseEncryption(FakeHead.of("PUT", "", "x-ms-encryption-key", "a")));
        refused(StorageErrorCode.ENCRYPTION_SCOPE_NOT_FOUND,
                () -> DraftHeaders.refuseEncryption(FakeHead.of("PUT", "", "x-ms-encryption-scope", "a")));
    }

    @Test
    void signaturesAreTakenOutOfKeptAddresses() {
        assertEquals("http://h/a/b?sv=1&sig=&se=2", CopySources.withoutSignature("http://h/a/b?sv=1&sig=abc%3D&se=2"));
        assertEquals("http://h/a/b?sig=", CopySources.withoutSignature("http://h/a/b?sig=abc"));
        assertEquals("http://h/sig=x", CopySources.withoutSignature("http://h/sig=x"));
    }
}
