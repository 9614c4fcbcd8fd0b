package io.lazuli.fabric.account;

/**
 * A storage account that was created at run time.
 *
 * <pre>
 *   (absent) ── create ──▶ ACTIVE ─────────── delete ──────────▶ DELETING ── its data are gone ──▶ (absent)
 *                           └ roll key ┘ ◀── some must be kept ──┘
 * </pre>
 *
 * @param changedAtVersion version of the book at which it became what it is
 */
public record Account(String name, long createdAtMillis, Phase phase, AccountKey key1, AccountKey key2, long changedAtVersion) {

    public enum Phase {
        ACTIVE,
        /** Its keys are good for nothing any more, and its data are being deleted. */
        DELETING
    }

    /** @param number 1 or 2 */
    public AccountKey key(int number) {
        return number == 1 ? key1 : key2;
    }

    Account withKey(int number, AccountKey key, long version) {
        return new Account(name, createdAtMillis, phase, number == 1 ? key : key1, number == 2 ? key : key2, version);
    }

    Account active(long version) {
        return new Account(name, createdAtMillis, Phase.ACTIVE, key1, key2, version);
    }

    Account deleting(long version) {
        return new Account(name, createdAtMillis, Phase.DELETING, key1, key2, version);
    }
}
