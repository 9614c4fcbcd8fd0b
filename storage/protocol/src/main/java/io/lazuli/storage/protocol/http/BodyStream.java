package io.lazuli.storage.protocol.http;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** A request's body that is taken in as it comes, never held whole. Any thread; the sink is called on the event loop. */
public interface BodyStream {

    /** As announced; -1 if it was not (chunked). */
    long lengthBytes();

    /**
     * Hands every part to the sink as it comes; the client is not read while the sink has not taken one. Completes after the last part. Fails
     * if the sink does, if the client goes away or is too slow, or if more comes than the plan allows (RequestBodyTooLarge). Once only. A stream that is not
     * read when the answer is ready, or that is not read to its end, is read over or costs the client its connection.
     */
    CompletionStage<Void> pipeTo(PartSink sink);

    interface PartSink {

        /** Takes the part's bytes before it returns. Null: go on at once; else when it completes, on any thread. */
        CompletionStage<Void> write(ByteBuffer part);
    }
}
