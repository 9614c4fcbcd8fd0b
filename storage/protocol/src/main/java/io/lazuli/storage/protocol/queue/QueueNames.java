package io.lazuli.storage.protocol.queue;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;

/** Which names a queue may have. Source: "Naming queues and metadata". */
final class QueueNames {

    static final int MIN_CHARS = 3;
    static final int MAX_CHARS = 63;

    private QueueNames() {}

    /** @throws StorageException OutOfRangeInput for the length, InvalidResourceName for the characters */
    static String check(String name) {
        if (name.length() < MIN_CHARS || name.length() > MAX_CHARS) {
            throw new StorageException(StorageErrorCode.OUT_OF_RANGE_INPUT);
        }
        char before = '-';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            boolean hyphenBetween = c == '-' && before != '-' && i < name.length() - 1;
            if (!letterOrDigit && !hyphenBetween) {
                throw new StorageException(StorageErrorCode.INVALID_RESOURCE_NAME);
            }
            before = c;
        }
        return name;
    }
}
