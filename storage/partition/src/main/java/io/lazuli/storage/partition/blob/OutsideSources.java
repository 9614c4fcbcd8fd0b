package io.lazuli.storage.partition.blob;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** Reads what background copies copy from outside of this cloud; it knows HTTP, and which addresses may be read. Any thread. */
public interface OutsideSources {

    /**
     * Asks for the bytes from {@code offset} on. Fails with {@link io.lazuli.storage.model.StorageException}: COPY_SOURCE_NOT_ALLOWED, COPY_SOURCE_NOT_FOUND,
     * SOURCE_CONDITION_NOT_MET if it has another ETag, INVALID_RANGE; CANNOT_VERIFY_COPY_SOURCE and SERVER_BUSY if it may be tried again.
     *
     * @param etag null for any
     */
    CompletionStage<Opened> open(String url, String etag, long offset);

    /** A source that answers. One that is not read ends by itself after a while. */
    interface Opened {

        /** Where its bytes begin: where they were asked for, or 0 of a source that knows no ranges. */
        long offset();

        /** From there to its end. */
        long lengthBytes();

        /** Hands on every part as it comes; fails if the sink does, if the source breaks off or nothing comes for long. Once only. */
        CompletionStage<Void> pipeTo(Sink sink);

        /** Instead of reading it. */
        void close();
    }

    interface Sink {

        /** Takes the part's bytes before it returns. Null: go on at once; else when it completes. */
        CompletionStage<Void> write(ByteBuffer part);
    }
}
