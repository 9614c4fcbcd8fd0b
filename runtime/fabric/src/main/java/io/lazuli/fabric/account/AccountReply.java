package io.lazuli.fabric.account;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.kernel.NodeId;
import io.lazuli.kernel.wire.WireMessage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the keeper of the accounts answers. */
public sealed interface AccountReply extends WireMessage {

    /**
     * It is so, durably.
     *
     * @param unconfirmed nodes that have not said that they know; they honour what they knew before until their lease ends
     */
    record Changed(Account account, Set<NodeId> unconfirmed) implements AccountReply {
        public Changed {
            unconfirmed = Set.copyOf(unconfirmed);
        }
    }

    record Found(Account account) implements AccountReply {}

    /** @param next name where the next page starts */
    record Listed(List<Account> accounts, Optional<String> next) implements AccountReply {
        public Listed {
            accounts = List.copyOf(accounts);
        }
    }

    /** Nothing has changed. @param message one line for the person who asked */
    record Refused(FabricErrorCode code, String message) implements AccountReply {}
}
