package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.storage.blob.BlobContainerClient;
import io.lazuli.security.HttpDates;
import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** What is kept of blobs that are replaced or deleted, in an account with versioning and soft delete; and what must not be. */
final class BlobHistoryCases {

    private static final String BLOCK = "x-ms-blob-type: BlockBlob";
    private static final String POLICY = "?comp=immutabilityPolicies";
    private static final String HOLD = "?comp=legalhold";
    private static final int MAX_LOCK_SECONDS = 40;

    private BlobHistoryCases() {}

    static List<Case> versions() {
        return List.of(
                new Case("a put tells its version", f -> f.put(f.free(), "a", BLOCK).is(201).tells("x-ms-version-id")),
                new Case("a read tells the version, which is the current one", f -> {
                    String blob = f.free();
                    String version = put(f, blob, "a");
                    f.get(blob).is(200).has("x-ms-version-id", version).has("x-ms-is-current-version", "true");
                }),
                new Case("a version stays when the blob is put again", f -> {
                    String blob = f.free();
                    String first = put(f, blob, "first");
                    String second = put(f, blob, "second");
                    assertNotEquals(first, second);
                    f.get(blob + "?versionid=" + first).is(200).says("first").has("x-ms-is-current-version", "").has("x-ms-version-id", first);
                    f.get(blob + "?versionid=" + second).is(200).says("second");
                    f.get(blob).is(200).says("second");
                }),
                new Case("a large version stays when the blob is put again", f -> {
                    String blob = f.free();
                    String first = put(f, blob, "x".repeat(100_000));
                    put(f, blob, "second");
                    f.get(blob + "?versionid=" + first).is(200).says("x".repeat(100_000));
                }),
                new Case("metadata make a version", f -> {
                    String blob = f.free();
                    String first = put(f, blob, "a");
                    assertNotEquals(first, f.put(blob + "?comp=metadata", "", "x-ms-meta-a: b").is(200).tells("x-ms-version-id").header("x-ms-version-id"));
                    f.head(blob + "?versionid=" + first).is(200).has("x-ms-meta-a", "");
                    f.get(blob).is(200).says("a").has("x-ms-meta-a", "b");
                }),
                new Case("a block list makes a version", f -> {
                    String blob = f.free();
                    String first = put(f, blob, "a");
                    f.put(blob + "?comp=blocklist", "<BlockList/>").is(201).tells("x-ms-version-id");
                    f.get(blob + "?versionid=" + first).is(200).says("a");
                }),
                new Case("properties make no version", f -> {
                    String blob = f.free();
                    String first = put(f, blob, "a");
                    f.put(blob + "?comp=properties", "", "x-ms-blob-content-type: text/css").is(200);
                    f.head(blob).is(200).has("x-ms-version-id", first);
                }),
                new Case("an append makes no version", f -> {
                    String blob = f.free();
                    String first = f.put(blob, "", "x-ms-blob-type: AppendBlob").is(201).header("x-ms-version-id");
                    f.put(blob + "?comp=appendblock", "a").is(201);
                    f.head(blob).is(200).has("x-ms-version-id", first);
                }),
                new Case("a deleted blob has its versions", f -> {
                    String blob = f.free();
                    String first = put(f, blob, "first");
                    f.delete(blob).is(202);
                    f.get(blob).is(404, "BlobNotFound");
                    f.get(blob + "?versionid=" + first).is(200).says("first");
                }),
                new Case("a version becomes the blob by a copy", f -> {
                    String blob = f.free();
                    String first = put(f, blob, "first");
                    put(f, blob, "second");
                    f.put(blob, "", "x-ms-requires-sync: true", "x-ms-copy-source: " + f.endpoint() + blob + "?versionid=" + first).is(202);
                    f.get(blob).is(200).says("first");
                }),
                new Case("a version is deleted alone", f -> {
                    String blob = f.free();
                    String first = put(f, blob, "first");
                    put(f, blob, "second");
                    f.delete(blob + "?versionid=" + first).is(202);
                    f.get(blob + "?versionid=" + first).is(404, "BlobNotFound");
                    f.get(blob).is(200).says("second");
                }),
                new Case("a deleted version comes back", f -> {
                    String blob = f.free();
                    String first = put(f, blob, "first");
                    put(f, blob, "second");
                    f.delete(blob + "?versionid=" + first).is(202);
                    f.put(blob + "?comp=undelete", "").is(200);
                    f.get(blob + "?versionid=" + first).is(200).says("first");
                }),
                new Case("the current version cannot be deleted as such", f -> {
                    String blob = f.free();
                    f.delete(blob + "?versionid=" + put(f, blob, "a")).is(409, "OperationNotAllowedOnRootBlob");
                }),
                new Case("a version that is none answers 404", f -> f.get(f.block("a") + "?versionid=2020-01-01T00:00:00.0000000Z").is(404, "BlobNotFound")),
                new Case("a version whose name is no time is refused", f -> f.get(f.block("a") + "?versionid=first").is(400, "InvalidQueryParameterValue")),
                new Case("a version has tags of its own", f -> {
                    String blob = f.free();
                    String first = f.put(blob, "a", BLOCK, "x-ms-tags: a=b").is(201).header("x-ms-version-id");
                    put(f, blob, "second");
                    f.get(blob + "?comp=tags&versionid=" + first).is(200).hasXml("//Tag/Key", "a");
                }),
                new Case("snapshot and version at once are refused", f -> f.get(f.block("a") + "?versionid=2020-01-01T00:00:00.0000000Z&snapshot=2020-01-01T00:00:00.0000000Z").is(400)));
    }

