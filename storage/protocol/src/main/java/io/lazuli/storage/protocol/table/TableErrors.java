package io.lazuli.storage.protocol.table;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.util.Map;

/** Errors of the table service with the sentence that says what is wrong; it follows the documented message in the error body. */
public final class TableErrors {

    private static final String REASON = "Reason";
    private static final int MAX_ECHOED_CHARS = 128;

    private TableErrors() {}

    public static StorageException because(StorageErrorCode code, String reason) {
        return new StorageException(code, Map.of(REASON, reason));
    }

    public static StorageException invalidInput(String reason) {
        return because(StorageErrorCode.INVALID_INPUT, reason);
    }

    public static StorageException outOfRange(String parameter, String value) {
        return because(StorageErrorCode.OUT_OF_RANGE_INPUT, "The '" + parameter + "' parameter of value '" + echoed(value) + "' is out of range.");
    }

    /** At most so much of a client's text as an error body repeats. */
    public static String echoed(String text) {
        return text.length() <= MAX_ECHOED_CHARS ? text : text.substring(0, MAX_ECHOED_CHARS);
    }
}
