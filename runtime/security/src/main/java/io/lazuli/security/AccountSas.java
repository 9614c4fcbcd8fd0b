package io.lazuli.security;

import java.util.ArrayList;
import java.util.List;

/**
 * The fields of an account shared access signature, exactly as the token has them; what they mean is checked by
 * {@link AccountSasVerifier}. Source: "Create an account SAS" of the Azure Storage REST reference.
 *
 * @param version {@code sv}
 * @param services {@code ss}, of the letters {@code bqtf}
 * @param resourceTypes {@code srt}, of the letters {@code sco}
 * @param permissions {@code sp}
 * @param start {@code st}, empty for at once
 * @param expiry {@code se}
 * @param sourceIps {@code sip}, one IPv4 address or two joined by a hyphen, empty for any
 * @param protocols {@code spr}, {@code https} or {@code https,http}, empty for both
 * @param encryptionScope {@code ses}, empty for none; signed from version 2020-12-06 on
 */
public record AccountSas(
        String version, String services, String resourceTypes, String permissions, String start, String expiry,
        String sourceIps, String protocols, String encryptionScope) {

    public static final String MIN_VERSION = "2015-04-05";

    private static final String ENCRYPTION_SCOPE_SINCE = "2020-12-06";

    /** The version that it signs by default. */
    public static final String DEFAULT_VERSION = "2021-12-02";

    /** A signature from now on over both protocols and from anywhere. */
    public static AccountSas until(String expiry, String services, String resourceTypes, String permissions) {
        return new AccountSas(DEFAULT_VERSION, services, resourceTypes, permissions, "", expiry, "", "", "");
    }

    /** Absent fields are empty. */
    static AccountSas of(QueryString query) {
        return new AccountSas(
                value(query, "sv"), value(query, "ss"), value(query, "srt"), value(query, "sp"), value(query, "st"),
                value(query, "se"), value(query, "sip"), value(query, "spr"), value(query, "ses"));
    }

    /** What the account's key signs; every field ends with a line feed. */
    public String stringToSign(String account) {
        StringBuilder out = new StringBuilder(160)
                .append(account).append('\n')
                .append(permissions).append('\n')
                .append(services).append('\n')
                .append(resourceTypes).append('\n')
                .append(start).append('\n')
                .append(expiry).append('\n')
                .append(sourceIps).append('\n')
                .append(protocols).append('\n')
                .append(version).append('\n');
        if (version.compareTo(ENCRYPTION_SCOPE_SINCE) >= 0) {
            out.append(encryptionScope).append('\n');
        }
        return out.toString();
    }

    /** The token as it is appended to a URI's query. */
    public String token(String account, SigningKey key) {
        List<String> parts = new ArrayList<>(10);
        add(parts, "sv", version);
        add(parts, "ss", services);
        add(parts, "srt", resourceTypes);
        add(parts, "sp", permissions);
        add(parts, "st", start);
        add(parts, "se", expiry);
        add(parts, "sip", sourceIps);
        add(parts, "spr", protocols);
        add(parts, "ses", encryptionScope);
        add(parts, "sig", key.signBase64(stringToSign(account)));
        return String.join("&", parts);
    }

    private static void add(List<String> parts, String name, String value) {
        if (!value.isEmpty()) {
            parts.add(name + "=" + PercentCoding.encode(value));
        }
    }

    private static String value(QueryString query, String name) {
        String value = query.first(name);
        return value == null ? "" : value;
    }
}
