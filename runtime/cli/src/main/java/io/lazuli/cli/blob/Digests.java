package io.lazuli.cli.blob;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What uploads and downloads both need. */
final class Digests {

    private Digests() {}

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
