package io.lazuli.kernel;

import java.util.regex.Pattern;

/** A node's stable name: 1 to 63 of {@code a-z 0-9 -}, kept in its data directory, the same after every restart. */
public record NodeId(String value) implements Comparable<NodeId> {

    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public NodeId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a node id has 1 to 63 of a-z, 0-9 and -, and a hyphen neither first nor last: '" + value + "'");
        }
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
