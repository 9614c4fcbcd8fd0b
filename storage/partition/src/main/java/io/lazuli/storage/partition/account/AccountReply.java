package io.lazuli.storage.partition.account;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.model.StorageErrorCode;

/** What an account partition answers, after what it tells is durable. */
public sealed interface AccountReply extends WireMessage {

    /** @param isNew false if the queue existed with the same metadata */
    record Created(boolean isNew) implements AccountReply {}

    record Done() implements AccountReply {}

    /** What was to be changed is not as whoever asked has read it. */
    record Outdated() implements AccountReply {}

    record Refused(StorageErrorCode error) implements AccountReply {}
}
