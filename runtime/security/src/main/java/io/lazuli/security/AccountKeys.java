package io.lazuli.security;

import java.util.List;

/** Which keys an account's owner may sign with. Called on event loops: answers from memory, at once. */
@FunctionalInterface
public interface AccountKeys {

    /**
     * The account's one or two keys, either of which is good; empty if there is no such account.
     *
     * @throws KeysUnknownException if this node has not heard of the cloud's accounts yet, or not for too long
     */
    List<SigningKey> keysOf(String account);
}
