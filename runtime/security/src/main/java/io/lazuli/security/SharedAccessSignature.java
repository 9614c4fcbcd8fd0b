package io.lazuli.security;

import java.util.ArrayList;
import java.util.List;

/**
 * A shared access signature's fields, exactly as the token has them, empty where absent; what they mean is checked by
 * {@link SasVerifier}. Each kind knows what of it is signed and how a token is written.
 */
public sealed interface SharedAccessSignature permits AccountSas, BlobSas, QueueSas, TableSas {

    /** The version that new signatures are made for by default. */
    String DEFAULT_VERSION = "2021-12-02";

    /** {@code sv} */
    String version();

    /** {@code sp} */
    String permissions();

    /** {@code st}, empty for at once */
    String start();

    /** {@code se} */
    String expiry();

    /** {@code sip}, one IPv4 address or two joined by a hyphen, empty for any */
    String sourceIps();

    /** {@code spr}, {@code https} or {@code https,http}, empty for both */
    String protocols();

    /** {@code si}, the stored access policy that completes it, empty for none. */
    String identifier();

    /** What the account's key signs. */
    String stringToSign(String account);

    /** The token as it is appended to a URI's query. */
    String token(String account, SigningKey key);

    /** Writes a token's parameters, leaving out what is empty. */
    final class Token {

        private final List<String> parts = new ArrayList<>(12);

        Token add(String name, String value) {
            if (value != null && !value.isEmpty()) {
                parts.add(name + "=" + PercentCoding.encode(value));
            }
            return this;
        }

        String signed(String signature) {
            return add("sig", signature).toString();
        }

        @Override
        public String toString() {
            return String.join("&", parts);
        }
    }

    /** The parameter's value, empty if absent. */
    static String field(QueryString query, String name) {
        String value = query.first(name);
        return value == null ? "" : value;
    }
}
