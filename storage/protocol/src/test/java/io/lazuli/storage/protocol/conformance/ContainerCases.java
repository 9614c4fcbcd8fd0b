package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.core.util.Context;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobAccessPolicy;
import com.azure.storage.blob.models.BlobContainerAccessPolicies;
import com.azure.storage.blob.models.BlobContainerProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobSignedIdentifier;
import com.azure.storage.blob.models.LeaseDurationType;
import com.azure.storage.blob.models.LeaseStateType;
import com.azure.storage.blob.models.LeaseStatusType;
import com.azure.storage.blob.models.PublicAccessType;
import com.azure.storage.blob.specialized.BlobLeaseClient;
import com.azure.storage.blob.specialized.BlobLeaseClientBuilder;
import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Containers: life, metadata, access, leases, names. */
final class ContainerCases {

    private static final Map<String, String> COLOR = Map.of("color", "blue");
    private static final String CONTAINER = "?restype=container";

    private ContainerCases() {}

    static List<Case> all() {
        return List.of(
                new Case("create answers 201 with ETag and Last-Modified", f -> assertTrue(f.raw().send("PUT", "/" + f.freeName() + CONTAINER).is(201).header("ETag").matches("\"0x[0-9A-F]+\""))),
                new Case("create again answers 409", f -> Expect.blobError(409, "ContainerAlreadyExists", () -> f.container().create())),
                new Case("createIfNotExists is content with what exists", f -> assertFalse(f.container().createIfNotExists())),
                new Case("delete answers 202", f -> assertEquals(202, f.container().deleteWithResponse(null, null, Context.NONE).getStatusCode())),
                new Case("delete of no container answers 404", f -> Expect.blobError(404, "ContainerNotFound", () -> f.service().getBlobContainerClient(f.freeName()).delete())),
                new Case("a deleted container does not exist", ContainerCases::deleted),
                new Case("a deleted container can be created anew and is empty", ContainerCases::createAnew),
                new Case("metadata is answered as it was given at creation", f -> assertEquals(COLOR, created(f, COLOR, null).getProperties().getMetadata())),
                new Case("metadata is answered as it was set", ContainerCases::metadata),
                new Case("setting no metadata removes it", ContainerCases::noMetadata),
                new Case("metadata of no container answers 404", f -> Expect.blobError(404, "ContainerNotFound", () -> f.service().getBlobContainerClient(f.freeName()).setMetadata(COLOR))),
                new Case("metadata are answered by comp=metadata", f -> f.raw().send("GET", "/" + created(f, COLOR, null).getBlobContainerName() + CONTAINER + "&comp=metadata").is(200).has("x-ms-meta-color", "blue")),
                new Case("metadata with a bad name are refused", f -> f.raw().send("PUT", "/" + f.freeName() + CONTAINER, Map.of("x-ms-meta-a-b", "c"), "").is(400, "InvalidMetadata")),
                new Case("properties by HEAD have no body", f -> assertEquals("", f.raw().send("HEAD", "/" + f.container().getBlobContainerName() + CONTAINER).is(200).body())),
                new Case("properties tell state, access and immutability", ContainerCases::properties),
                new Case("a change makes another ETag", ContainerCases::etag),
                new Case("a new container has no public access", f -> assertNull(f.container().getProperties().getBlobPublicAccess())),
                new Case("public access is answered as it was given at creation", f -> assertEquals(PublicAccessType.BLOB, created(f, null, PublicAccessType.BLOB).getProperties().getBlobPublicAccess())),
                new Case("access policies are answered as they were set", ContainerCases::accessPolicies),
                new Case("setting access without policies removes them", ContainerCases::noPolicies),
                new Case("six access policies are refused", f -> Expect.blobError(400, "InvalidXmlDocument", () -> f.container().setAccessPolicy(null, policies(6)))),
                new Case("an unknown permission in a policy is refused", f -> f.raw().send("PUT", "/" + f.container().getBlobContainerName() + CONTAINER + "&comp=acl", Map.of(), policy("z")).is(400, "InvalidXmlNodeValue")),
                new Case("an unknown public access is refused", f -> f.raw().send("PUT", "/" + f.freeName() + CONTAINER, Map.of("x-ms-blob-public-access", "all"), "").is(400, "InvalidHeaderValue")),
                new Case("delete if unmodified since long ago answers 412", f -> Expect.blobError(412, "ConditionNotMet", () -> f.container().deleteWithResponse(new BlobRequestConditions().setIfUnmodifiedSince(OffsetDateTime.now().minusDays(1)), null, Context.NONE))),
                new Case("delete if modified since long ago succeeds", f -> f.container().deleteWithResponse(new BlobRequestConditions().setIfModifiedSince(OffsetDateTime.now().minusDays(1)), null, Context.NONE)),
                new Case("conditions on entity tags are refused", f -> f.raw().send("DELETE", "/" + f.container().getBlobContainerName() + CONTAINER, Map.of("If-Match", "\"0x1\""), "").is(400, "ConditionHeadersNotSupported")),
                new Case("a lease is acquired, renewed, changed and released", ContainerCases::lease),
                new Case("an infinite lease says so", ContainerCases::infiniteLease),
                new Case("a second lease answers 409", ContainerCases::secondLease),
                new Case("a leased container is deleted with its lease only", ContainerCases::deleteLeased),
                new Case("properties with another lease answer 412", ContainerCases::propertiesWithLease),
                new Case("a broken lease tells its time", f -> assertEquals(0, breakNow(f.container()))),
                new Case("a lease of 5 seconds is refused", f -> f.raw().send("PUT", "/" + f.container().getBlobContainerName() + CONTAINER + "&comp=lease", Map.of("x-ms-lease-action", "acquire", "x-ms-lease-duration", "5"), "").is(400, "InvalidHeaderValue")),
                new Case("an unknown lease action is refused", f -> f.raw().send("PUT", "/" + f.container().getBlobContainerName() + CONTAINER + "&comp=lease", Map.of("x-ms-lease-action", "borrow"), "").is(400, "InvalidHeaderValue")),
                new Case("a name with capitals is refused", f -> Expect.blobError(400, "InvalidResourceName", () -> f.service().createBlobContainer("Capitals"))),
                new Case("a name with two hyphens together is refused", f -> Expect.blobError(400, "InvalidResourceName", () -> f.service().createBlobContainer("a--b"))),
                new Case("a name of two characters is refused", f -> Expect.blobError(400, "OutOfRangeInput", () -> f.service().createBlobContainer("ab"))),
                new Case("a name of 64 characters is refused", f -> Expect.blobError(400, "OutOfRangeInput", () -> f.service().createBlobContainer("a".repeat(64)))),
                new Case("names of 3 and 63 characters are allowed", ContainerCases::extremeNames),
                new Case("$logs is nobody's to create", f -> f.raw().send("PUT", "/$logs" + CONTAINER).is(400, "InvalidResourceName")),
                new Case("a verb that containers do not have is refused", f -> f.raw().send("POST", "/" + f.freeName() + CONTAINER).is(405, "UnsupportedHttpVerb")),
                new Case("an unknown comp is refused", f -> f.raw().send("GET", "/" + f.freeName() + CONTAINER + "&comp=nothing").is(400, "InvalidQueryParameterValue")),
                new Case("without credentials a private container is not there", f -> assertTrue(f.sendUnsigned("GET", "/" + f.container().getBlobContainerName() + CONTAINER + "&comp=list").status() >= 400)));
    }

