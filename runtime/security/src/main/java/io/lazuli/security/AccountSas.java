package io.lazuli.security;

/**
 * The fields of an account shared access signature, exactly as the token has them; what they mean is checked by
 * {@link SasVerifier}. Source: "Create an account SAS" of the Azure Storage REST reference.
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
        String sourceIps, String protocols, String encryptionScope) implements SharedAccessSignature {

    public static final String MIN_VERSION = "2015-04-05";

    private static final String ENCRYPTION_SCOPE_SINCE = "2020-12-06";

    /** A signature from now on over both protocols and from anywhere. */
    public static AccountSas until(String expiry, String services, String resourceTypes, String permissions) {
        return new AccountSas(DEFAULT_VERSION, services, resourceTypes, permissions, "", expiry, "", "", "");
    }

    static AccountSas of(QueryString query) {
        return new AccountSas(
                SharedAccessSignature.field(query, "sv"), SharedAccessSignature.field(query, "ss"),
                SharedAccessSignature.field(query, "srt"), SharedAccessSignature.field(query, "sp"),
                SharedAccessSignature.field(query, "st"), SharedAccessSignature.field(query, "se"),
                SharedAccessSignature.field(query, "sip"), SharedAccessSignature.field(query, "spr"),
                SharedAccessSignature.field(query, "ses"));
    }

    /** No stored access policy completes a signature for an account. */
    @Override
    public String identifier() {
        return "";
    }

    /** Every field ends with a line feed. */
    @Override
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

    @Override
    public String token(String account, SigningKey key) {
        return new Token()
                .add("sv", version)
                .add("ss", services)
                .add("srt", resourceTypes)
                .add("sp", permissions)
                .add("st", start)
                .add("se", expiry)
                .add("sip", sourceIps)
                .add("spr", protocols)
                .add("ses", encryptionScope)
                .signed(key.signBase64(stringToSign(account)));
    }
}
