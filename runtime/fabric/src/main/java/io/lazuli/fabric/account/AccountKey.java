package io.lazuli.fabric.account;

import java.util.Base64;
import java.util.random.RandomGenerator;

/** A secret that signs for a storage account: {@value #BYTES} random bytes. A type of its own, so that no log shows it. */
public record AccountKey(String base64) {

    public static final int BYTES = 64;

    /** @throws IllegalArgumentException if the text is not Base64 of {@value #BYTES} bytes; the message does not repeat it */
    public AccountKey {
        int length;
        try {
            length = Base64.getDecoder().decode(base64).length;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("an account key must be Base64");
        }
        if (length != BYTES) {
            throw new IllegalArgumentException("an account key has " + BYTES + " bytes, not " + length);
        }
    }

    /** @param random cryptographically strong */
    public static AccountKey random(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new AccountKey(Base64.getEncoder().encodeToString(bytes));
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "AccountKey";
    }
}
