package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobClientBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.sas.BlobSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import io.lazuli.security.AccountSas;
import io.lazuli.security.BlobSas;
import io.lazuli.security.SigningKey;
import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Who may do what: signatures for blobs, snapshots, versions, directories, containers and accounts, stored policies, public containers. */
final class BlobSignatureCases {

    private static final String BLOCK = "x-ms-blob-type: BlockBlob";
    private static final String ALL = "racwdxyltmeopi";

    /** Operation; the letters that each suffice. Every other letter must not. */
    private static final String OPERATIONS = """
            GET    |                        |                                                            |     | r
            HEAD   |                        |                                                            |     | r
            GET    | comp=metadata          |                                                            |     | r
            GET    | comp=blocklist         |                                                            |     | r
            GET    | comp=tags              |                                                            |     | t
            PUT    | comp=tags              |                                                            | <Tags><TagSet/></Tags> | t
            PUT    |                        | x-ms-blob-type: BlockBlob                                  | a   | w
            PUT    | comp=block&blockid=YQ==|                                                            | a   | w
            PUT    | comp=blocklist         |                                                            | <BlockList/> | w
            PUT    | comp=metadata          | x-ms-meta-a: b                                             |     | w
            PUT    | comp=properties        |                                                            |     | w
            PUT    | comp=tier              | x-ms-access-tier: Cool                                     |     | w
            PUT    | comp=snapshot          |                                                            |     | w c
            DELETE |                        |                                                            |     | d
            PUT    | comp=legalhold         | x-ms-legal-hold: false                                     |     | i
            """;

    private BlobSignatureCases() {}

    static List<Case> all() {
        return Stream.of(OPERATIONS.lines().map(BlobSignatureCases::operation).toList(), service(), account(), everybody()).flatMap(List::stream).toList();
    }

    /** One operation by every letter. */
    private static Case operation(String line) {
        String[] parts = Stream.of(line.split("\\|")).map(String::strip).toArray(String[]::new);
        List<String> suffice = List.of(parts[4].split(" "));
        return new Case("a signature's letters for " + parts[0] + " " + parts[1] + " are " + parts[4], f -> {
            for (String letter : ALL.split("")) {
                String blob = f.block("a");
                String query = (parts[1].isEmpty() ? "" : parts[1] + "&") + sign(f, "b", blob, letter);
                Map<String, String> headers = parts[2].isEmpty() ? Map.of() : BlobFixture.headers(parts[2]);
                RawAnswer answer = f.raw().send(parts[0], blob + "?" + query, headers, parts[3], null);
                if (suffice.contains(letter)) {
                    assertEquals(2, answer.status() / 100, () -> letter + ": " + answer);
                } else {
                    assertEquals(403, answer.status(), () -> letter + ": " + answer);
                }
            }
        });
    }

