package io.lazuli.security;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One account key, ready to sign: HMAC-SHA256 over UTF-8, written as Base64. Keeps one {@link Mac} per thread, because
 * setting one up costs more than using it. Safe for use by several threads; never prints the key.
 */
public final class SigningKey {

    public static final int MIN_KEY_BYTES = 16;
    public static final int MAX_KEY_BYTES = 128;

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec secret;
    private final ThreadLocal<Mac> macs;

    /** @param bytes {@value #MIN_KEY_BYTES} to {@value #MAX_KEY_BYTES} bytes; Azure's keys have 64 */
    public SigningKey(byte[] bytes) {
        if (bytes.length < MIN_KEY_BYTES || bytes.length > MAX_KEY_BYTES) {
            throw new IllegalArgumentException("an account key has " + MIN_KEY_BYTES + " to " + MAX_KEY_BYTES + " bytes, not " + bytes.length);
        }
        secret = new SecretKeySpec(bytes, ALGORITHM);
        macs = ThreadLocal.withInitial(this::newMac);
    }

    /** @throws IllegalArgumentException if the text is not Base64 or its length is out of range; the message does not repeat it */
    public static SigningKey ofBase64(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("an account key must be Base64");
        }
        return new SigningKey(bytes);
    }

    public byte[] sign(String text) {
        return macs.get().doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    public String signBase64(String text) {
        return Base64.getEncoder().encodeToString(sign(text));
    }

    /** Whether {@code signature} is this key's over {@code text}; takes the same time wherever they differ. */
    public boolean matches(String text, byte[] signature) {
        return MessageDigest.isEqual(sign(text), signature);
    }

    private Mac newMac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(ALGORITHM + " belongs to every JDK", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey";
    }
}
