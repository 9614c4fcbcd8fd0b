package io.lazuli.security;

import java.security.SecureRandom;
import java.util.List;

/**
 * Looks for the key that made a signature. A search in vain always computes with {@link #COUNT} keys, also for an account that has fewer
 * or does not exist, so that its time tells nothing of either.
 */
final class CandidateKeys {

    /** As many as an account may have. */
    static final int COUNT = 2;

    /** Keys that nobody has, in the place of those that an account lacks. */
    private static final List<SigningKey> DECOYS = List.of(decoy(), decoy());

    private CandidateKeys() {}

    /** The account's key that made this signature over this text, or null. */
    static SigningKey signer(List<SigningKey> keys, String text, byte[] signature) {
        for (SigningKey key : keys) {
            if (key.matches(text, signature)) {
                return key;
            }
        }
        for (int i = keys.size(); i < COUNT; i++) {
            DECOYS.get(i).matches(text, signature);
        }
        return null;
    }

    private static SigningKey decoy() {
        byte[] bytes = new byte[64];
        new SecureRandom().nextBytes(bytes);
        return new SigningKey(bytes);
    }
}