    private static BlobContainerClient created(BlobFixture f, Map<String, String> metadata, PublicAccessType access) {
        return f.service().createBlobContainerWithResponse(f.freeName(), metadata, access, Context.NONE).getValue();
    }

    private static void deleted(BlobFixture f) {
        BlobContainerClient container = f.container();
        assertTrue(container.exists());
        container.delete();
        assertFalse(container.exists());
        Expect.blobError(404, "ContainerNotFound", () -> container.listBlobs().stream().count());
    }

    private static void createAnew(BlobFixture f) {
        BlobContainerClient container = f.containerWith("old");
        container.delete();
        BlobFixture.await("the name is free again", container::createIfNotExists);
        assertEquals(0, container.listBlobs().stream().count());
    }

    private static void metadata(BlobFixture f) {
        BlobContainerClient container = f.container();
        container.setMetadata(Map.of("color", "blue and green", "_size1", "3"));
        assertEquals(Map.of("color", "blue and green", "_size1", "3"), container.getProperties().getMetadata());
    }

    private static void noMetadata(BlobFixture f) {
        BlobContainerClient container = created(f, COLOR, null);
        container.setMetadata(null);
        assertEquals(Map.of(), container.getProperties().getMetadata());
    }

    private static void properties(BlobFixture f) {
        BlobContainerProperties properties = f.container().getProperties();
        assertEquals(LeaseStateType.AVAILABLE, properties.getLeaseState());
        assertEquals(LeaseStatusType.UNLOCKED, properties.getLeaseStatus());
        assertNull(properties.getLeaseDuration());
        assertFalse(properties.hasImmutabilityPolicy());
        assertFalse(properties.hasLegalHold());
        assertEquals("$account-encryption-key", properties.getDefaultEncryptionScope());
        assertTrue(Math.abs(ChronoUnit.MINUTES.between(properties.getLastModified(), OffsetDateTime.now())) < 5);
    }

    private static void etag(BlobFixture f) {
        BlobContainerClient container = f.container();
        String before = container.getProperties().getETag();
        container.setMetadata(COLOR);
        assertFalse(before.equals(container.getProperties().getETag()));
    }