    private static List<Case> service() {
        return List.of(
                new Case("a signature for a blob is for no other", f -> unsigned(f, f.block("a") + "?" + sign(f, "b", f.block("b"), "r")).is(403, "AuthenticationFailed")),
                new Case("a signature for a container is for its blobs", f -> unsigned(f, f.block("a") + "?" + sign(f, "c", f.block("b"), "r")).is(200).says("a")),
                new Case("a signature for a container lists", f -> unsigned(f, "/" + f.box() + "?restype=container&comp=list&maxresults=1&" + sign(f, "c", "/" + f.box() + "/x", "l")).is(200)),
                new Case("a signature for a container without its letter does not list", f -> unsigned(f, "/" + f.box() + "?restype=container&comp=list&" + sign(f, "c", "/" + f.box() + "/x", "r")).is(403, "AuthorizationPermissionMismatch")),
                new Case("a signature for a container is for no other", f -> unsigned(f, "/" + f.containerWith("a").getBlobContainerName() + "/a?" + sign(f, "c", f.block("b"), "r")).is(403, "AuthenticationFailed")),
                new Case("a signature for a container does not delete it", f -> f.raw().send("DELETE", "/" + f.box() + "?restype=container&" + sign(f, "c", "/" + f.box() + "/x", ALL), Map.of(), "", null).is(403)),
                new Case("a signature that may create does not overwrite", f -> f.raw().send("PUT", f.block("a") + "?" + sign(f, "c", "/" + f.box() + "/x", "c"), BlobFixture.headers(BLOCK), "b", null).is(403, "UnauthorizedBlobOverwrite")),
                new Case("a signature that may create creates", f -> f.raw().send("PUT", f.free() + "?" + sign(f, "c", "/" + f.box() + "/x", "c"), BlobFixture.headers(BLOCK), "b", null).is(201)),
                new Case("a signature that may add appends", f -> {
                    String blob = f.append();
                    f.raw().send("PUT", blob + "?comp=appendblock&" + sign(f, "b", blob, "a"), Map.of(), "b", null).is(201);
                }),
                new Case("tags on the way need their letter", f -> {
                    String blob = f.block("a");
                    f.raw().send("PUT", blob + "?" + sign(f, "b", blob, "w"), BlobFixture.headers(BLOCK, "x-ms-tags: a=b"), "b", null).is(403);
                    f.raw().send("PUT", blob + "?" + sign(f, "b", blob, "wt"), BlobFixture.headers(BLOCK, "x-ms-tags: a=b"), "b", null).is(201);
                }),
                new Case("a signature for a snapshot reads it and nothing else", f -> {
                    String blob = f.block("old");
                    String snapshot = f.put(blob + "?comp=snapshot", "").is(201).header("x-ms-snapshot");
                    f.put(blob, "new", BLOCK).is(201);
                    String signature = token(f, sas("bs", blob, "r", "", at(60), "", "", "", snapshot, "", BlobSas.ResponseHeaders.NONE));
                    unsigned(f, blob + "?snapshot=" + snapshot + "&" + signature).is(200).says("old");
                    unsigned(f, blob + "?" + signature).is(403);
                }),
                new Case("a signature for a blob is not for its snapshots' neighbours", f -> {
                    String blob = f.block("old");
                    String snapshot = f.put(blob + "?comp=snapshot", "").is(201).header("x-ms-snapshot");
                    unsigned(f, blob + "?snapshot=" + snapshot + "&" + sign(f, "b", blob, "r")).is(200).says("old");
                }),
                new Case("a signature for a directory is for what is in it", f -> {
                    String dir = f.free();
                    f.put(dir + "/a/b", "inside", BLOCK).is(201);
                    f.put(dir + "x/b", "outside", BLOCK).is(201);
                    String signature = token(f, sas("d", dir, "r", "", at(60), "", "", "", "", "1", BlobSas.ResponseHeaders.NONE));
                    unsigned(f, dir + "/a/b?" + signature).is(200).says("inside");
                    unsigned(f, dir + "x/b?" + signature).is(403, "AuthenticationFailed");
                }),
                new Case("a signature of an unknown kind is refused", f -> {
                    String blob = f.block("a");
                    unsigned(f, blob + "?" + sign(f, "b", blob, "r").replace("sr=b", "sr=q")).is(403, "AuthenticationFailed");
                }),
                new Case("an expired signature is refused", f -> timed(f, "", at(-1)).is(403, "AuthenticationFailed")),
                new Case("a signature that is not valid yet is refused", f -> timed(f, at(30), at(60)).is(403, "AuthenticationFailed")),
                new Case("a signature that is valid", f -> timed(f, at(-30), at(60)).is(200)),
                new Case("a signature for another address is refused", f -> limited(f, "203.0.113.7", "").is(403, "AuthorizationSourceIPMismatch")),
                new Case("a signature for a range of addresses", f -> limited(f, "0.0.0.0-255.255.255.255", "").is(200)),
                new Case("a signature for https alone is refused", f -> limited(f, "", "https").is(403, "AuthorizationProtocolMismatch")),
                new Case("a signature for both protocols", f -> limited(f, "", "https,http").is(200)),
                new Case("a tampered signature is refused", f -> {
                    String blob = f.block("a");
                    unsigned(f, blob + "?" + sign(f, "b", blob, "r").replace("sp=r", "sp=rw")).is(403, "AuthenticationFailed");
                }),
                new Case("a signature with another key is refused", f -> {
                    String blob = f.block("a");
                    unsigned(f, blob + "?" + sas("b", blob, "r", "", at(60), "", "", "", "", "", BlobSas.ResponseHeaders.NONE).token(f.target().account(), SigningKey.ofBase64("bm9ib2R5J3Mga2V5IGlzIHRoaXMga2V5"))).is(403, "AuthenticationFailed");
                }),
                new Case("a signature replaces headers of answers", f -> {
                    String blob = f.block("a", "x-ms-blob-content-type: text/css", "x-ms-blob-cache-control: no-store");
                    String signature = token(f, sas("b", blob, "r", "", at(60), "", "", "", "", "", new BlobSas.ResponseHeaders("max-age=1", "attachment; filename=x", "br", "fr", "text/x")));
                    unsigned(f, blob + "?" + signature).is(200).has("Content-Type", "text/x").has("Cache-Control", "max-age=1").has("Content-Disposition", "attachment; filename=x").has("Content-Encoding", "br").has("Content-Language", "fr");
                }),
                new Case("headers of answers that are not signed are refused", f -> {
                    String blob = f.block("a");
                    unsigned(f, blob + "?" + sign(f, "b", blob, "r") + "&rsct=text/x").is(403, "AuthenticationFailed");
                }),
                new Case("a stored policy completes a signature, until it is gone", f -> {
                    String container = f.containerWith("a").getBlobContainerName();
                    String acl = "<SignedIdentifiers><SignedIdentifier><Id>mine</Id><AccessPolicy><Expiry>" + at(60) + "</Expiry><Permission>r</Permission></AccessPolicy></SignedIdentifier></SignedIdentifiers>";
                    f.put("/" + container + "?restype=container&comp=acl", acl).is(200);
                    String signature = token(f, sas("c", "/" + container + "/a", "", "", "", "", "", "mine", "", "", BlobSas.ResponseHeaders.NONE));
                    BlobFixture.await("policy", () -> unsigned(f, "/" + container + "/a?" + signature).status() == 200);
                    f.raw().send("PUT", "/" + container + "/a?" + signature, BlobFixture.headers(BLOCK), "b", null).is(403, "AuthorizationPermissionMismatch");
                    f.put("/" + container + "?restype=container&comp=acl", "<SignedIdentifiers/>").is(200);
                    BlobFixture.await("no policy", () -> unsigned(f, "/" + container + "/a?" + signature).status() == 403);
                }),
                new Case("a signature's policy that is none is refused", f -> {
                    String blob = f.block("a");
                    unsigned(f, blob + "?" + token(f, sas("b", blob, "r", "", at(60), "", "", "nobody", "", "", BlobSas.ResponseHeaders.NONE))).is(403, "AuthenticationFailed");
                }),
                new Case("the official client signs for a blob", f -> {
                    BlobContainerClient container = f.sharedContainer();
                    BlobClient blob = f.put(container, "sdk-signed", "signed");
                    String signature = blob.generateSas(new BlobServiceSasSignatureValues(OffsetDateTime.now().plusHours(1), new BlobSasPermission().setReadPermission(true)).setContentType("text/x"));
                    BlobClient reader = new BlobClientBuilder().endpoint(blob.getBlobUrl() + "?" + signature).buildClient();
                    assertEquals("signed", reader.downloadContent().toString());
                    assertEquals("text/x", reader.getProperties().getContentType());
                    Expect.blobError(403, "AuthorizationPermissionMismatch", () -> reader.upload(BinaryData.fromString("b"), true));
                }));
    }

