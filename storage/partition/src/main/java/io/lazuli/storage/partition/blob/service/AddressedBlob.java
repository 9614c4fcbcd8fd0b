package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A blob, or a snapshot or version of it, whose rows are read together with its state: so each read tells whether that is still the same. */
record AddressedBlob(BlobReads reads, ContainerRanges container, BlobTarget target) {

    String name() {
        return target.name();
    }

    /** The state now; empty if there is none. */
    CompletionStage<Optional<BlobState>> state() {
        return reads.rows(container, name(), BlobStates.keysOf(target)).thenApply(this::state);
    }

    /** @param values of rows that begin with those of the state */
    Optional<BlobState> state(List<Optional<byte[]>> values) {
        return BlobStates.chosen(target, values);
    }

    /** One row of the blob. */
    CompletionStage<Optional<byte[]>> row(byte[] key) {
        return reads.rows(container, name(), List.of(key)).thenApply(List::getFirst);
    }

    /** Rows of the blob's index, and as of the same moment those of its state and then those of {@code further} keys. */
    CompletionStage<BlobReads.Page> page(byte[] from, byte[] to, int maxRows, List<byte[]> further) {
        List<byte[]> keys = new ArrayList<>(BlobStates.keysOf(target));
        keys.addAll(further);
        return reads.page(container, from, to, maxRows, keys);
    }
}
