package io.lazuli.storage.protocol.http;

/**
 * Makes request ids in the form of a GUID: unique by a random half per event loop and start, and a counter. Cheaper than
 * random ones, and two ids in a log tell which request came first.
 */
final class RequestIds {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final long prefix;
    private long count;

    RequestIds(long prefix) {
        this.prefix = prefix;
    }

    String next() {
        long low = ++count;
        char[] out = new char[36];
        int at = hex(out, 0, prefix >>> 32, 8);
        out[at++] = '-';
        at = hex(out, at, prefix >>> 16, 4);
        out[at++] = '-';
        at = hex(out, at, prefix, 4);
        out[at++] = '-';
        at = hex(out, at, low >>> 48, 4);
        out[at++] = '-';
        hex(out, at, low, 12);
        return new String(out);
    }

    private static int hex(char[] out, int at, long value, int digits) {
        for (int i = digits - 1; i >= 0; i--) {
            out[at + i] = HEX[(int) (value & 15)];
            value >>>= 4;
        }
        return at + digits;
    }
}
