package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.table.RangeReply;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Brings a command to the actor of a range. Fails with {@link java.util.concurrent.TimeoutException} if no answer comes in time. */
public interface RangeSender {

    CompletionStage<RangeReply> send(PartitionId range, BlobCommand command, Duration timeout);
}
