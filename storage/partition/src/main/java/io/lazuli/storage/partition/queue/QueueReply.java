package io.lazuli.storage.partition.queue;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.queue.QueueService.EnqueuedMessage;
import io.lazuli.storage.partition.queue.QueueService.QueueMessage;
import io.lazuli.storage.partition.queue.QueueService.UpdatedMessage;
import java.util.List;

/** What a queue partition answers, after what it tells is durable. */
public sealed interface QueueReply extends WireMessage {

    record Enqueued(EnqueuedMessage message) implements QueueReply {}

    record Messages(List<QueueMessage> messages) implements QueueReply {

        public Messages {
            messages = List.copyOf(messages);
        }
    }

    record Updated(UpdatedMessage message) implements QueueReply {}

    record Counted(long messageCount) implements QueueReply {}

    record Done() implements QueueReply {}

    record Refused(StorageErrorCode error) implements QueueReply {}

    /** No queue is here, or no more: ask the account where it is. */
    record Moved() implements QueueReply {}
}
