package io.lazuli.storage.chunk.transport;

import io.lazuli.kernel.NodeId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The first bytes in each direction of a connection, the caller's first, by which both ends know that they belong to one cloud and speak one
 * protocol: magic (4 bytes), protocol version (1), the cloud's name and the sender's node id, each UTF-8 behind a length byte. Whoever
 * sends anything else is disconnected at the first byte that differs.
 */
final class ChunkHandshake {

    static final int VERSION = 1;
    private static final byte[] MAGIC = {'L', 'Z', 'C', 'H', VERSION};
    private static final int MAX_NAME_BYTES = 64;

    private ChunkHandshake() {}

    static byte[] encode(String cloudName, NodeId self) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(MAGIC);
        putName(bytes, cloudName);
        putName(bytes, self.value());
        return bytes.toByteArray();
    }

    /** The other end's node. */
    static NodeId read(FrameInput input, String cloudName) throws IOException {
        for (int i = 0; i < MAGIC.length; i++) {
            byte received = input.readByte();
            if (received != MAGIC[i]) {
                throw new ProtocolViolation(i == MAGIC.length - 1
                        ? "protocol version " + Byte.toUnsignedInt(received) + " where " + VERSION + " is spoken"
                        : "not the protocol of chunks");
            }
        }
        byte[] expected = cloudName.getBytes(StandardCharsets.UTF_8);
        boolean same = Byte.toUnsignedInt(input.readByte()) == expected.length;
        for (int i = 0; same && i < expected.length; i++) {
            same = input.readByte() == expected[i];
        }
        if (!same) {
            throw new ProtocolViolation("a node of another cloud");
        }
        int length = Byte.toUnsignedInt(input.readByte());
        if (length > MAX_NAME_BYTES) {
            throw new ProtocolViolation("a node's id of " + length + " bytes");
        }
        try {
            return new NodeId(new String(input.readBytes(length), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new ProtocolViolation("not a node's id");
        }
    }

    private static void putName(ByteArrayOutputStream bytes, String name) {
        byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
        if (encoded.length < 1 || encoded.length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("too long for a handshake: " + name);
        }
        bytes.write(encoded.length);
        bytes.writeBytes(encoded);
    }
}
