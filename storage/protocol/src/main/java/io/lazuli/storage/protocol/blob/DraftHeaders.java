package io.lazuli.storage.protocol.blob;

import io.lazuli.security.SignableRequest;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.AccessTier;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.ImmutabilityPolicy;
import io.lazuli.storage.protocol.service.MetadataHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a request says of the blob that it writes. Source: "Put Blob", "Put Block List", "Set Blob Properties". */
final class DraftHeaders {

    static final String DEFAULT_CONTENT_TYPE = "application/octet-stream";
    static final int MD5_BYTES = 16;

    /** What we have no keys for. */
    private static final List<String> ENCRYPTION = List.of(
            "x-ms-encryption-key", "x-ms-encryption-key-sha256", "x-ms-encryption-algorithm", "x-ms-source-encryption-key");

    private DraftHeaders() {}

    /** @param headers the blob's own */
    static BlobDraft draft(SignableRequest head, BlobHeaders headers, long nowMillis) {
        return new BlobDraft(
                headers, MetadataHeaders.read(head), BlobTags.ofHeader(head.header("x-ms-tags")), tier(head),
                immutability(head, nowMillis), Heads.flag(head, "x-ms-legal-hold"));
    }

    /** Of Put Blob: the request's own headers say what the blob's do not. */
    static BlobHeaders ofPut(SignableRequest head) {
        BlobHeaders own = ofBlob(head);
        return new BlobHeaders(
                first(own.contentType(), Heads.text(head, "Content-Type"), DEFAULT_CONTENT_TYPE),
                first(own.contentEncoding(), Heads.text(head, "Content-Encoding"), null),
                first(own.contentLanguage(), Heads.text(head, "Content-Language"), null),
                own.contentDisposition(),
                first(own.cacheControl(), Heads.text(head, "Cache-Control"), null),
                own.contentMd5());
    }

    /** {@code x-ms-blob-content-type} and its like. */
    static BlobHeaders ofBlob(SignableRequest head) {
        return new BlobHeaders(
                Heads.text(head, "x-ms-blob-content-type"), Heads.text(head, "x-ms-blob-content-encoding"),
                Heads.text(head, "x-ms-blob-content-language"), Heads.text(head, "x-ms-blob-content-disposition"),
                Heads.text(head, "x-ms-blob-cache-control"),
                Heads.base64(head, "x-ms-blob-content-md5", MD5_BYTES, StorageErrorCode.INVALID_MD5));
    }

    static BlobHeaders withMd5(BlobHeaders headers, byte[] md5) {
        return new BlobHeaders(
                headers.contentType(), headers.contentEncoding(), headers.contentLanguage(), headers.contentDisposition(),
                headers.cacheControl(), md5);
    }

    static BlobDraft withHeaders(BlobDraft draft, BlobHeaders headers) {
        return new BlobDraft(headers, draft.metadata(), draft.tags(), draft.tier(), draft.immutability(), draft.legalHold());
    }

    private static String first(String own, String ofRequest, String otherwise) {
        return own != null ? own : ofRequest != null ? ofRequest : otherwise;
    }

    /** Null if none is said. @throws StorageException InvalidHeaderValue */
    static AccessTier tier(SignableRequest head) {
        String text = head.header("x-ms-access-tier");
        if (text == null || text.isEmpty()) {
            return null;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "hot" -> AccessTier.HOT;
            case "cool" -> AccessTier.COOL;
            case "cold" -> AccessTier.COLD;
            case "archive" -> AccessTier.ARCHIVE;
            default -> throw Heads.invalid("x-ms-access-tier", text);
        };
    }

    /** As headers and lists write it. */
    static String name(AccessTier tier) {
        return switch (tier) {
            case HOT -> "Hot";
            case COOL -> "Cool";
            case COLD -> "Cold";
            case ARCHIVE -> "Archive";
        };
    }

    /** Null if none is said. */
    static ImmutabilityPolicy immutability(SignableRequest head, long nowMillis) {
        Long until = Heads.dateMillis(head, "x-ms-immutability-policy-until-date", nowMillis);
        String mode = head.header("x-ms-immutability-policy-mode");
        if (until == null) {
            if (mode != null) {
                throw Heads.missing("x-ms-immutability-policy-until-date");
            }
            return null;
        }
        if (until <= nowMillis) {
            throw Heads.invalid("x-ms-immutability-policy-until-date", head.header("x-ms-immutability-policy-until-date"));
        }
        boolean locked = mode != null && mode.equalsIgnoreCase("locked");
        if (mode != null && !locked && !mode.equalsIgnoreCase("unlocked")) {
            throw Heads.invalid("x-ms-immutability-policy-mode", mode);
        }
        return new ImmutabilityPolicy(until, locked);
    }

    /** @throws StorageException if the request wants its blob encrypted with a key or a scope of its own */
    static void refuseEncryption(SignableRequest head) {
        if (head.header("x-ms-encryption-scope") != null) {
            throw new StorageException(StorageErrorCode.ENCRYPTION_SCOPE_NOT_FOUND);
        }
        for (String name : ENCRYPTION) {
            if (head.header(name) != null) {
                throw new StorageException(StorageErrorCode.UNSUPPORTED_HEADER, Map.of("HeaderName", name));
            }
        }
    }
}
