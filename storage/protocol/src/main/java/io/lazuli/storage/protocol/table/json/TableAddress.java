package io.lazuli.storage.protocol.table.json;

import io.lazuli.storage.partition.table.EntityKey;
import java.nio.charset.StandardCharsets;

/**
 * What control information in answers is made of.
 *
 * @param base the service's address for this account without a slash at the end, e.g. {@code http://127.0.0.1:10002/devstoreaccount1}
 * @param table as the request names it
 */
public record TableAddress(String base, String account, String table) {

    private static final String UNRESERVED = "-._~!*'()";

    /** An entity's address below the base. */
    public String entityPath(EntityKey key) {
        StringBuilder path = new StringBuilder(64).append(table).append("(PartitionKey='");
        literal(path, key.partitionKey());
        path.append("',RowKey='");
        literal(path, key.rowKey());
        return path.append("')").toString();
    }

    /** Quotes doubled, all but unreserved characters percent-encoded. */
    private static void literal(StringBuilder path, String key) {
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c == '\'') {
                path.append("''");
            } else if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || UNRESERVED.indexOf(c) >= 0) {
                path.append(c);
            } else {
                path.append('%').append(hex(c >> 4)).append(hex(c & 0xF));
            }
        }
    }

    private static char hex(int digit) {
        return (char) (digit < 10 ? '0' + digit : 'A' + digit - 10);
    }
}
