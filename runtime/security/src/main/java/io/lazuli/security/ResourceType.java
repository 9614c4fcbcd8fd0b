package io.lazuli.security;

/** What an operation works on, as account signatures name it in {@code srt}. */
public enum ResourceType {
    /** The account's service itself: its properties, its list of containers, queues or tables. */
    SERVICE('s'),
    /** A container, a queue, a table. */
    CONTAINER('c'),
    /** A blob, a message, an entity. */
    OBJECT('o');

    private final char code;

    ResourceType(char code) {
        this.code = code;
    }

    public char code() {
        return code;
    }
}
