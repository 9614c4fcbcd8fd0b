package io.lazuli.security;

/**
 * What a genuine shared access signature grants: letters for one service, for the whole account or one resource of it. One that names a
 * stored access policy says nothing until it is {@linkplain #completedBy completed} by that policy. Immutable.
 */
public final class SasGrant {

    /** What a signature for a snapshot or a version can grant; the blob itself is not its to change. */
    private static final String LETTERS_OF_STATES = "rdxyti";

    private final SasTerms terms;
    private final StorageService service;
    private final SigningKey signer;
    private final Long startMillis;
    private final Long expiryMillis;
    private final String letters;
    private final boolean complete;

    SasGrant(SasTerms terms, StorageService service, SigningKey signer) {
        this(terms, service, signer, terms.startMillis(), terms.expiryMillis(), terms.sas().permissions(), terms.sas().identifier().isEmpty());
    }

    private SasGrant(
            SasTerms terms, StorageService service, SigningKey signer, Long startMillis, Long expiryMillis, String letters, boolean complete) {
        this.terms = terms;
        this.service = service;
        this.signer = signer;
        this.startMillis = startMillis;
        this.expiryMillis = expiryMillis;
        this.letters = letters;
        this.complete = complete;
    }

    /** Whether it needs no stored access policy, or has got it. */
    public boolean isComplete() {
        return complete;
    }

    /** The account's key that made the signature, which is good for nothing when the account has it no more. */
    public SigningKey signer() {
        return signer;
    }

    /** The id of the stored access policy that completes it, empty for none. */
    public String policy() {
        return terms.sas().identifier();
    }

    /** The container, queue or table, in lower case, that it is for; empty if it is the account's. */
    public String resource() {
        return switch (terms.sas()) {
            case AccountSas account -> "";
            case BlobSas blob -> blob.container();
            case QueueSas queue -> queue.queue();
            case TableSas table -> ServiceSasText.lowerCase(table.table());
        };
    }

    /** What answers to reads of blobs say instead of what the blobs say. */
    public BlobSas.ResponseHeaders responseHeaders() {
        return terms.sas() instanceof BlobSas blob ? blob.responseHeaders() : BlobSas.ResponseHeaders.NONE;
    }

    /** The entities that it is for. */
    public GrantedKeys grantedKeys() {
        return terms.sas() instanceof TableSas table ? table.keys() : GrantedKeys.ALL;
    }

    /**
     * Each of start, expiry and permissions comes from the token or from the policy.
     *
     * @param policy as it is now; null if there is none of that id, which is how signatures are revoked
     * @throws RefusedException if there is no such policy, if something is in both or in neither, or if it is not the time
     */
    public SasGrant completedBy(StoredPolicy policy, long nowMillis) {
        if (policy == null) {
            throw RefusedException.failed("The stored access policy that the signature names does not exist.");
        }
        SharedAccessSignature token = terms.sas();
        String start = oneOf("st", token.start(), policy.start());
        String expiry = oneOf("se", token.expiry(), policy.expiry());
        String permissions = oneOf("sp", token.permissions(), policy.permissions());
        SasTerms.requirePresent("se", expiry);
        SasTerms.requirePresent("sp", permissions);
        return new SasGrant(terms, service, signer, SasTerms.millis("st", start), SasTerms.millis("se", expiry), permissions, true)
                .inTimeAt(nowMillis);
    }

    private static String oneOf(String name, String ofToken, String ofPolicy) {
        if (ofPolicy == null || ofPolicy.isEmpty()) {
            return ofToken;
        }
        if (!ofToken.isEmpty()) {
            throw RefusedException.failed(name + " must be given in the signature or in its stored access policy, not in both.");
        }
        return ofPolicy;
    }

    SasGrant inTimeAt(long nowMillis) {
        if (startMillis != null && nowMillis < startMillis || nowMillis >= expiryMillis) {
            throw RefusedException.failed("Signature not valid in the specified time frame: Start ["
                    + (startMillis == null ? "" : HttpDates.format(startMillis))
                    + "] - Expiry [" + HttpDates.format(expiryMillis) + "] - Current [" + HttpDates.format(nowMillis) + "]");
        }
        return this;
    }

    /**
     * @param resource the container, queue or table that the operation works on; null if any
     * @param ofAccount what an account's signature must have
     * @param ofService what a service signature must have
     * @throws RefusedException unless it covers the operation
     */
    public void require(ResourceType resourceType, String resource, Permission ofAccount, Permission ofService) {
        if (!complete) {
            throw new IllegalStateException("a grant that still needs its stored access policy");
        }
        terms.requireResource(resource);
        boolean byAccount = terms.sas() instanceof AccountSas;
        Permission wanted = byAccount ? ofAccount : ofService;
        if (!wanted.isGrantable()) {
            throw new RefusedException(RefusedException.Reason.OPERATION, null);
        }
        if (terms.sas() instanceof AccountSas account) {
            if (account.services().indexOf(service.code()) < 0) {
                throw new RefusedException(RefusedException.Reason.SERVICE, null);
            }
            if (account.resourceTypes().indexOf(resourceType.code()) < 0) {
                throw new RefusedException(RefusedException.Reason.RESOURCE_TYPE, null);
            }
        }
        if (!wanted.isGrantedBy(effectiveLetters())) {
            throw new RefusedException(RefusedException.Reason.PERMISSION, null);
        }
    }

    private String effectiveLetters() {
        boolean ofState = terms.sas() instanceof BlobSas blob && (blob.kind().equals("bs") || blob.kind().equals("bv"));
        if (!ofState) {
            return letters;
        }
        StringBuilder effective = new StringBuilder(letters.length());
        letters.chars().filter(letter -> LETTERS_OF_STATES.indexOf(letter) >= 0).forEach(letter -> effective.append((char) letter));
        return effective.toString();
    }

    /** @throws RefusedException unless it covers that entity */
    public void requireKey(String partitionKey, String rowKey) {
        if (!grantedKeys().contains(partitionKey, rowKey)) {
            throw new RefusedException(RefusedException.Reason.OPERATION, null);
        }
    }
}
