package io.lazuli.fabric.account;

/**
 * How far one who copies the accounts has come.
 *
 * @param complete the version of the book whose accounts it honours; -1 if it has never had all
 * @param position the version up to which it has been told, higher than {@code complete} while pages are on their way
 * @param base the version it must not have missed any deletion since
 */
public record AccountsKnown(long complete, long position, long base) {

    static final AccountsKnown NOTHING = new AccountsKnown(-1, 0, 0);
}
