package io.lazuli.storage.protocol.http;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.Failures;
import io.lazuli.security.BlobSas;
import io.lazuli.security.GrantedKeys;
import io.lazuli.security.RefusedException;
import io.lazuli.security.SasGrant;
import io.lazuli.security.StoredPolicy;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.blob.ContainerState.PublicAccess;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What the sender of one request may, whose credentials are genuine: everything for the account's owner, for others what their signature
 * grants. A signature that names a stored access policy is judged with the policy as it is when the operation runs, so that revoking
 * it ends its signatures at once: {@link #completed} comes before anything else is done. So is who says nothing of himself, by the container's public
 * access. Immutable.
 */
public final class Access {

    /** From this version on who may not read without credentials is asked for them. */
    private static final String CHALLENGED_SINCE = "2019-12-12";

    private final SasGrant grant;
    private final Requirement requirement;
    private final Clock clock;
    private final BooleanSupplier keyIsGood;
    private final Anonymous anonymous;

    /** Who says nothing of himself: it is told in the words of that version what he may not. */
    private record Anonymous(boolean judged, ServiceVersion version) {}

    private Access(SasGrant grant, Requirement requirement, Clock clock, BooleanSupplier keyIsGood, Anonymous anonymous) {
        this.grant = grant;
        this.requirement = requirement;
        this.clock = clock;
        this.keyIsGood = keyIsGood;
        this.anonymous = anonymous;
    }

    /**
     * Of the account's owner, who may everything.
     *
     * @param keyIsGood whether the key that signed is still one of the account's
     */
    static Access ofOwner(BooleanSupplier keyIsGood) {
        return new Access(null, null, null, keyIsGood, null);
    }

    /** To what is everybody's, whoever asks. */
    public static Access ofEverybody() {
        return new Access(null, null, null, () -> true, null);
    }

    /** Of somebody unknown, to be judged by the container's public access. */
    static Access ofPublic(Requirement requirement, ServiceVersion version) {
        return new Access(null, requirement, null, () -> true, new Anonymous(false, version));
    }

    /** @throws io.lazuli.security.RefusedException unless a grant that is complete covers the requirement */
    static Access of(SasGrant grant, Requirement requirement, Clock clock, BooleanSupplier keyIsGood) {
        Access access = new Access(grant, requirement, clock, keyIsGood, null);
        if (access.isComplete()) {
            access.require(requirement);
        }
        return access;
    }

    /** Whether it is the account's owner, who signed with a key. */
    public boolean isOwner() {
        return grant == null && anonymous == null;
    }

    /** Whether neither a stored access policy nor a container's public access is needed to judge it. */
    public boolean isComplete() {
        return anonymous == null ? grant == null || grant.isComplete() : anonymous.judged();
    }

    /**
     * To be asked when the request runs: a body may come long after its head, and meanwhile keys are rolled and accounts deleted.
     *
     * @throws RefusedException unless the key that signed is still one of the account's
     */
    void requireGoodKey() {
        if (!keyIsGood.getAsBoolean()) {
            throw RefusedException.failed("The key that signed the request is no key of the account any more.");
        }
    }

    /**
     * This access judged with the stored access policy that it names, if it names one; fails with {@code RefusedException} unless
     * the requirement that it was asked for with is met, or throws it if the key that signed is the account's no more.
     *
     * @param policies reads those of the container, queue or table (in lower case) that the signature is for, linearizably; called only if needed
     * @param publicAccess reads a container's, linearizably; called only if needed
     */
    public CompletionStage<Access> completed(
            Function<String, CompletionStage<List<AccessPolicy>>> policies, Function<String, CompletionStage<PublicAccess>> publicAccess) {
        requireGoodKey();
        if (isComplete()) {
            return CompletableFuture.completedStage(this);
        }
        if (anonymous != null) {
            return publicAccess.apply(requirement.resource())
                    .exceptionally(failure -> ifResourceIsGone(failure, PublicAccess.NONE))
                    .thenApply(this::judged);
        }
        return policies.apply(grant.resource())
                .exceptionally(failure -> ifResourceIsGone(failure, List.of()))
                .thenApply(found -> of(grant.completedBy(named(found), clock.epochMillis()), requirement, clock, keyIsGood));
    }

    /** The same for a service without containers. */
    public CompletionStage<Access> completed(Function<String, CompletionStage<List<AccessPolicy>>> policies) {
        return completed(policies, container -> CompletableFuture.completedStage(PublicAccess.NONE));
    }

    /** Older clients learn no more than that there is nothing for them. */
    private Access judged(PublicAccess level) {
        if (level.compareTo(requirement.ofPublic()) < 0) {
            throw new StorageException(anonymous.version().isSince(CHALLENGED_SINCE)
                    ? StorageErrorCode.NO_AUTHENTICATION_INFORMATION : StorageErrorCode.RESOURCE_NOT_FOUND);
        }
        return new Access(null, requirement, null, keyIsGood, new Anonymous(true, anonymous.version()));
    }

    /** The policies went with their container, queue or table. */
    private static <T> T ifResourceIsGone(Throwable failure, T none) {
        Throwable cause = Failures.cause(failure);
        boolean gone = cause instanceof StorageException refused
                && (refused.error() == StorageErrorCode.QUEUE_NOT_FOUND || refused.error() == StorageErrorCode.TABLE_NOT_FOUND
                        || refused.error() == StorageErrorCode.CONTAINER_NOT_FOUND);
        if (gone) {
            return none;
        }
        throw Failures.unchecked(cause);
    }

    private StoredPolicy named(List<AccessPolicy> policies) {
        for (AccessPolicy policy : policies) {
            if (policy.id().equals(grant.policy())) {
                return new StoredPolicy(policy.start(), policy.expiry(), policy.permission());
            }
        }
        return null;
    }

    /**
     * For one of several operations in a request.
     *
     * @throws io.lazuli.security.RefusedException unless it is allowed
     * @throws IllegalStateException unless it is complete
     */
    public void require(Requirement operation) {
        if (anonymous != null && operation.ofPublic().compareTo(requirement.ofPublic()) != 0) {
            throw new StorageException(StorageErrorCode.NO_AUTHENTICATION_INFORMATION);
        }
        if (grant != null) {
            grant.require(operation.resourceType(), operation.resource(), operation.ofAccount(), operation.ofService());
        }
    }

    /** @throws io.lazuli.security.RefusedException unless that entity may be asked for or changed */
    public void requireKey(String partitionKey, String rowKey) {
        if (grant != null) {
            grant.requireKey(partitionKey, rowKey);
        }
    }

    /** Whether nothing is known of who asks, and everybody may. */
    public boolean isPublic() {
        return anonymous != null;
    }

    /** What answers to reads of blobs say instead of what the blobs say. */
    public BlobSas.ResponseHeaders responseHeaders() {
        return grant == null ? BlobSas.ResponseHeaders.NONE : grant.responseHeaders();
    }

    /** The entities that may be seen and changed; what a query finds beyond is left out. */
    public GrantedKeys grantedKeys() {
        return grant == null ? GrantedKeys.ALL : grant.grantedKeys();
    }
}
