package io.lazuli.storage.store;

import java.nio.ByteBuffer;

/**
 * What the state machine answered to one item of an entry. It lives between a state machine and the committer beside it,
 * and travels to the node that asked; it is never stored.
 *
 * @param number APPLIED: 0; CLAIMED: the new epoch; FENCED: the newest epoch; OUT_OF_ORDER: the last sequence applied
 * @param index a Raft index at which the item's effects are visible
 */
record ItemResult(Kind kind, long number, long index) {

    /** Encoded without the index, which is the entry's. */
    static final int BYTES = 1 + Long.BYTES;

    enum Kind {
        /** The batch is applied, now or by an earlier copy of it. */
        APPLIED,
        CLAIMED,
        /** A newer epoch has been claimed; nothing of this copy was applied. */
        FENCED,
        /** A batch before this one is missing; nothing of this copy was applied. */
        OUT_OF_ORDER
    }

    private static final Kind[] KINDS = Kind.values();

    static void write(ByteBuffer target, Kind kind, long number) {
        target.put((byte) kind.ordinal()).putLong(number);
    }

    static ItemResult read(ByteBuffer source, long index) {
        return new ItemResult(KINDS[source.get()], source.getLong(), index);
    }
}
