package io.lazuli.storage.protocol.table;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EntityKey;
import java.util.List;

/**
 * What a URI of the table service addresses: the path behind the account. Source: "Addressing Table service resources".
 *
 * <pre>
 *  (nothing)                              the account's table service
 *  $batch                                 entity group transactions
 *  Tables   Tables()                      the account's tables
 *  Tables('name')                         one of them
 *  name   name()                          the entities of a table
 *  name(PartitionKey='p',RowKey='r')      one of them; keys in either order, quotes inside doubled
 * </pre>
 */
sealed interface TableResource {

    record Service() implements TableResource {}

    record Batch() implements TableResource {
        @Override
        public String table() {
            return null;
        }
    }

    record Tables() implements TableResource {}

    record Table(String table) implements TableResource {}

    record Entities(String table) implements TableResource {}

    record Entity(String table, EntityKey key) implements TableResource {}

    /** The table that it names or belongs to; empty if it is the account's, null if its parts say. */
    default String table() {
        return "";
    }

    /** The entity's; null if it is none. */
    default EntityKey key() {
        return null;
    }

    /**
     * @param segments of the path behind the account, unescaped
     * @throws StorageException if it is in none of these forms, or a name or key is not as it must be
     */
    static TableResource parse(List<String> segments) {
        if (segments.isEmpty()) {
            return new Service();
        }
        if (segments.size() > 1) {
            throw new StorageException(StorageErrorCode.INVALID_URI);
        }
        String segment = segments.get(0);
        if (segment.equals("$batch")) {
            return new Batch();
        }
        int open = segment.indexOf('(');
        String name = open < 0 ? segment : segment.substring(0, open);
        boolean tables = name.equalsIgnoreCase(TableNames.RESERVED);
        if (!tables) {
            TableNames.check(name);
        }
        if (open < 0) {
            return tables ? new Tables() : new Entities(name);
        }
        KeyReader keys = new KeyReader(segment, open + 1);
        if (keys.isEmpty()) {
            return tables ? new Tables() : new Entities(name);
        }
        return tables ? new Table(TableNames.check(keys.single())) : new Entity(name, keys.entityKey());
    }

    /** Reads what stands between the parentheses, up to the end of the text. */
    final class KeyReader {

        private final String text;
        private int at;

        KeyReader(String text, int at) {
            this.text = text;
            this.at = at;
        }

        boolean isEmpty() {
            skipBlanks();
            return at == text.length() - 1 && text.charAt(at) == ')';
        }

        String single() {
            String value = quoted();
            close();
            return value;
        }

        EntityKey entityKey() {
            String partitionKey = null;
            String rowKey = null;
            for (int i = 0; i < 2; i++) {
                if (i == 1) {
                    expect(',');
                }
                if (partitionKey == null && named(EntityKeys.PARTITION_KEY)) {
                    partitionKey = quoted();
                } else if (rowKey == null && named(EntityKeys.ROW_KEY)) {
                    rowKey = quoted();
                } else {
                    throw malformed();
                }
            }
            close();
            return EntityKeys.checked(partitionKey, rowKey);
        }

        private boolean named(String name) {
            skipBlanks();
            if (!text.startsWith(name, at)) {
                return false;
            }
            at += name.length();
            expect('=');
            return true;
        }

        private String quoted() {
            expect('\'');
            int start = at;
            boolean doubled = false;
            while (true) {
                int quote = text.indexOf('\'', at);
                if (quote < 0) {
                    throw malformed();
                }
                at = quote + 1;
                if (at == text.length() || text.charAt(at) != '\'') {
                    String value = text.substring(start, quote);
                    return doubled ? value.replace("''", "'") : value;
                }
                doubled = true;
                at++;
            }
        }

        private void close() {
            expect(')');
            if (at != text.length()) {
                throw malformed();
            }
        }

        private void expect(char wanted) {
            skipBlanks();
            if (at == text.length() || text.charAt(at) != wanted) {
                throw malformed();
            }
            at++;
        }

        private void skipBlanks() {
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
        }

        private static StorageException malformed() {
            return TableErrors.invalidInput("The address of an entity must have the form table(PartitionKey='…',RowKey='…').");
        }
    }
}