    static List<Case> softDelete() {
        return List.of(
                new Case("a deletion for a while says so", f -> f.delete(f.block("a")).is(202).has("x-ms-delete-type-permanent", "false")),
                new Case("a blob deleted for a while is not read", f -> {
                    String blob = f.block("a");
                    f.delete(blob).is(202);
                    f.get(blob).is(404, "BlobNotFound");
                    f.head(blob).is(404, "BlobNotFound");
                }),
                new Case("a deleted blob comes back whole", f -> {
                    String blob = f.block("text", "x-ms-meta-a: b", "x-ms-tags: c=d", "x-ms-blob-content-type: text/css");
                    f.delete(blob).is(202);
                    f.put(blob + "?comp=undelete", "").is(200);
                    f.get(blob).is(200).says("text").has("x-ms-meta-a", "b").has("Content-Type", "text/css").has("x-ms-tag-count", "1");
                }),
                new Case("a large deleted blob comes back whole", f -> {
                    String blob = f.block("x".repeat(100_000));
                    f.delete(blob).is(202);
                    f.put(blob + "?comp=undelete", "").is(200);
                    f.get(blob).is(200).says("x".repeat(100_000));
                }),
                new Case("a blob that is there may be undeleted", f -> f.put(f.block("a") + "?comp=undelete", "").is(200)),
                new Case("what never was cannot come back", f -> f.put(f.free() + "?comp=undelete", "").is(404, "BlobNotFound")),
                new Case("a deleted snapshot comes back with its blob", f -> {
                    String blob = f.block("a");
                    String snapshot = f.put(blob + "?comp=snapshot", "").is(201).header("x-ms-snapshot");
                    f.delete(blob, "x-ms-delete-snapshots: include").is(202);
                    f.get(blob + "?snapshot=" + snapshot).is(404, "BlobNotFound");
                    f.put(blob + "?comp=undelete", "").is(200);
                    f.get(blob + "?snapshot=" + snapshot).is(200).says("a");
                }),
                new Case("deleted snapshots come back to a blob that is there", f -> {
                    String blob = f.block("a");
                    String snapshot = f.put(blob + "?comp=snapshot", "").is(201).header("x-ms-snapshot");
                    f.delete(blob, "x-ms-delete-snapshots: only").is(202);
                    f.put(blob + "?comp=undelete", "").is(200);
                    f.get(blob + "?snapshot=" + snapshot).is(200).says("a");
                }),
                new Case("a blob is put in the place of a deleted one", f -> {
                    String blob = f.block("old");
                    f.delete(blob).is(202);
                    f.put(blob, "new", BLOCK, "If-None-Match: *").is(201);
                    f.get(blob).is(200).says("new");
                }),
                new Case("a deleted blob is not changed", f -> {
                    String blob = f.block("a");
                    f.delete(blob).is(202);
                    f.put(blob + "?comp=metadata", "", "x-ms-meta-a: b").is(404, "BlobNotFound");
                    f.put(blob + "?comp=lease", "", "x-ms-lease-action: acquire", "x-ms-lease-duration: 15").is(404, "BlobNotFound");
                    f.delete(blob).is(404, "BlobNotFound");
                }),
                new Case("deleted blobs are listed when asked for", f -> {
                    String blob = f.block("a");
                    f.delete(blob).is(202);
                    String name = blob.substring(blob.lastIndexOf('/') + 1);
                    f.get("/" + f.box() + "?restype=container&comp=list&prefix=" + name).is(200).hasXml("count(//Blob)", "0");
                    f.get("/" + f.box() + "?restype=container&comp=list&include=deleted&prefix=" + name).is(200).hasXml("count(//Blob)", "1").hasXml("//Blob/Deleted", "true").hasXml("//Blob/Properties/RemainingRetentionDays", "7");
                }));
    }

