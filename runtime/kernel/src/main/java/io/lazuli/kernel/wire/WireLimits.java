package io.lazuli.kernel.wire;

/** The bounds of the serializer. What Artery accepts in one frame is configured apart ({@code maximum-frame-size}) and is usually less. */
public final class WireLimits {

    /** One message, encoded. */
    public static final int MAX_MESSAGE_BYTES = 16 << 20;
    /** Records and collections inside each other. */
    public static final int MAX_DEPTH = 64;
    /** Codecs that wait for their next message; more are made in a burst and dropped after it. */
    public static final int MAX_IDLE_CODECS = 32;
    /** A codec's buffer at the start, and the size up to which it is kept for the next message. */
    static final int INITIAL_BUFFER_BYTES = 4 << 10;
    static final int MAX_KEPT_BUFFER_BYTES = 256 << 10;

    private WireLimits() {}
}