    private static List<Case> account() {
        return List.of(
                new Case("an account's signature reads blobs", f -> unsigned(f, f.block("a") + "?" + ofAccount(f, "b", "o", "r")).is(200)),
                new Case("an account's signature for containers reads no blobs", f -> unsigned(f, f.block("a") + "?" + ofAccount(f, "b", "c", "r")).is(403, "AuthorizationResourceTypeMismatch")),
                new Case("an account's signature for queues reads no blobs", f -> unsigned(f, f.block("a") + "?" + ofAccount(f, "q", "o", "r")).is(403, "AuthorizationServiceMismatch")),
                new Case("an account's signature needs its letter", f -> unsigned(f, f.block("a") + "?" + ofAccount(f, "b", "o", "wdl")).is(403, "AuthorizationPermissionMismatch")),
                new Case("an account's signature creates", f -> f.raw().send("PUT", f.free() + "?" + ofAccount(f, "b", "o", "c"), BlobFixture.headers(BLOCK), "b", null).is(201)),
                new Case("an account's signature that may create does not overwrite", f -> f.raw().send("PUT", f.block("a") + "?" + ofAccount(f, "b", "o", "c"), BlobFixture.headers(BLOCK), "b", null).is(403, "UnauthorizedBlobOverwrite")),
                new Case("an account's signature deletes", f -> f.raw().send("DELETE", f.block("a") + "?" + ofAccount(f, "b", "o", "d"), Map.of(), "", null).is(202)),
                new Case("an account's signature tags", f -> f.raw().send("PUT", f.block("a") + "?comp=tags&" + ofAccount(f, "b", "o", "t"), Map.of(), "<Tags><TagSet/></Tags>", null).is(204)),
                new Case("an account's signature creates containers", f -> f.raw().send("PUT", "/" + f.freeName() + "?restype=container&" + ofAccount(f, "b", "c", "c"), Map.of(), "", null).is(201)),
                new Case("an account's signature that has expired is refused", f -> unsigned(f, f.block("a") + "?" + new AccountSas("2021-12-02", "b", "o", "r", "", at(-1), "", "", "").token(f.target().account(), key(f))).is(403, "AuthenticationFailed")));
    }