    static List<Case> immutability() {
        return List.of(
                new Case("a policy is set and told", f -> {
                    String blob = f.block("a");
                    until(f, blob, 1, "Unlocked").is(200).has("x-ms-immutability-policy-mode", "unlocked").tells("x-ms-immutability-policy-until-date");
                    f.head(blob).is(200).has("x-ms-immutability-policy-mode", "unlocked").tells("x-ms-immutability-policy-until-date");
                    release(f, blob);
                }),
                new Case("a blob under a policy is not deleted", f -> {
                    String blob = f.block("a");
                    until(f, blob, 1, "Unlocked").is(200);
                    f.delete(blob).is(409, "BlobImmutableDueToPolicy");
                    release(f, blob);
                    f.delete(blob).is(202);
                }),
                new Case("a blob under a policy is not replaced", f -> {
                    String blob = f.block("a");
                    until(f, blob, 1, "Unlocked").is(200);
                    f.put(blob, "b", BLOCK).is(409, "BlobImmutableDueToPolicy");
                    f.put(blob + "?comp=metadata", "", "x-ms-meta-a: b").is(409, "BlobImmutableDueToPolicy");
                    f.get(blob).is(200).says("a");
                    release(f, blob);
                }),
                new Case("a policy that is not locked may be shortened", f -> {
                    String blob = f.block("a");
                    until(f, blob, 5, "Unlocked").is(200);
                    until(f, blob, 1, "Unlocked").is(200);
                    release(f, blob);
                }),
                new Case("a policy in the past is refused", f -> until(f, f.block("a"), -1, "Unlocked").is(400, "InvalidHeaderValue")),
                new Case("a policy without date is refused", f -> f.put(f.block("a") + POLICY, "", "x-ms-immutability-policy-mode: Unlocked").is(400, "MissingRequiredHeader")),
                new Case("a policy of an unknown mode is refused", f -> until(f, f.block("a"), 1, "Strict").is(400, "InvalidHeaderValue")),
                new Case("a locked policy is not taken away, nor shortened", f -> {
                    int seconds = 3;
                    while (!staysLocked(f, seconds)) {
                        seconds *= 2;
                    }
                }),
                new Case("a blob on hold says so and is not deleted", f -> {
                    String blob = f.block("a");
                    f.put(blob + HOLD, "", "x-ms-legal-hold: true").is(200).has("x-ms-legal-hold", "true");
                    f.head(blob).is(200).has("x-ms-legal-hold", "true");
                    f.delete(blob).is(409, "BlobImmutableDueToLegalHold");
                    f.put(blob, "b", BLOCK).is(409, "BlobImmutableDueToLegalHold");
                    f.put(blob + HOLD, "", "x-ms-legal-hold: false").is(200).has("x-ms-legal-hold", "false");
                    f.delete(blob).is(202);
                }),
                new Case("a blob is put on hold at once", f -> {
                    String blob = f.block("a", "x-ms-legal-hold: true");
                    f.delete(blob).is(409, "BlobImmutableDueToLegalHold");
                    f.put(blob + HOLD, "", "x-ms-legal-hold: false").is(200);
                }),
                new Case("a hold without value is refused", f -> f.put(f.block("a") + HOLD, "").is(400, "MissingRequiredHeader")),
                new Case("a hold that is neither on nor off is refused", f -> f.put(f.block("a") + HOLD, "", "x-ms-legal-hold: maybe").is(400, "InvalidHeaderValue")),
                new Case("a container with a blob on hold is not deleted", f -> {
                    BlobContainerClient container = f.containerWith("a", "b");
                    container.getBlobClient("b").setLegalHold(true);
                    Expect.blobError(409, "ContainerImmutableStorageWithVersioningEnabled", container::delete);
                    assertTrue(container.getBlobClient("a").exists());
                    container.getBlobClient("b").setLegalHold(false);
                    container.delete();
                }),
                new Case("a container with a blob under a policy is not deleted", f -> {
                    BlobContainerClient container = f.containerWith("a");
                    String blob = "/" + container.getBlobContainerName() + "/a";
                    until(f, blob, 1, "Unlocked").is(200);
                    Expect.blobError(409, "ContainerImmutableStorageWithVersioningEnabled", container::delete);
                    release(f, blob);
                    container.delete();
                }),
                new Case("a batch does not delete a blob on hold", f -> {
                    BlobContainerClient container = f.containerWith("a", "b");
                    container.getBlobClient("a").setLegalHold(true);
                    String path = "/" + container.getBlobContainerName();
                    RawAnswer answer = BlobAccountCases.batch(f, path + "?restype=container&comp=batch",
                            BlobAccountCases.part(f, "DELETE", path + "/a", Map.of()), BlobAccountCases.part(f, "DELETE", path + "/b", Map.of())).is(202);
                    BlobAccountCases.holds(answer, 0, "409");
                    BlobAccountCases.holds(answer, 1, "202");
                    assertTrue(container.getBlobClient("a").exists());
                    container.getBlobClient("a").setLegalHold(false);
                }),
                new Case("a policy of no blob answers 404", f -> until(f, f.free(), 1, "Unlocked").is(404, "BlobNotFound")));
    }

