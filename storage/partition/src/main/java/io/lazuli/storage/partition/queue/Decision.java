package io.lazuli.storage.partition.queue;

/** What {@link QueueState} says to a request. */
sealed interface Decision {

    /** The answer, to be given once the batch that is being collected is durable, or the ownership confirmed if it is empty. */
    record Answer(QueueReply reply) implements Decision {}

    /** Nothing was changed; ask again when rows have been read. */
    enum AwaitRows implements Decision {
        AWAIT_ROWS
    }

    /** Nothing was changed; ask again at once with what this read has found. */
    record LookUp(RowRead.LookUp read) implements Decision {}
}
