package io.lazuli.storage.partition.table;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a range serves: a row in the table's row space that only the range's writer changes (and, when it is born of a split, its
 * parent). A reader that reads an entity first and the header after it, in one call to the store, knows that the entity was read
 * while the range served it.
 *
 * @param low first key, empty for the table's start
 * @param high first key behind, empty for the table's end
 */
public record RangeHeader(State state, byte[] low, byte[] high) {

    private static final byte VERSION = 1;

    public enum State {
        /** Serves. */
        LIVE((byte) 1),
        /** Being filled by a range that moves here; serves nothing. */
        IMPORTING((byte) 2),
        /** Serves no more: absorbed by its neighbour, moved, or destroyed. */
        RETIRED((byte) 3);

        private final byte code;

        State(byte code) {
            this.code = code;
        }
    }

    public boolean serves(byte[] key) {
        return state == State.LIVE && Arrays.compareUnsigned(key, low) >= 0 && (high.length == 0 || Arrays.compareUnsigned(key, high) < 0);
    }

    public byte[] encode() {
        return ByteBuffer.allocate(2 + 2 + low.length + 2 + high.length)
                .put(VERSION).put(state.code).putShort((short) low.length).put(low).putShort((short) high.length).put(high).array();
    }

    /** @throws IllegalArgumentException or {@link java.nio.BufferUnderflowException} if malformed */
    public static RangeHeader decode(byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        byte version = in.get();
        byte code = in.get();
        if (version != VERSION || code < 1 || code > State.values().length) {
            throw new IllegalArgumentException("a range header of version " + version + " and state " + code);
        }
        byte[] low = new byte[in.getShort()];
        in.get(low);
        byte[] high = new byte[in.getShort()];
        in.get(high);
        return new RangeHeader(State.values()[code - 1], low, high);
    }
}
