package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;

/** A block blob's tier: kept and answered; the bytes stay where they are. An archived blob cannot be read before it is rehydrated. */
public enum AccessTier implements WireMessage {
    HOT(1),
    COOL(2),
    COLD(3),
    ARCHIVE(4);

    private final int code;

    AccessTier(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static AccessTier ofCode(int code) {
        return values()[code - 1];
    }
}