    private static List<Case> everybody() {
        return List.of(
                new Case("nobody reads a private blob without credentials", f -> assertEquals(4, unsigned(f, f.block("a")).status() / 100)),
                new Case("nobody writes without credentials", f -> assertEquals(4, f.raw().send("PUT", f.free(), BlobFixture.headers(BLOCK), "a", null).status() / 100)),
                new Case("everybody reads the blobs of a public container, and writes none", f -> {
                    String container = open(f, "blob");
                    BlobFixture.await("public", () -> unsigned(f, "/" + container + "/a").status() == 200);
                    unsigned(f, "/" + container + "/a").is(200).says("a");
                    f.raw().send("HEAD", "/" + container + "/a", Map.of(), "", null).is(200);
                    unsigned(f, "/" + container + "/b").is(404, "BlobNotFound");
                    assertEquals(4, unsigned(f, "/" + container + "?restype=container&comp=list").status() / 100);
                    assertEquals(4, f.raw().send("PUT", "/" + container + "/a", BlobFixture.headers(BLOCK), "b", null).status() / 100);
                    assertEquals(4, f.raw().send("DELETE", "/" + container + "/a", Map.of(), "", null).status() / 100);
                    assertEquals(4, unsigned(f, "/" + container + "/a?comp=tags").status() / 100);
                }),
                new Case("everybody lists a container that is public whole", f -> {
                    String container = open(f, "container");
                    BlobFixture.await("public", () -> unsigned(f, "/" + container + "?restype=container&comp=list").status() == 200);
                    unsigned(f, "/" + container + "/a").is(200).says("a");
                    unsigned(f, "/" + container + "?restype=container").is(200);
                    assertEquals(4, unsigned(f, "/" + container + "?restype=container&comp=acl").status() / 100);
                }),
                new Case("a wrong signature does not become everybody in a public container", f -> {
                    String container = open(f, "blob");
                    unsigned(f, "/" + container + "/a?" + sign(f, "c", "/" + container + "/x", "r").replace("sp=r", "sp=rl")).is(403, "AuthenticationFailed");
                }));
    }

    private static String open(BlobFixture f, String access) {
        String container = f.containerWith("a").getBlobContainerName();
        f.put("/" + container + "?restype=container&comp=acl", "", "x-ms-blob-public-access: " + access).is(200);
        return container;
    }

    private static RawAnswer unsigned(BlobFixture f, String path) {
        return f.sendUnsigned("GET", path);
    }

    private static RawAnswer timed(BlobFixture f, String start, String expiry) {
        String blob = f.block("a");
        return unsigned(f, blob + "?" + token(f, sas("b", blob, "r", start, expiry, "", "", "", "", "", BlobSas.ResponseHeaders.NONE)));
    }

    private static RawAnswer limited(BlobFixture f, String sourceIps, String protocols) {
        String blob = f.block("a");
        return unsigned(f, blob + "?" + token(f, sas("b", blob, "r", "", at(60), sourceIps, protocols, "", "", "", BlobSas.ResponseHeaders.NONE)));
    }

    private static String sign(BlobFixture f, String kind, String path, String permissions) {
        return token(f, sas(kind, path, permissions, "", at(60), "", "", "", "", "", BlobSas.ResponseHeaders.NONE));
    }

    private static BlobSas sas(
            String kind, String path, String permissions, String start, String expiry, String sourceIps, String protocols, String identifier,
            String state, String depth, BlobSas.ResponseHeaders headers) {
        String[] parts = path.substring(1).split("/", 2);
        return new BlobSas(
                kind, parts[0], kind.equals("c") ? "" : parts[1], "2021-12-02", permissions, start, expiry, sourceIps, protocols, identifier, state,
                "", depth, headers);
    }

    private static String token(BlobFixture f, BlobSas sas) {
        return sas.token(f.target().account(), key(f));
    }

    private static String ofAccount(BlobFixture f, String services, String types, String permissions) {
        return new AccountSas("2021-12-02", services, types, permissions, "", at(60), "", "https,http", "").token(f.target().account(), key(f));
    }

    private static SigningKey key(BlobFixture f) {
        return SigningKey.ofBase64(f.target().key());
    }

    private static String at(int minutes) {
        return Instant.now().plus(minutes, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
