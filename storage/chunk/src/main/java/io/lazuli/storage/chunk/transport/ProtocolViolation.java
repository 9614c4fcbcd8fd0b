package io.lazuli.storage.chunk.transport;

import java.io.IOException;

/** The other end of a connection does not speak this protocol, or not to this cloud; the connection ends. */
final class ProtocolViolation extends IOException {

    ProtocolViolation(String message) {
        super(message);
    }
}
