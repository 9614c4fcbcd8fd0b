package io.lazuli.storage.protocol.table;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.table.json.MetadataLevel;

/**
 * In which form a client wants its answer, and that what it sends is JSON. Of several media types that it accepts the first that is
 * offered is taken; quality values mean nothing. Source: "Payload format for Table service operations".
 */
final class PayloadFormat {

    private static final MetadataLevel DEFAULT = MetadataLevel.MINIMAL;
    private static final String JSON = "application/json";
    private static final String ATOM = "application/atom+xml";
    private static final String ODATA = "odata=";

    private PayloadFormat() {}

    /**
     * @param format {@code $format}, which overrides {@code Accept}; null if absent
     * @param accept null if absent
     * @throws StorageException AtomFormatNotSupported or MediaTypeNotSupported if JSON is not acceptable
     */
    static MetadataLevel ofAnswer(String format, String accept) {
        if (format != null) {
            return switch (format) {
                case "json" -> DEFAULT;
                case "atom" -> throw new StorageException(StorageErrorCode.ATOM_FORMAT_NOT_SUPPORTED);
                default -> acceptable(format);
            };
        }
        return accept == null || accept.isEmpty() ? DEFAULT : acceptable(accept);
    }

    /** @param contentType null if absent, which is taken for JSON. @throws StorageException as above */
    static void checkBody(String contentType) {
        if (contentType != null && !isType(contentType, 0, end(contentType, 0), JSON)) {
            throw notSupported(contentType);
        }
    }

    private static MetadataLevel acceptable(String types) {
        for (int start = 0; start < types.length(); ) {
            int end = end(types, start);
            MetadataLevel level = level(types, start, end);
            if (level != null) {
                return level;
            }
            start = end + 1;
        }
        throw notSupported(types);
    }

    private static int end(String types, int start) {
        int comma = types.indexOf(',', start);
        return comma < 0 ? types.length() : comma;
    }

    /** Null if that media type is not offered. */
    private static MetadataLevel level(String types, int start, int end) {
        if (isType(types, start, end, "*/*") || isType(types, start, end, "application/*")) {
            return DEFAULT;
        }
        if (!isType(types, start, end, JSON)) {
            return null;
        }
        for (int at = types.indexOf(';', start); at >= 0 && at < end; at = types.indexOf(';', at + 1)) {
            int parameter = skipBlanks(types, at + 1, end);
            if (types.regionMatches(true, parameter, ODATA, 0, ODATA.length())) {
                int value = parameter + ODATA.length();
                for (MetadataLevel level : MetadataLevel.values()) {
                    if (isToken(types, value, end, level.label())) {
                        return level;
                    }
                }
                return null;
            }
        }
        return DEFAULT;
    }

    private static boolean isType(String types, int start, int end, String type) {
        return isToken(types, skipBlanks(types, start, end), end, type);
    }

    /** Whether the token that begins there is this one, and nothing more. */
    private static boolean isToken(String text, int start, int end, String token) {
        if (!text.regionMatches(true, start, token, 0, token.length()) || start + token.length() > end) {
            return false;
        }
        int behind = skipBlanks(text, start + token.length(), end);
        return behind == end || text.charAt(behind) == ';';
    }

    private static int skipBlanks(String text, int start, int end) {
        int at = start;
        while (at < end && text.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    private static StorageException notSupported(String types) {
        boolean atom = types.regionMatches(true, 0, ATOM, 0, ATOM.length()) || types.contains(ATOM);
        return new StorageException(atom ? StorageErrorCode.ATOM_FORMAT_NOT_SUPPORTED : StorageErrorCode.MEDIA_TYPE_NOT_SUPPORTED);
    }
}
