package io.lazuli.storage.partition.queue;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.partition.queue.QueueService.MessageDraft;
import org.apache.pekko.actor.typed.ActorRef;

/** What can be asked of a queue partition, from any node. Arguments are within the protocol's bounds already. */
public sealed interface QueueRequest extends QueueCommand, WireMessage {

    /** The partition's id as text: which entity is meant. */
    String entityId();

    ActorRef<QueueReply> replyTo();

    /** Answered with {@link QueueReply.Enqueued}. */
    record Put(String entityId, MessageDraft draft, ActorRef<QueueReply> replyTo) implements QueueRequest {}

    /** Answered with {@link QueueReply.Messages}. */
    record Receive(String entityId, int count, long visibilityTimeoutMillis, ActorRef<QueueReply> replyTo) implements QueueRequest {}

    /** Answered with {@link QueueReply.Messages}. */
    record Peek(String entityId, int count, ActorRef<QueueReply> replyTo) implements QueueRequest {}

    /**
     * Answered with {@link QueueReply.Updated}.
     *
     * @param text null keeps it
     */
    record Update(String entityId, String messageId, String popReceipt, byte[] text, long visibilityTimeoutMillis,
            ActorRef<QueueReply> replyTo) implements QueueRequest {}

    /** Answered with {@link QueueReply.Done}. */
    record Delete(String entityId, String messageId, String popReceipt, ActorRef<QueueReply> replyTo) implements QueueRequest {}

    /** Answered with {@link QueueReply.Done}. */
    record Clear(String entityId, ActorRef<QueueReply> replyTo) implements QueueRequest {}

    /** Answered with {@link QueueReply.Counted}. */
    record Count(String entityId, ActorRef<QueueReply> replyTo) implements QueueRequest {}

    /** Of the account: begin to serve. Answered with {@link QueueReply.Done}, also when asked again. */
    record Initialize(String entityId, ActorRef<QueueReply> replyTo) implements QueueRequest {}

    /** Of the account: remove everything and never serve again. Answered with {@link QueueReply.Done}, also when asked again. */
    record Destroy(String entityId, ActorRef<QueueReply> replyTo) implements QueueRequest {}
}