    private static String put(BlobFixture f, String blob, String text) {
        return f.put(blob, text, BLOCK).is(201).header("x-ms-version-id");
    }

    /** False if it was over too soon, because the machine is slow, to say anything. */
    private static boolean staysLocked(BlobFixture f, int seconds) {
        String blob = f.block("a");
        Instant until = Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS);
        Instant shorter = until.minusSeconds(1);
        RawAnswer locked = lock(f, blob, until);
        RawAnswer takenAway = f.raw().send("DELETE", blob + POLICY);
        RawAnswer shortened = lock(f, blob, shorter);
        boolean inTime = Instant.now().isBefore(shorter);
        BlobFixture.await("end of the policy", () -> f.delete(blob).status() == 202);
        if (inTime || seconds > MAX_LOCK_SECONDS) {
            locked.is(200);
            takenAway.is(409, "BlobImmutableDueToPolicy");
            shortened.is(409, "BlobImmutableDueToPolicy");
            return true;
        }
        return false;
    }

    private static RawAnswer lock(BlobFixture f, String blob, Instant until) {
        return f.put(blob + POLICY, "", "x-ms-immutability-policy-until-date: " + HttpDates.format(until.toEpochMilli()),
                "x-ms-immutability-policy-mode: Locked");
    }

    private static RawAnswer until(BlobFixture f, String blob, int days, String mode) {
        return f.put(blob + POLICY, "", "x-ms-immutability-policy-until-date: " + HttpDates.format(Instant.now().plus(days, ChronoUnit.DAYS).toEpochMilli()),
                "x-ms-immutability-policy-mode: " + mode);
    }

    private static void release(BlobFixture f, String blob) {
        f.raw().send("DELETE", blob + POLICY).is(200);
    }
}
