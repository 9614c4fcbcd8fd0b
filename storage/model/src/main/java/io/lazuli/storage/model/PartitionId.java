package io.lazuli.storage.model;

import java.nio.charset.StandardCharsets;

/**
 * Names one partition: the unit of ownership, ordering and fencing in the replicated store. It carries the Raft group
 * that holds its rows, so that routing needs no lookup; a partition that moves to another group gets a new id.
 *
 * <p>Text form, also the sharding entity id: {@code group.kind.name}, e.g. {@code 2.q.17} or {@code 0.a.devstoreaccount1}.
 *
 * @param group the Raft group, 0 to {@value #MAX_GROUP}
 * @param kind what it holds
 * @param name 1 to {@value #MAX_NAME_BYTES} bytes of UTF-8 without NUL, unique among the partitions of its kind; of a range
 *     with one slash in it, and something on both sides
 */
public record PartitionId(int group, PartitionKind kind, String name) {

    public static final int MAX_GROUP = 4095;
    public static final int MAX_NAME_BYTES = 512;

    public PartitionId {
        if (group < 0 || group > MAX_GROUP) {
            throw new IllegalArgumentException("group " + group + " is not within 0.." + MAX_GROUP);
        }
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > MAX_NAME_BYTES || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a partition's name has 1 to " + MAX_NAME_BYTES + " bytes and no NUL: " + name);
        }
        if (kind.isRange() && !hasTwoParts(name)) {
            throw new IllegalArgumentException("a range is named table/range or container/range: " + name);
        }
    }

    /** @throws IllegalArgumentException if the text is not {@code group.kind.name} */
    public static PartitionId parse(String text) {
        int first = text.indexOf('.');
        if (first < 1 || text.length() < first + 4 || text.charAt(first + 2) != '.') {
            throw new IllegalArgumentException("not a partition id: " + text);
        }
        int group;
        try {
            group = Integer.parseInt(text.substring(0, first));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a partition id: " + text, e);
        }
        return new PartitionId(group, PartitionKind.ofCode(text.charAt(first + 1)), text.substring(first + 3));
    }

    private static boolean hasTwoParts(String name) {
        int slash = name.indexOf('/');
        return slash > 0 && slash < name.length() - 1 && name.indexOf('/', slash + 1) < 0;
    }

    @Override
    public String toString() {
        return group + "." + kind.code() + "." + name;
    }
}
