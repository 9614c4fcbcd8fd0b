package io.lazuli.security;

/**
 * The entities that a table signature is for: from (startPartitionKey, startRowKey) to (endPartitionKey, endRowKey), both inclusive, in
 * the order of entities, which is by partition key and then row key, by code point. Null leaves an end open: a range without
 * start row key begins with the first row of its partition key, one without end row key ends with the last. An empty key is none,
 * because what is signed does not tell them apart. Source: "Create a service SAS", "Specify table access ranges".
 */
public record GrantedKeys(String startPartitionKey, String startRowKey, String endPartitionKey, String endRowKey) {

    public static final GrantedKeys ALL = new GrantedKeys(null, null, null, null);

    public GrantedKeys {
        startPartitionKey = emptyToNull(startPartitionKey);
        startRowKey = emptyToNull(startRowKey);
        endPartitionKey = emptyToNull(endPartitionKey);
        endRowKey = emptyToNull(endRowKey);
    }

    private static String emptyToNull(String key) {
        return key == null || key.isEmpty() ? null : key;
    }

    public boolean isAll() {
        return startPartitionKey == null && endPartitionKey == null;
    }

    public boolean contains(String partitionKey, String rowKey) {
        return !isBeforeStart(partitionKey, rowKey) && !isAfterEnd(partitionKey, rowKey);
    }

    private boolean isBeforeStart(String partitionKey, String rowKey) {
        if (startPartitionKey == null) {
            return false;
        }
        int order = compare(partitionKey, startPartitionKey);
        return order < 0 || order == 0 && startRowKey != null && compare(rowKey, startRowKey) < 0;
    }

    private boolean isAfterEnd(String partitionKey, String rowKey) {
        if (endPartitionKey == null) {
            return false;
        }
        int order = compare(partitionKey, endPartitionKey);
        return order > 0 || order == 0 && endRowKey != null && compare(rowKey, endRowKey) > 0;
    }

    /** By code point, as UTF-8 sorts; {@code String.compareTo} would put U+FFxx behind surrogate pairs. */
    private static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean bothOrNeither = Character.isSurrogate(x) == Character.isSurrogate(y);
                return bothOrNeither ? x - y : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }
}
