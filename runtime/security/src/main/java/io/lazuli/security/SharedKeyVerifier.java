package io.lazuli.security;

import io.lazuli.kernel.Clock;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Verifies the {@code Authorization} header of requests that an account's owner signed with SharedKey or SharedKeyLite.
 * Source: "Authorize with Shared Key" of the Azure Storage REST reference. Keeps no state; safe for use by several threads.
 *
 * <p>Whatever is wrong with credentials in the right form, their signature is computed and compared first, for unknown accounts too, so
 * that the time of a refusal does not tell what it was.
 */
public final class SharedKeyVerifier {

    /** How far a request's date may be from the server's clock, in either direction. */
    public static final long MAX_CLOCK_SKEW_MILLIS = 15 * 60 * 1000L;

    private static final int MAX_SIGNATURE_CHARS = 64;

    private final AccountKeys accounts;
    private final Clock clock;

    public SharedKeyVerifier(AccountKeys accounts, Clock clock) {
        this.accounts = accounts;
        this.clock = clock;
    }

    /**
     * The account's key that signed the request, which is good for nothing when the account has it no more.
     *
     * @param account whose resource is asked for
     * @throws RefusedException unless the request is signed with one of that account's keys and is of this quarter of an hour
     */
    public SigningKey verify(StorageService service, String account, SignableRequest request) {
        String authorization = request.header("Authorization");
        if (authorization == null) {
            throw new RefusedException(RefusedException.Reason.NO_CREDENTIALS, null);
        }
        int blank = authorization.indexOf(' ');
        String label = blank < 0 ? authorization : authorization.substring(0, blank);
        SharedKeyScheme scheme = schemeOf(label);
        String credentials = blank < 0 ? "" : authorization.substring(blank + 1).trim();
        int colon = credentials.indexOf(':');
        if (colon < 1 || colon == credentials.length() - 1) {
            throw new RefusedException(RefusedException.Reason.MALFORMED_CREDENTIALS, null);
        }
        String signature = credentials.substring(colon + 1);
        SigningKey signer = signer(scheme, service, account, request, decode(signature));
        checkDate(request);
        if (!credentials.substring(0, colon).equals(account)) {
            throw RefusedException.failed("The account of the Authorization header is not the account of the URI.");
        }
        if (signer == null) {
            throw RefusedException.failed("The MAC signature found in the HTTP request '" + signature
                    + "' is not the same as any computed signature. Server used following string to sign: '"
                    + StringToSign.of(scheme, service, account, request, StringToSign.Form.PLAIN) + "'.");
        }
        return signer;
    }

    /** Null if none did. */
    private SigningKey signer(
            SharedKeyScheme scheme, StorageService service, String account, SignableRequest request, byte[] signature) {
        List<SigningKey> keys = accounts.keysOf(account);
        Set<String> tried = new HashSet<>(4);
        for (StringToSign.Form form : StringToSign.Form.values()) {
            String text = StringToSign.of(scheme, service, account, request, form);
            SigningKey signer = tried.add(text) ? CandidateKeys.signer(keys, text, signature) : null;
            if (signer != null) {
                return signer;
            }
        }
        return null;
    }

    private static SharedKeyScheme schemeOf(String label) {
        for (SharedKeyScheme scheme : SharedKeyScheme.values()) {
            if (scheme.label().equalsIgnoreCase(label)) {
                return scheme;
            }
        }
        boolean known = label.equalsIgnoreCase("Bearer");
        throw new RefusedException(
                known ? RefusedException.Reason.UNSUPPORTED_SCHEME : RefusedException.Reason.MALFORMED_CREDENTIALS, null);
    }

    private void checkDate(SignableRequest request) {
        String text = request.header("x-ms-date");
        if (text == null) {
            text = request.header("Date");
        }
        if (text == null || text.isEmpty()) {
            throw RefusedException.failed("One of the headers x-ms-date and Date is required.");
        }
        OptionalLong dateMillis = HttpDates.parse(text);
        if (dateMillis.isEmpty()) {
            throw RefusedException.failed("The Date header in the request is incorrect.");
        }
        if (Math.abs(dateMillis.getAsLong() - clock.epochMillis()) > MAX_CLOCK_SKEW_MILLIS) {
            throw RefusedException.failed("Request date header too old: '" + text + "'");
        }
    }

    private static byte[] decode(String signature) {
        if (signature.length() <= MAX_SIGNATURE_CHARS) {
            try {
                return Base64.getDecoder().decode(signature);
            } catch (IllegalArgumentException e) {
                // refused below
            }
        }
        throw new RefusedException(RefusedException.Reason.MALFORMED_CREDENTIALS, null);
    }
}
