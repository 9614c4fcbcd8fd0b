package io.lazuli.storage.protocol.table.json;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EntityLimits;
import io.lazuli.storage.protocol.table.TableErrors;

/** Property names are C# identifiers of at most 255 characters. Source: "Understanding the Table service data model"; C# specification 6.4.3. */
public final class PropertyNames {

    private PropertyNames() {}

    /** @throws StorageException PropertyNameTooLong, PropertyNameInvalid */
    public static void check(String name) {
        if (name.length() > EntityLimits.MAX_PROPERTY_NAME_CHARS) {
            throw new StorageException(StorageErrorCode.PROPERTY_NAME_TOO_LONG);
        }
        if (!isIdentifier(name)) {
            throw TableErrors.because(StorageErrorCode.PROPERTY_NAME_INVALID, "It is '" + TableErrors.echoed(name) + "'.");
        }
    }

    private static boolean isIdentifier(String name) {
        if (name.isEmpty() || !isStart(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            if (!isPart(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether an identifier may begin with it. */
    public static boolean isStart(char c) {
        return c < 0x80 ? c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' : Character.isLetter(c) || Character.getType(c) == Character.LETTER_NUMBER;
    }

    /** Whether an identifier may go on with it. */
    public static boolean isPart(char c) {
        if (c < 0x80) {
            return isStart(c) || c >= '0' && c <= '9';
        }
        return isStart(c) || switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.DECIMAL_DIGIT_NUMBER,
                    Character.CONNECTOR_PUNCTUATION, Character.FORMAT -> true;
            default -> false;
        };
    }
}
