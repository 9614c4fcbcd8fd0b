package io.lazuli.storage.protocol.http;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** An answer's body that is sent as it becomes available, never held whole. Its length is told beforehand, so a failure cuts the connection. */
public interface ReplyBody {

    /** The next part, null at the end; asked for when the last one has been taken by the connection. May complete on any thread. */
    CompletionStage<Part> next();

    /** It is not wanted any further: sent whole, or the client has gone. Called once, always. */
    void close();

    interface Part {

        ByteBuffer bytes();

        /** Called once, when the bytes have been sent or will not be. */
        void release();
    }
}