    private static List<BlobSignedIdentifier> policies(int count) {
        List<BlobSignedIdentifier> policies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            policies.add(new BlobSignedIdentifier().setId("policy " + i).setAccessPolicy(new BlobAccessPolicy()
                    .setPermissions("rwd").setExpiresOn(OffsetDateTime.parse("2034-01-02T03:04:05Z"))));
        }
        return policies;
    }

    private static void accessPolicies(BlobFixture f) {
        BlobContainerClient container = f.container();
        container.setAccessPolicy(PublicAccessType.CONTAINER, policies(5));
        BlobContainerAccessPolicies read = container.getAccessPolicy();
        assertEquals(PublicAccessType.CONTAINER, read.getBlobAccessType());
        assertEquals(List.of("policy 0", "policy 1", "policy 2", "policy 3", "policy 4"), read.getIdentifiers().stream().map(BlobSignedIdentifier::getId).toList());
        assertEquals("rwd", read.getIdentifiers().getFirst().getAccessPolicy().getPermissions());
        assertEquals(OffsetDateTime.parse("2034-01-02T03:04:05Z"), read.getIdentifiers().getFirst().getAccessPolicy().getExpiresOn());
    }

    private static void noPolicies(BlobFixture f) {
        BlobContainerClient container = f.container();
        container.setAccessPolicy(PublicAccessType.BLOB, policies(1));
        container.setAccessPolicy(null, null);
        assertNull(container.getAccessPolicy().getBlobAccessType());
        List<BlobSignedIdentifier> identifiers = container.getAccessPolicy().getIdentifiers();
        assertTrue(identifiers == null || identifiers.isEmpty());
    }

    private static String policy(String permission) {
        return "<SignedIdentifiers><SignedIdentifier><Id>a</Id><AccessPolicy><Permission>" + permission
                + "</Permission></AccessPolicy></SignedIdentifier></SignedIdentifiers>";
    }

    private static BlobLeaseClient leaseOf(BlobContainerClient container) {
        return new BlobLeaseClientBuilder().containerClient(container).buildClient();
    }

    private static void lease(BlobFixture f) {
        BlobContainerClient container = f.container();
        BlobLeaseClient lease = leaseOf(container);
        assertEquals(lease.getLeaseId(), lease.acquireLease(15));
        assertEquals(LeaseStateType.LEASED, container.getProperties().getLeaseState());
        assertEquals(LeaseStatusType.LOCKED, container.getProperties().getLeaseStatus());
        assertEquals(LeaseDurationType.FIXED, container.getProperties().getLeaseDuration());
        lease.renewLease();
        String changed = UUID.randomUUID().toString();
        assertEquals(changed, lease.changeLease(changed));
        lease.releaseLease();
        assertEquals(LeaseStateType.AVAILABLE, container.getProperties().getLeaseState());
    }

    private static void infiniteLease(BlobFixture f) {
        BlobContainerClient container = f.container();
        BlobLeaseClient lease = leaseOf(container);
        lease.acquireLease(-1);
        assertEquals(LeaseDurationType.INFINITE, container.getProperties().getLeaseDuration());
        lease.releaseLease();
    }

    private static void secondLease(BlobFixture f) {
        BlobContainerClient container = f.container();
        BlobLeaseClient lease = leaseOf(container);
        lease.acquireLease(-1);
        Expect.blobError(409, "LeaseAlreadyPresent", () -> leaseOf(container).acquireLease(15));
        lease.releaseLease();
    }

    private static void deleteLeased(BlobFixture f) {
        BlobContainerClient container = f.container();
        BlobLeaseClient lease = leaseOf(container);
        lease.acquireLease(-1);
        Expect.blobError(412, "LeaseIdMissing", container::delete);
        Expect.blobError(412, "LeaseIdMismatchWithContainerOperation", () -> container.deleteWithResponse(
                new BlobRequestConditions().setLeaseId(UUID.randomUUID().toString()), null, Context.NONE));
        assertEquals(202, container.deleteWithResponse(new BlobRequestConditions().setLeaseId(lease.getLeaseId()), null, Context.NONE).getStatusCode());
    }

    private static void propertiesWithLease(BlobFixture f) {
        BlobContainerClient container = f.container();
        String leaseId = UUID.randomUUID().toString();
        Expect.blobError(412, "LeaseNotPresentWithContainerOperation", () -> container.getPropertiesWithResponse(leaseId, null, Context.NONE));
        BlobLeaseClient lease = leaseOf(container);
        lease.acquireLease(-1);
        Expect.blobError(412, "LeaseIdMismatchWithContainerOperation", () -> container.getPropertiesWithResponse(leaseId, null, Context.NONE));
        container.getPropertiesWithResponse(lease.getLeaseId(), null, Context.NONE);
        lease.releaseLease();
    }

    private static int breakNow(BlobContainerClient container) {
        BlobLeaseClient lease = leaseOf(container);
        lease.acquireLease(-1);
        int seconds = lease.breakLease();
        assertEquals(LeaseStateType.BROKEN, container.getProperties().getLeaseState());
        return seconds;
    }

    private static void extremeNames(BlobFixture f) {
        for (int length : new int[] {3, 63}) {
            String name = f.owned((UUID.randomUUID().toString() + UUID.randomUUID()).substring(0, length).replaceAll("-$", "0"));
            f.service().createBlobContainer(name);
        }
    }
}
