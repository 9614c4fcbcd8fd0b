package io.lazuli.storage.protocol.http;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * An answer's body that is sent as it becomes available, never held whole. Its length is told beforehand, or it is sent in HTTP's chunks; either way
 * a failure after the first part cuts the connection, so that the client knows. One of the first part is answered as an error.
 */
public interface ReplyBody {

    /** The next part, at most a MiB; null at the end of a body of unknown length. Asked for, one at a time, when the connection has taken most of what came before. May complete on any thread. */
    CompletionStage<Part> next();

    /**
     * It is not wanted any further: sent whole, or the client has gone. Called once, always, perhaps while a part is asked for, which is released
     * if it comes still.
     */
    void close();

    interface Part {

        /** From position to limit; sent without being copied if it is a direct buffer. */
        ByteBuffer bytes();

        /** Called once, when the bytes have been sent or will not be. */
        void release();
    }
}
