package io.lazuli.security;

import java.util.Locale;

/** The storage services as shared access signatures name them in {@code ss}. */
public enum StorageService {
    BLOB('b'),
    QUEUE('q'),
    TABLE('t'),
    FILE('f');

    private final char code;
    private final String label;

    StorageService(char code) {
        this.code = code;
        this.label = name().toLowerCase(Locale.ROOT);
    }

    public char code() {
        return code;
    }

    /** In lower case, as host names and signatures have it. */
    public String label() {
        return label;
    }
}
