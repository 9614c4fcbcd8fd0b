package io.lazuli.storage.store.raft.transport;

/** Bytes on the Raft port that no peer of this cloud sends; the connection is closed. */
final class ProtocolViolation extends Exception {

    ProtocolViolation(String message) {
        super(message, null, false, false);
    }
}
