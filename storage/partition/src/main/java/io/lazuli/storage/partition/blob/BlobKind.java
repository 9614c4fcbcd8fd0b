package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;

/** What sort of blob it is; fixed at its creation. The code is part of stored rows. */
public enum BlobKind implements WireMessage {
    BLOCK(1),
    APPEND(2),
    PAGE(3);

    private final int code;

    BlobKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static BlobKind ofCode(int code) {
        return values()[code - 1];
    }
}
