package io.lazuli.storage.protocol.table.json;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.EntityLimits;
import io.lazuli.storage.protocol.table.DateTimes;
import io.lazuli.storage.protocol.table.Guids;
import io.lazuli.storage.protocol.table.TableErrors;
import java.util.Base64;

/** One property's value from JSON. */
final class PropertyValues {

    private static final int MAX_INT64_CHARS = 20;
    private static final int MAX_DOUBLE_CHARS = 400;

    private PropertyValues() {}

    /**
     * @param type as annotated, null if it is not
     * @return null if the value is
     */
    static EdmValue read(String name, JsonBody.Kind kind, String text, String type) {
        if (kind == JsonBody.Kind.NULL) {
            return null;
        }
        try {
            EdmValue value = type == null ? unannotated(kind, text) : annotated(name, kind, text, type);
            if (value != null) {
                return value;
            }
        } catch (IllegalArgumentException e) {
            // NumberFormatException, too: refused below
        }
        throw TableErrors.invalidInput("The value of '" + TableErrors.echoed(name) + "' is not of type " + (type == null ? "Edm.Double" : TableErrors.echoed(type)) + ".");
    }

    private static EdmValue unannotated(JsonBody.Kind kind, String text) {
        return switch (kind) {
            case STRING -> string(text);
            case INTEGER -> integer(text);
            case FRACTION -> finite(text);
            case TRUE -> new EdmValue.OfBoolean(true);
            case FALSE -> new EdmValue.OfBoolean(false);
            case NULL -> null;
        };
    }

    /** Null if a value of this kind is not of that type. */
    private static EdmValue annotated(String name, JsonBody.Kind kind, String text, String type) {
        return switch (type) {
            case "Edm.String" -> kind == JsonBody.Kind.STRING ? string(text) : null;
            case "Edm.Int32" -> kind == JsonBody.Kind.INTEGER ? new EdmValue.OfInt32(Integer.parseInt(text)) : null;
            case "Edm.Int64" -> (kind == JsonBody.Kind.STRING || kind == JsonBody.Kind.INTEGER) && text.length() <= MAX_INT64_CHARS
                    ? new EdmValue.OfInt64(Long.parseLong(text)) : null;
            case "Edm.Double" -> switch (kind) {
                case STRING -> named(text);
                case INTEGER, FRACTION -> finite(text);
                case TRUE, FALSE, NULL -> null;
            };
            case "Edm.Boolean" -> switch (kind) {
                case TRUE -> new EdmValue.OfBoolean(true);
                case FALSE -> new EdmValue.OfBoolean(false);
                case STRING, INTEGER, FRACTION, NULL -> null;
            };
            case "Edm.DateTime" -> kind == JsonBody.Kind.STRING ? dateTime(name, text) : null;
            case "Edm.Guid" -> kind == JsonBody.Kind.STRING ? new EdmValue.OfGuid(Guids.parse(text)) : null;
            case "Edm.Binary" -> kind == JsonBody.Kind.STRING ? binary(text) : null;
            default -> throw TableErrors.because(StorageErrorCode.INVALID_VALUE_TYPE,
                    "'" + TableErrors.echoed(name) + "' is said to be of type '" + TableErrors.echoed(type) + "'.");
        };
    }

    private static EdmValue string(String text) {
        if (text.length() > EntityLimits.MAX_STRING_CHARS) {
            throw new StorageException(StorageErrorCode.PROPERTY_VALUE_TOO_LARGE);
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && !Character.isSurrogatePair(text.charAt(i), ++i < text.length() ? text.charAt(i) : 0)) {
                throw TableErrors.invalidInput("A string holds half of a surrogate pair.");
            }
        }
        return new EdmValue.OfString(text);
    }

    private static EdmValue integer(String text) {
        if (text.length() <= 11) {
            long value = Long.parseLong(text);
            if ((int) value == value) {
                return new EdmValue.OfInt32((int) value);
            }
        }
        return finite(text);
    }

    private static EdmValue finite(String text) {
        double value = Double.parseDouble(text);
        return Double.isFinite(value) ? new EdmValue.OfDouble(value) : null;
    }

    private static EdmValue named(String text) {
        return switch (text) {
            case "NaN" -> new EdmValue.OfDouble(Double.NaN);
            case "Infinity", "INF" -> new EdmValue.OfDouble(Double.POSITIVE_INFINITY);
            case "-Infinity", "-INF" -> new EdmValue.OfDouble(Double.NEGATIVE_INFINITY);
            default -> text.length() <= MAX_DOUBLE_CHARS && isDecimal(text) ? finite(text) : null;
        };
    }

    /** Not what only Java takes for a number, like {@code 1f} or {@code 0x1p3}. */
    private static boolean isDecimal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && c != '+' && c != '-' && c != '.' && c != 'e' && c != 'E') {
                return false;
            }
        }
        return true;
    }

    private static EdmValue dateTime(String name, String text) {
        long ticks = DateTimes.parse(text);
        if (ticks < DateTimes.MIN_TICKS) {
            throw TableErrors.outOfRange(name, text);
        }
        return new EdmValue.OfDateTime(ticks);
    }

    private static EdmValue binary(String text) {
        if (text.length() > 2 * EntityLimits.MAX_BINARY_BYTES) {
            throw new StorageException(StorageErrorCode.PROPERTY_VALUE_TOO_LARGE);
        }
        byte[] value = Base64.getDecoder().decode(text);
        if (value.length > EntityLimits.MAX_BINARY_BYTES) {
            throw new StorageException(StorageErrorCode.PROPERTY_VALUE_TOO_LARGE);
        }
        return new EdmValue.OfBinary(value);
    }
}
