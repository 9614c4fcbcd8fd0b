package io.lazuli.security;

import io.lazuli.kernel.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Verifies account shared access signatures. Source: "Create an account SAS" and "SAS error codes" of the Azure Storage
 * REST reference.
 *
 * <p>Remembers the last {@link #MAX_REMEMBERED} good tokens, keyed by everything that is signed and the signature itself, so that
 * a busy client's token is computed once; what is remembered dies with the key that signed it. Not safe for use by several
 * threads: each event loop has its own.
 */
public final class AccountSasVerifier {

    public static final int MAX_REMEMBERED = 256;

    private static final int MAX_REMEMBERED_CHARS = 1024;
    private static final Pattern VERSION = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    private final AccountKeys accounts;
    private final Clock clock;
    private final Map<String, Good> remembered = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Good> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /** A token whose signature {@code key} made. */
    private record Good(AccountSas sas, SigningKey key, long startMillis, long expiryMillis, Ipv4Range sourceIps, boolean httpsOnly) {}

    public AccountSasVerifier(AccountKeys accounts, Clock clock) {
        this.accounts = accounts;
        this.clock = clock;
    }

    /** Whether the query carries a shared access signature of any kind. */
    public static boolean isSigned(QueryString query) {
        return query.first("sig") != null;
    }

    /**
     * @param account whose resource is asked for
     * @param sourceIp asked only if the signature limits it
     * @param anyPermission letters, any of which allows the operation; empty if no account signature does
     * @throws RefusedException unless the signature is genuine, in time, and covers the operation
     */
    public AccountSas verify(
            QueryString query, String account, Supplier<String> sourceIp, boolean https,
            StorageService service, ResourceType resourceType, String anyPermission) {
        Good good = genuine(AccountSas.of(query), query.first("sig"), account);
        long nowMillis = clock.epochMillis();
        if (nowMillis < good.startMillis || nowMillis >= good.expiryMillis) {
            throw RefusedException.failed("Signature not valid in the specified time frame: Start ["
                    + (good.startMillis == Long.MIN_VALUE ? "" : HttpDates.format(good.startMillis))
                    + "] - Expiry [" + HttpDates.format(good.expiryMillis) + "] - Current [" + HttpDates.format(nowMillis) + "]");
        }
        if (!good.sourceIps.isAny()) {
            String address = sourceIp.get();
            if (!good.sourceIps.contains(address)) {
                throw new RefusedException(RefusedException.Reason.SOURCE_IP, address);
            }
        }
        if (good.httpsOnly && !https) {
            throw new RefusedException(RefusedException.Reason.PROTOCOL, null);
        }
        if (anyPermission.isEmpty()) {
            throw new RefusedException(RefusedException.Reason.OPERATION, null);
        }
        if (good.sas.services().indexOf(service.code()) < 0) {
            throw new RefusedException(RefusedException.Reason.SERVICE, null);
        }
        if (good.sas.resourceTypes().indexOf(resourceType.code()) < 0) {
            throw new RefusedException(RefusedException.Reason.RESOURCE_TYPE, null);
        }
        if (anyPermission.chars().noneMatch(permission -> good.sas.permissions().indexOf(permission) >= 0)) {
            throw new RefusedException(RefusedException.Reason.PERMISSION, null);
        }
        return good.sas;
    }

    private Good genuine(AccountSas sas, String signatureText, String account) {
        String stringToSign = sas.stringToSign(account);
        String identity = stringToSign + signatureText;
        List<SigningKey> keys = accounts.keysOf(account);
        Good known = remembered.get(identity);
        if (known != null && keys.contains(known.key)) {
            return known;
        }
        requireFields(sas);
        byte[] signature = decode(signatureText);
        for (SigningKey key : keys) {
            if (key.matches(stringToSign, signature)) {
                Good good = parse(sas, key);
                if (identity.length() <= MAX_REMEMBERED_CHARS) {
                    remembered.put(identity, good);
                }
                return good;
            }
        }
        throw RefusedException.failed("Signature did not match. String to sign used was " + stringToSign);
    }

    private static void requireFields(AccountSas sas) {
        requirePresent("sv", sas.version());
        requirePresent("ss", sas.services());
        requirePresent("srt", sas.resourceTypes());
        requirePresent("sp", sas.permissions());
        requirePresent("se", sas.expiry());
        if (!VERSION.matcher(sas.version()).matches() || sas.version().compareTo(AccountSas.MIN_VERSION) < 0) {
            throw RefusedException.failed("sv must be " + AccountSas.MIN_VERSION + " or later.");
        }
    }

    private static void requirePresent(String name, String value) {
        if (value.isEmpty()) {
            throw RefusedException.failed(name + " is mandatory. Cannot be empty");
        }
    }

    private static Good parse(AccountSas sas, SigningKey key) {
        OptionalLong start = sas.start().isEmpty() ? OptionalLong.of(Long.MIN_VALUE) : Iso8601.parseMillis(sas.start());
        OptionalLong expiry = Iso8601.parseMillis(sas.expiry());
        if (start.isEmpty()) {
            throw RefusedException.failed("st is not a valid UTC date time.");
        }
        if (expiry.isEmpty()) {
            throw RefusedException.failed("se is not a valid UTC date time.");
        }
        Optional<Ipv4Range> sourceIps = Ipv4Range.parse(sas.sourceIps());
        if (sourceIps.isEmpty()) {
            throw RefusedException.failed("sip is not a valid IPv4 address or range.");
        }
        boolean httpsOnly = switch (sas.protocols()) {
            case "", "https,http", "http,https" -> false;
            case "https" -> true;
            default -> throw RefusedException.failed("spr must be https or https,http.");
        };
        return new Good(sas, key, start.getAsLong(), expiry.getAsLong(), sourceIps.get(), httpsOnly);
    }

    /** Clients that do not escape the plus signs of Base64 may find them turned into blanks on the way. */
    private static byte[] decode(String signature) {
        try {
            return Base64.getDecoder().decode(signature.replace(' ', '+'));
        } catch (IllegalArgumentException e) {
            throw RefusedException.failed("Signature is not well formed.");
        }
    }
}
