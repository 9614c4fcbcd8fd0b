package io.lazuli.security;

import java.util.List;

/** Which keys an account's owner may sign with. Called on event loops: answers from memory, at once. */
@FunctionalInterface
public interface AccountKeys {

    /** The account's one or two keys, either of which is good; empty if there is no such account. */
    List<SigningKey> keysOf(String account);
}
