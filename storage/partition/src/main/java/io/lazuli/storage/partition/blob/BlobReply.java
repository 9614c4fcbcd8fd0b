package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.model.StorageErrorCode;
import java.util.Map;

/** What becomes of a {@link BlobCommand}; leaves after what it reports is durable. */
public sealed interface BlobReply extends WireMessage {

    /**
     * It was done.
     *
     * @param state the blob's (or the addressed snapshot's or version's) new one, without its list of blocks; null if it is gone
     * @param snapshotTicks of the snapshot that was made, otherwise 0
     * @param versionTicks of the version that the former or new state is known by, as the operation's answer names it; 0 without versioning
     * @param appendOffset where an append went, otherwise -1
     * @param leaseSeconds of a break: how long the lease still holds; otherwise -1
     * @param accepted whether it goes on in the background, so that the answer is 202 where it would be 200 (tier: rehydration)
     */
    record Done(BlobState state, long snapshotTicks, long versionTicks, long appendOffset, int leaseSeconds, boolean accepted)
            implements BlobReply {}

    /** Nothing was done. {@code details} are further headers or elements of the error, e.g. the copy's id. */
    record Refused(StorageErrorCode error, Map<String, String> details) implements BlobReply {

        public Refused(StorageErrorCode error) {
            this(error, Map.of());
        }
    }

    /** Nothing was done: the blob is not as expected any more. Read and send anew. */
    record Changed() implements BlobReply {}
}
