package io.lazuli.storage.partition.account;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.ServiceProperties;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What can be asked of an account partition, from any node: the changes. What an account holds is read straight from its
 * rows ({@link Directory}).
 */
public sealed interface AccountRequest extends AccountCommand, WireMessage {

    /** The partition's id as text: which entity is meant. */
    String entityId();

    ActorRef<AccountReply> replyTo();

    /** A change of one queue's entry; changes of the same queue happen one after the other. */
    sealed interface OfQueue extends AccountRequest {

        String queue();
    }

    /** Answered with {@link AccountReply.Created}, QueueAlreadyExists or QueueBeingDeleted. */
    record CreateQueue(String entityId, String queue, Map<String, String> metadata, ActorRef<AccountReply> replyTo) implements OfQueue {

        public CreateQueue {
            metadata = Map.copyOf(metadata);
        }
    }

    /** Answered with {@link AccountReply.Done} or QueueNotFound. */
    record DeleteQueue(String entityId, String queue, ActorRef<AccountReply> replyTo) implements OfQueue {}

    /** Answered with {@link AccountReply.Done} or QueueNotFound. */
    record SetMetadata(String entityId, String queue, Map<String, String> metadata, ActorRef<AccountReply> replyTo) implements OfQueue {

        public SetMetadata {
            metadata = Map.copyOf(metadata);
        }
    }

    /** Answered with {@link AccountReply.Done} or QueueNotFound. */
    record SetAccessPolicies(String entityId, String queue, List<AccessPolicy> policies, ActorRef<AccountReply> replyTo)
            implements OfQueue {

        public SetAccessPolicies {
            policies = List.copyOf(policies);
        }
    }

    /** Wakes the account, which then finishes what was interrupted. Answered with {@link AccountReply.Done}, before that. */
    record Resume(String entityId, ActorRef<AccountReply> replyTo) implements AccountRequest {}

    /** Answered with {@link AccountReply.Done}, or with {@link AccountReply.Outdated}, and nothing changed, if the properties are not as expected. */
    record SetServiceProperties(String entityId, ServiceProperties expected, ServiceProperties properties, ActorRef<AccountReply> replyTo)
            implements AccountRequest {}
}
