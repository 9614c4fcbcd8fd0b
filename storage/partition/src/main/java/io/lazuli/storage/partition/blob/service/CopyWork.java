package io.lazuli.storage.partition.blob.service;

import java.util.concurrent.CompletionStage;

/** An attempt at a pending copy, made by one node; tried again, it goes on with what it has. */
interface CopyWork {

    /** Reads the source to its end and ends the copy. Fails with {@link SourceLostException}, or as the blob service does. */
    CompletionStage<Void> make();

    /** So much need not be read again. */
    long doneBytes();

    /** The source is not any more what is to be copied, or may not be read. The message is what the destination says of it. */
    final class SourceLostException extends RuntimeException {

        SourceLostException(String message) {
            super(message, null, false, false);
        }
    }
}
