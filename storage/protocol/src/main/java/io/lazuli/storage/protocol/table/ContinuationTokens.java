package io.lazuli.storage.protocol.table;

import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EntityLimits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Where the next page of a query starts, as text: {@code 1!length!base64url} of the key's bytes. Tokens name a place in key order and
 * nothing else: they may be used again, at any time, by anybody who may query the table. Source: "Query timeout and pagination".
 */
public final class ContinuationTokens {

    private static final String VERSION = "1!";
    private static final byte KEY_END = 0;
    /** A key of the largest size in UTF-8, and what makes it the next. */
    private static final int MAX_KEY_BYTES = 3 * EntityLimits.MAX_KEY_CHARS + 2;
    private static final int MAX_TOKEN_CHARS = VERSION.length() + 5 + (MAX_KEY_BYTES * 4 + 2) / 3;

    private ContinuationTokens() {}

    /** The values of {@code NextPartitionKey} and {@code NextRowKey}. */
    public record EntityToken(String nextPartitionKey, String nextRowKey) {}

    /** @param next where the next page starts, in the order of {@link io.lazuli.storage.partition.table.EntityKey#encode} */
    public static EntityToken ofEntity(byte[] next) {
        int end = 0;
        while (end < next.length && next[end] != KEY_END) {
            end++;
        }
        int row = Math.min(next.length, end + 1);
        return new EntityToken(write(next, 0, end), write(next, row, next.length - row));
    }

    /**
     * Where the next page starts.
     *
     * @param nextPartitionKey null for the table's start
     * @param nextRowKey null for the start of that partition key
     * @throws StorageException InvalidInput if one is not ours, or there is a NextRowKey alone
     */
    public static byte[] parseEntity(String nextPartitionKey, String nextRowKey) {
        if (nextPartitionKey == null) {
            if (nextRowKey != null) {
                throw TableErrors.invalidInput("NextRowKey is given without NextPartitionKey.");
            }
            return new byte[0];
        }
        byte[] partition = read("NextPartitionKey", nextPartitionKey);
        byte[] row = nextRowKey == null ? new byte[0] : read("NextRowKey", nextRowKey);
        if (row.length == 0) {
            return partition;
        }
        byte[] next = new byte[partition.length + 1 + row.length];
        System.arraycopy(partition, 0, next, 0, partition.length);
        System.arraycopy(row, 0, next, partition.length + 1, row.length);
        return next;
    }

    /** The value of {@code NextTableName}. */
    public static String ofTable(String next) {
        byte[] bytes = next.getBytes(StandardCharsets.UTF_8);
        return write(bytes, 0, bytes.length);
    }

    /** @throws StorageException InvalidInput if it is not ours */
    public static String parseTable(String nextTableName) {
        return new String(read("NextTableName", nextTableName), StandardCharsets.UTF_8);
    }

    private static String write(byte[] bytes, int from, int count) {
        byte[] part = Arrays.copyOfRange(bytes, from, from + count);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(part);
        return VERSION + text.length() + "!" + text;
    }

    private static byte[] read(String parameter, String token) {
        int separator = token.indexOf('!', VERSION.length());
        if (token.startsWith(VERSION) && separator > 0 && token.length() <= MAX_TOKEN_CHARS) {
            String text = token.substring(separator + 1);
            if (token.substring(VERSION.length(), separator).equals(Integer.toString(text.length()))) {
                try {
                    return Base64.getUrlDecoder().decode(text);
                } catch (IllegalArgumentException e) {
                    // refused below
                }
            }
        }
        throw TableErrors.invalidInput(parameter + " is not a continuation token of this service.");
    }
}
