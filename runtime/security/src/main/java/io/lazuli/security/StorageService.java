package io.lazuli.security;

/** The storage services as shared access signatures name them in {@code ss}. */
public enum StorageService {
    BLOB('b'),
    QUEUE('q'),
    TABLE('t'),
    FILE('f');

    private final char code;

    StorageService(char code) {
        this.code = code;
    }

    public char code() {
        return code;
    }
}
