package io.lazuli.security;

import java.security.SecureRandom;
import java.util.List;

/**
 * Looks for the key that made a signature, in a time that depends on nothing secret: it always computes with
 * {@link #COUNT} keys, also for an account that has fewer or does not exist, and compares with all of them.
 */
final class CandidateKeys {

    /** As many as an account may have. */
    static final int COUNT = 2;

    /** Keys that nobody has, in the place of those that an account lacks. */
    private static final List<SigningKey> DECOYS = List.of(decoy(), decoy());

    private CandidateKeys() {}

    /** The account's key that made this signature over this text, or null. */
    static SigningKey signer(List<SigningKey> keys, String text, byte[] signature) {
        SigningKey signer = null;
        for (int i = 0; i < Math.max(COUNT, keys.size()); i++) {
            boolean own = i < keys.size();
            SigningKey key = own ? keys.get(i) : DECOYS.get(i);
            if (key.matches(text, signature) && own) {
                signer = key;
            }
        }
        return signer;
    }

    private static SigningKey decoy() {
        byte[] bytes = new byte[64];
        new SecureRandom().nextBytes(bytes);
        return new SigningKey(bytes);
    }
}
