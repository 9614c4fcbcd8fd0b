package io.lazuli.security;

import java.util.Optional;

/** One IPv4 address or an inclusive range of them, as {@code sip} has it. Addresses are kept as unsigned 32-bit numbers. */
record Ipv4Range(long first, long last) {

    private static final Ipv4Range ANY = new Ipv4Range(0, -1);

    /** Empty text is any address, also one that is not IPv4; an empty result means that the text is in neither form. */
    static Optional<Ipv4Range> parse(String text) {
        if (text.isEmpty()) {
            return Optional.of(ANY);
        }
        int hyphen = text.indexOf('-');
        long first = address(hyphen < 0 ? text : text.substring(0, hyphen));
        long last = hyphen < 0 ? first : address(text.substring(hyphen + 1));
        return first < 0 || last < first ? Optional.empty() : Optional.of(new Ipv4Range(first, last));
    }

    boolean isAny() {
        return last < 0;
    }

    boolean contains(String address) {
        long value = address(address);
        return isAny() || value >= 0 && value >= first && value <= last;
    }

    /** The address as a number, or -1 if it is not a dotted quad. */
    private static long address(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return -1;
        }
        long value = 0;
        for (String part : parts) {
            if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9') || Integer.parseInt(part) > 255) {
                return -1;
            }
            value = value << 8 | Integer.parseInt(part);
        }
        return value;
    }
}
