package io.lazuli.storage.store.raft.transport;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Cuts a byte stream into frames and makes frames: length of the rest (4 bytes, big endian), type number (1), call number
 * (4, chosen by the caller and returned in the response), protobuf message. The length is checked before anything is
 * allocated, and memory follows the bytes that arrive, at most one frame of the configured size per connection. Not
 * thread-safe: one reader per connection.
 */
final class Frames {

    private static final int LENGTH_BYTES = 4;
    private static final int HEADER_BYTES = LENGTH_BYTES + 1 + 4;
    /** Memory for a body grows with its arrival beyond this, so that announcing a large frame costs nothing. */
    private static final int FIRST_BODY_BYTES = 64 << 10;

    private final int maxFrameBytes;
    private final byte[] header = new byte[HEADER_BYTES];
    private int headerFilled;
    private byte[] body;
    private int bodyLength;
    private int bodyFilled;

    Frames(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    interface Receiver {
        /** @param body given away */
        void frame(FrameType type, int call, byte[] body) throws ProtocolViolation;
    }

    static Buffer encode(int call, Message message, int maxFrameBytes) {
        int size = message.getSerializedSize();
        if (size > maxFrameBytes - HEADER_BYTES) {
            throw new IllegalArgumentException("a " + message.getClass().getSimpleName() + " of " + size
                    + " bytes does not fit into a frame of " + maxFrameBytes);
        }
        byte[] frame = new byte[HEADER_BYTES + size];
        putInt(frame, 0, HEADER_BYTES - LENGTH_BYTES + size);
        frame[LENGTH_BYTES] = (byte) FrameType.of(message).number();
        putInt(frame, LENGTH_BYTES + 1, call);
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(frame, HEADER_BYTES, size);
            message.writeTo(out);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(frame);
    }

    void read(Buffer chunk, int from, Receiver receiver) throws ProtocolViolation {
        int at = from;
        int end = chunk.length();
        while (at < end) {
            if (body == null) {
                int take = Math.min(HEADER_BYTES - headerFilled, end - at);
                chunk.getBytes(at, at + take, header, headerFilled);
                headerFilled += take;
                at += take;
                if (headerFilled >= LENGTH_BYTES) {
                    checkLength();
                }
                if (headerFilled < HEADER_BYTES) {
                    return;
                }
                bodyLength = getInt(header, 0) - (HEADER_BYTES - LENGTH_BYTES);
                body = new byte[Math.min(bodyLength, FIRST_BODY_BYTES)];
                bodyFilled = 0;
            }
            int take = Math.min(bodyLength - bodyFilled, end - at);
            if (take > 0) {
                makeRoom(bodyFilled + take);
                chunk.getBytes(at, at + take, body, bodyFilled);
                bodyFilled += take;
                at += take;
            }
            if (bodyFilled == bodyLength) {
                byte[] whole = body;
                body = null;
                headerFilled = 0;
                receiver.frame(FrameType.numbered(header[LENGTH_BYTES] & 0xff), getInt(header, LENGTH_BYTES + 1), whole);
            }
        }
    }

    private void makeRoom(int bytes) {
        if (bytes > body.length) {
            body = Arrays.copyOf(body, Math.min(bodyLength, Math.max(bytes, 2 * body.length)));
        }
    }

    private void checkLength() throws ProtocolViolation {
        int length = getInt(header, 0);
        if (length < HEADER_BYTES - LENGTH_BYTES || length > maxFrameBytes - LENGTH_BYTES) {
            throw new ProtocolViolation("a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
    }

    private static void putInt(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    private static int getInt(byte[] bytes, int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
    }
}
