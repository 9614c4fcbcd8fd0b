package io.lazuli.storage.partition.table;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a range serves: a row in the table's row space that only the range's writer changes, except that a split writes the new
 * range's first one, the lower neighbour that absorbs a range its last one, and a range that moves here all until it is LIVE. A reader
 * that reads an entity and the header in one call to the store, hence as of one moment, knows that the range served the entity then.
 *
 * <pre>
 *             +--Extend of the neighbour-- RETIRED &lt;--Retire--+
 *             v                                               |
 * (none)     GONE &lt;------------Destroy, from anywhere------- LIVE &lt;--Initialize, parent's Split-- (none)
 *             ^                                               | ^
 *             +-----Destroy----- MOVED &lt;--all is copied------+ +--the source is MOVED-- IMPORTING &lt;--Move-- (none)
 *                                                            LIVE --Close--> CLOSED --Reopen--> LIVE, or Destroy
 * </pre>
 *
 * <p>GONE stays for ever, some bytes, so that no request that comes late brings a range back to life.
 *
 * @param low first key, empty for the table's start
 * @param high first key behind, empty for the table's end
 * @param target of MOVED the range that serves instead, once it is LIVE; otherwise empty
 */
public record RangeHeader(State state, byte[] low, byte[] high, String target) {

    static final RangeHeader NEVER_AGAIN = new RangeHeader(State.GONE, new byte[0], new byte[0]);

    private static final byte VERSION = 1;

    public enum State {
        /** Serves. */
        LIVE((byte) 1),
        /** Being filled by a range that moves here; serves nothing. */
        IMPORTING((byte) 2),
        /** Serves no more; its rows are about to be its lower neighbour's. */
        RETIRED((byte) 3),
        /** Serves no more; its rows, whole copies of which are in another group, are about to be deleted. */
        MOVED((byte) 4),
        /** Has no rows (any more) and will never have any. */
        GONE((byte) 5),
        /** Serves nothing for the time being. */
        CLOSED((byte) 6);

        private final byte code;

        State(byte code) {
            this.code = code;
        }
    }

    public RangeHeader(State state, byte[] low, byte[] high) {
        this(state, low, high, "");
    }

    public boolean serves(byte[] key) {
        return state == State.LIVE && covers(key);
    }

    /** Whether the rows of the key are here and nowhere else, be they served or put aside. */
    public boolean holds(byte[] key) {
        return (state == State.LIVE || state == State.CLOSED) && covers(key);
    }

    boolean covers(byte[] key) {
        return Arrays.compareUnsigned(key, low) >= 0 && (high.length == 0 || Arrays.compareUnsigned(key, high) < 0);
    }

    RangeHeader become(State next) {
        return new RangeHeader(next, low, high);
    }

    public byte[] encode() {
        byte[] movedTo = target.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + 2 + low.length + 2 + high.length + 2 + movedTo.length).put(VERSION).put(state.code)
                .putShort((short) low.length).put(low).putShort((short) high.length).put(high)
                .putShort((short) movedTo.length).put(movedTo).array();
    }

    /** @throws IllegalArgumentException or {@link java.nio.BufferUnderflowException} if malformed */
    public static RangeHeader decode(byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        byte version = in.get();
        byte code = in.get();
        if (version != VERSION || code < 1 || code > State.values().length) {
            throw new IllegalArgumentException("a range header of version " + version + " and state " + code);
        }
        return new RangeHeader(State.values()[code - 1], bytes(in), bytes(in), new String(bytes(in), StandardCharsets.UTF_8));
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[in.getShort()];
        in.get(bytes);
        return bytes;
    }
}
