package io.lazuli.storage.protocol.http;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** Told what moves by an operation whose bytes come from elsewhere than its client, so that it may last as long as they do. Any thread. */
@FunctionalInterface
public interface Progress {

    void moved(long bytes);

    /** The stream, each part of which is told when it comes. */
    default BodyStream of(BodyStream stream) {
        return new BodyStream() {

            @Override
            public long lengthBytes() {
                return stream.lengthBytes();
            }

            @Override
            public CompletionStage<Void> pipeTo(PartSink sink) {
                return stream.pipeTo(part -> write(part, sink));
            }

            private CompletionStage<Void> write(ByteBuffer part, PartSink sink) {
                moved(part.remaining());
                return sink.write(part);
            }
        };
    }
}
