package io.lazuli.storage.journal;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Which partition holds a persistence id. Its name is the id itself where a partition may be called so; an id that is
 * empty, too long, not Unicode or holds a NUL, or that begins like the names made here, is named by its SHA-256. Part of
 * the stored format: never change it.
 */
final class PersistencePartition {

    private static final int GROUP = 0;
    private static final String HASHED = "sha256:";

    private PersistencePartition() {}

    static PartitionId of(String persistenceId) {
        byte[] utf8 = persistenceId.getBytes(StandardCharsets.UTF_8);
        boolean plain = utf8.length >= 1 && utf8.length <= PartitionId.MAX_NAME_BYTES
                && persistenceId.indexOf('\0') < 0
                && !persistenceId.startsWith(HASHED)
                && new String(utf8, StandardCharsets.UTF_8).equals(persistenceId);
        return new PartitionId(GROUP, PartitionKind.JOURNAL, plain ? persistenceId : HASHED + hashOf(persistenceId));
    }

    private static String hashOf(String persistenceId) {
        try {
            byte[] utf16 = new byte[persistenceId.length() * 2];
            for (int i = 0; i < persistenceId.length(); i++) {
                utf16[2 * i] = (byte) (persistenceId.charAt(i) >>> 8);
                utf16[2 * i + 1] = (byte) persistenceId.charAt(i);
            }
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(utf16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
