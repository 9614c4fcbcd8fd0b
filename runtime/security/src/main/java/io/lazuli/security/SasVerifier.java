package io.lazuli.security;

import io.lazuli.kernel.Clock;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Verifies shared access signatures of all kinds for one service. Source: "Create an account SAS", "Create a service SAS" and "SAS
 * error codes" of the Azure Storage REST reference.
 *
 * <p>The signature is computed and compared before anything else of a token is judged, for unknown accounts too, so that the time
 * of a refusal does not tell what was wrong. Remembers the last {@link #MAX_REMEMBERED} good tokens, keyed by everything that is
 * signed and the signature itself, so that a busy client's token is computed once; what is remembered dies with the key that signed
 * it. Not safe for use by several threads: each event loop has its own.
 */
public final class SasVerifier {

    public static final int MAX_REMEMBERED = 256;

    private static final int MAX_REMEMBERED_CHARS = 1024;
    private static final byte[] NOT_BASE64 = new byte[0];

    /** Parameters that say something about a signature, none of which may come twice. */
    private static final Set<String> FIELDS = Set.of(
            "sv", "ss", "srt", "sp", "st", "se", "sip", "spr", "si", "sig", "ses", "tn", "spk", "srk", "epk", "erk", "sr", "sdd", "snapshot",
            "versionid", "prefix", "rscc", "rscd", "rsce", "rscl", "rsct");

    private final StorageService service;
    private final AccountKeys accounts;
    private final Clock clock;
    private final Map<String, Genuine> remembered = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Genuine> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /** A token whose signature {@code key} made. */
    private record Genuine(SasTerms terms, SigningKey key) {}

    public SasVerifier(StorageService service, AccountKeys accounts, Clock clock) {
        this.service = service;
        this.accounts = accounts;
        this.clock = clock;
    }

    /** Whether the query carries a shared access signature of any kind. */
    public static boolean isSigned(QueryString query) {
        return query.first("sig") != null;
    }

    /**
     * What the signature grants; complete unless it names a stored access policy.
     *
     * @param account whose resource is asked for
     * @param resource the container, queue or table that is asked for, empty for the account's service itself; null if only the token names it
     * @param blob that is asked for within the container, null if it is none
     * @param sourceIp asked only if the signature limits it
     * @throws RefusedException unless the signature is genuine, well-formed, in time as far as the token tells, and covers where the request comes from
     */
    public SasGrant verify(QueryString query, String account, String resource, String blob, Supplier<String> sourceIp, boolean https) {
        Genuine genuine = genuine(query, account, resource, blob);
        SasTerms terms = genuine.terms;
        terms.requireResource(resource);
        SasGrant grant = new SasGrant(terms, service, genuine.key);
        SasGrant inTime = grant.isComplete() ? grant.inTimeAt(clock.epochMillis()) : grant;
        terms.requireOrigin(sourceIp, https);
        return inTime;
    }

    private Genuine genuine(QueryString query, String account, String resource, String blob) {
        if (query.first("skoid") != null) {
            throw RefusedException.failed("Signatures by user delegation keys are not offered: this cloud gives no such keys.");
        }
        SharedAccessSignature sas = read(query, resource, blob);
        String signatureText = query.first("sig");
        String stringToSign = sas.stringToSign(account);
        // The kind too: two kinds could sign the same text.
        String identity = sas.getClass().getSimpleName() + '\n' + stringToSign + '\n' + signatureText;
        List<SigningKey> keys = accounts.keysOf(account);
        Genuine known = remembered.get(identity);
        if (known != null && keys.contains(known.key) && !hasDoubles(query)) {
            return known;
        }
        SigningKey key = CandidateKeys.signer(keys, stringToSign, decode(signatureText));
        SasTerms.requireFields(sas);
        if (hasDoubles(query)) {
            throw RefusedException.failed("A parameter of the signature is given twice.");
        }
        if (key == null) {
            throw RefusedException.failed("Signature did not match. String to sign used was " + stringToSign);
        }
        Genuine genuine = new Genuine(SasTerms.of(sas), key);
        if (identity.length() <= MAX_REMEMBERED_CHARS) {
            remembered.put(identity, genuine);
        }
        return genuine;
    }

    /** A token that names services or resource types is an account's. */
    private SharedAccessSignature read(QueryString query, String resource, String blob) {
        if (query.first("ss") != null || query.first("srt") != null) {
            return AccountSas.of(query);
        }
        return switch (service) {
            case TABLE -> TableSas.of(query);
            case QUEUE -> QueueSas.of(query, resource == null ? "" : resource);
            case BLOB -> BlobSas.of(query, resource == null ? "" : resource, blob);
            case FILE -> AccountSas.of(query);
        };
    }

    private static boolean hasDoubles(QueryString query) {
        Set<String> seen = new HashSet<>(16);
        for (QueryString.Parameter parameter : query.parameters()) {
            String name = parameter.name().toLowerCase(Locale.ROOT);
            if (FIELDS.contains(name) && !seen.add(name)) {
                return true;
            }
        }
        return false;
    }

    /** Clients that do not escape the plus signs of Base64 may find them turned into blanks on the way. */
    private static byte[] decode(String signature) {
        try {
            return Base64.getDecoder().decode(signature.replace(' ', '+'));
        } catch (IllegalArgumentException e) {
            return NOT_BASE64;
        }
    }
}
