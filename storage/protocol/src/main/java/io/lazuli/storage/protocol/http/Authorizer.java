package io.lazuli.storage.protocol.http;

import io.lazuli.kernel.Clock;
import io.lazuli.security.AccountKeys;
import io.lazuli.security.SasGrant;
import io.lazuli.security.SasVerifier;
import io.lazuli.security.SharedKeyVerifier;
import io.lazuli.security.SigningKey;
import io.lazuli.security.StorageService;
import io.lazuli.storage.partition.blob.ContainerState.PublicAccess;

/**
 * Finds out who sends a request and whether he may: by the {@code Authorization} header (SharedKey, SharedKeyLite), else by a shared access
 * signature in the URI. One per event loop and service; keeps nothing but verified signatures, a bounded number.
 */
public final class Authorizer {

    private final StorageService service;
    private final AccountKeys accounts;
    private final Clock clock;
    private final SharedKeyVerifier sharedKey;
    private final SasVerifier signatures;

    public Authorizer(StorageService service, AccountKeys accounts, Clock clock) {
        this.service = service;
        this.accounts = accounts;
        this.clock = clock;
        this.sharedKey = new SharedKeyVerifier(accounts, clock);
        this.signatures = new SasVerifier(service, accounts, clock);
    }

    /** Whether there is such an account. */
    public boolean isAccount(String account) {
        return !accounts.keysOf(account).isEmpty();
    }

    /**
     * Verifies credentials and, unless a stored access policy must be read first, that they cover the operation. Without any, an access that is
     * judged by the container's public access when the operation runs, if that could allow it.
     *
     * @throws io.lazuli.security.RefusedException if they are not genuine or do not
     */
    public Access authorize(ServiceRequest request, Requirement requirement) {
        if (request.header("Authorization") == null && SasVerifier.isSigned(request.query())) {
            SasGrant grant = signatures.verify(
                    request.query(), request.account(), requirement.resource(), requirement.blob(), request::remoteAddress, request.isHttps());
            return Access.of(grant, requirement, clock, () -> isKey(request.account(), grant.signer()));
        }
        if (request.header("Authorization") == null && requirement.ofPublic() != PublicAccess.NONE) {
            return Access.ofPublic(requirement, request.version());
        }
        SigningKey signer = sharedKey.verify(service, request.account(), request);
        return Access.ofOwner(() -> isKey(request.account(), signer));
    }

    /**
     * For a blob of this cloud that a request copies: what the signature in the copied address grants.
     *
     * @param request that copies
     * @throws io.lazuli.security.RefusedException if it is not genuine or does not cover the requirement
     */
    public Access authorizeSource(ServiceRequest request, RequestTarget source, Requirement requirement) {
        SasGrant grant = signatures.verify(
                source.query(), source.account(), requirement.resource(), requirement.blob(), request::remoteAddress, request.isHttps());
        return Access.of(grant, requirement, clock, () -> isKey(source.account(), grant.signer()));
    }

    private boolean isKey(String account, SigningKey signer) {
        return accounts.keysOf(account).contains(signer);
    }
}
