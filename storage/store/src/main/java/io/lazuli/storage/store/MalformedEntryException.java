package io.lazuli.storage.store;

/** Stored or replicated bytes that this version cannot have written: going on would let replicas differ, so the replica stops. */
final class MalformedEntryException extends RuntimeException {

    MalformedEntryException(String message) {
        super(message);
    }
}
