package io.lazuli.fabric.account;

import io.lazuli.kernel.wire.WireMessage;

/** How accounts can be changed. Repeating any of them, with the same keys, is harmless: an unanswered one may be sent again. */
public sealed interface AccountRequest extends WireMessage {

    String name();

    record Create(String name, AccountKey key1, AccountKey key2) implements AccountRequest {}

    /** @param number of the key to replace, 1 or 2 */
    record RollKey(String name, int number, AccountKey key) implements AccountRequest {}

    record Delete(String name) implements AccountRequest {}
}
