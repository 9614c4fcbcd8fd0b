package io.lazuli.storage.chunk.transport;

/** What a frame is; the number is its byte on the wire. Requests are below 64. */
enum FrameType {
    WRITE(1),
    READ(2),
    DIGESTS(3),
    IDS(4),
    SWEEP(5),
    STATUS(6),
    COMPARE_SOON(7),
    DONE(64),
    PART(65),
    DIGEST_LIST(66),
    ID_LIST(67),
    SWEPT(68),
    STATUS_REPORT(69),
    FAILED(70);

    private static final int FIRST_REPLY = 64;
    private static final FrameType[] BY_NUMBER = new FrameType[128];

    static {
        for (FrameType type : values()) {
            BY_NUMBER[type.number] = type;
        }
    }

    private final byte number;

    FrameType(int number) {
        this.number = (byte) number;
    }

    byte number() {
        return number;
    }

    boolean isRequest() {
        return number < FIRST_REPLY;
    }

    static FrameType of(byte number) throws ProtocolViolation {
        FrameType type = number < 0 ? null : BY_NUMBER[number];
        if (type == null) {
            throw new ProtocolViolation("a frame of unknown type " + number);
        }
        return type;
    }
}
