package io.lazuli.storage.protocol.table;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;

/** The rule for table names: a letter, then letters and digits, 3 to 63 together. Source: "Understanding the Table service data model". */
final class TableNames {

    static final int MIN_CHARS = 3;
    static final int MAX_CHARS = 63;

    /** The account's list of tables is addressed by this name, so no table has it. */
    static final String RESERVED = "Tables";

    private TableNames() {}

    /** @throws StorageException OutOfRangeInput for its length, InvalidResourceName for its characters, InvalidInput if it is {@link #RESERVED} */
    static String check(String name) {
        if (name.length() < MIN_CHARS || name.length() > MAX_CHARS) {
            throw new StorageException(StorageErrorCode.OUT_OF_RANGE_INPUT);
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                throw new StorageException(StorageErrorCode.INVALID_RESOURCE_NAME);
            }
        }
        if (name.equalsIgnoreCase(RESERVED)) {
            throw TableErrors.invalidInput("'" + RESERVED + "' names the list of tables.");
        }
        return name;
    }
}
