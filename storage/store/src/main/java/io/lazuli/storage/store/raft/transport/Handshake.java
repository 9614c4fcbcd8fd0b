package io.lazuli.storage.store.raft.transport;

import io.lazuli.storage.store.raft.RaftSettings;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first bytes in each direction of a connection, by which both ends know that they belong to one cloud and speak one
 * protocol: magic (4 bytes), protocol version (1), the cloud's name and the sender's own address, each UTF-8 behind a
 * length byte. Whoever sends anything else is disconnected at the first byte that differs.
 */
final class Handshake {

    static final int VERSION = 1;
    private static final byte[] MAGIC = {'L', 'Z', 'R', 'F', VERSION};
    private static final int MAX_ADDRESS_BYTES = 255;
    static final int MAX_BYTES = MAGIC.length + 1 + RaftSettings.MAX_CLOUD_NAME_BYTES + 1 + MAX_ADDRESS_BYTES;

    private Handshake() {}

    static Buffer encode(String cloudName, String selfAddress) {
        byte[] name = cloudName.getBytes(StandardCharsets.UTF_8);
        byte[] address = selfAddress.getBytes(StandardCharsets.UTF_8);
        if (name.length > RaftSettings.MAX_CLOUD_NAME_BYTES || address.length > MAX_ADDRESS_BYTES) {
            throw new IllegalArgumentException("too long for a handshake: " + cloudName + ", " + selfAddress);
        }
        return Buffer.buffer(MAX_BYTES)
                .appendBytes(MAGIC)
                .appendByte((byte) name.length).appendBytes(name)
                .appendByte((byte) address.length).appendBytes(address);
    }

    /**
     * Reads a peer's handshake from the bytes received so far.
     *
     * @return null as long as bytes are missing
     */
    static Received decode(Buffer bytes, String cloudName) throws ProtocolViolation {
        int available = bytes.length();
        for (int i = 0; i < Math.min(available, MAGIC.length); i++) {
            if (bytes.getByte(i) != MAGIC[i]) {
                throw new ProtocolViolation(i == MAGIC.length - 1
                        ? "protocol version " + bytes.getUnsignedByte(i) + " where " + VERSION + " is spoken"
                        : "not the Raft protocol");
            }
        }
        int at = MAGIC.length;
        if (available <= at) {
            return null;
        }
        byte[] expectedName = cloudName.getBytes(StandardCharsets.UTF_8);
        int nameLength = bytes.getUnsignedByte(at++);
        if (nameLength != expectedName.length) {
            throw new ProtocolViolation("a peer of another cloud");
        }
        if (available <= at + nameLength) {
            return null;
        }
        if (!Arrays.equals(bytes.getBytes(at, at + nameLength), expectedName)) {
            throw new ProtocolViolation("a peer of another cloud");
        }
        at += nameLength;
        int addressLength = bytes.getUnsignedByte(at++);
        if (available < at + addressLength) {
            return null;
        }
        return new Received(bytes.getString(at, at + addressLength, "UTF-8"), at + addressLength);
    }

    /** @param length bytes that the handshake took; frames follow */
    record Received(String peerAddress, int length) {}
}
