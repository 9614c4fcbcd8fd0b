package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;

/** What a background copy reads, kept with its destination while the copy is pending, so that any node can go on with it. */
public sealed interface CopyOrigin extends WireMessage {

    /**
     * A blob of this cloud; whoever began the copy was allowed to read it.
     *
     * @param etag of the state that is copied, and no other
     */
    record Here(String account, String container, BlobTarget target, String etag) implements CopyOrigin {}

    /**
     * An address outside of this cloud.
     *
     * @param url with its signature, if it has one: a secret, which is told to nobody but the source and goes when the copy ends
     * @param etag as the source named it, of what is copied and nothing else; null if it named none
     */
    record Elsewhere(String url, String etag, long lengthBytes) implements CopyOrigin {

        @Override
        public String toString() {
            return "Elsewhere[etag=" + etag + ", lengthBytes=" + lengthBytes + "]";
        }
    }
}
