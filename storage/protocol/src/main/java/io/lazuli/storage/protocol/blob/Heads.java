package io.lazuli.storage.protocol.blob;

import io.lazuli.security.HttpDates;
import io.lazuli.security.SignableRequest;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.http.BadRequests;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;

/** Values of headers, read strictly: null where one is absent, InvalidHeaderValue where it is not in its form. */
final class Heads {

    private static final int MAX_DIGITS = 18;
    private static final int MAX_ECHOED_CHARS = 128;
    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");

    private Heads() {}

    static StorageException invalid(String name, String value) {
        return BadRequests.invalidHeader(name, value.length() <= MAX_ECHOED_CHARS ? value : value.substring(0, MAX_ECHOED_CHARS));
    }

    static StorageException missing(String name) {
        return new StorageException(StorageErrorCode.MISSING_REQUIRED_HEADER, Map.of("HeaderName", name));
    }

    /** @throws StorageException MissingRequiredHeader if it is absent or empty */
    static String required(SignableRequest head, String name) {
        String value = head.header(name);
        if (value == null || value.isEmpty()) {
            throw missing(name);
        }
        return value;
    }

    /** What an answer may repeat in a header: visible ASCII. */
    static String text(SignableRequest head, String name) {
        String value = head.header(name);
        if (value != null && !isVisible(value)) {
            throw invalid(name, value);
        }
        return value == null || value.isEmpty() ? null : value;
    }

    static boolean isVisible(String value) {
        return value.chars().allMatch(c -> c >= ' ' && c < 0x7F);
    }

    static Long number(SignableRequest head, String name, long min, long max) {
        String text = head.header(name);
        if (text == null) {
            return null;
        }
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        boolean good = !digits.isEmpty() && digits.length() <= MAX_DIGITS + 1 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        long value = 0;
        try {
            value = good ? Long.parseLong(text) : 0;
        } catch (NumberFormatException e) {
            good = false;
        }
        if (!good || value < min || value > max) {
            throw invalid(name, text);
        }
        return value;
    }

    static boolean flag(SignableRequest head, String name) {
        String text = head.header(name);
        if (text == null || text.equalsIgnoreCase("false")) {
            return false;
        }
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        throw invalid(name, text);
    }

    static Long dateMillis(SignableRequest head, String name, long nowMillis) {
        String text = head.header(name);
        if (text == null) {
            return null;
        }
        OptionalLong millis = HttpDates.parseAnyForm(text, nowMillis);
        if (millis.isEmpty()) {
            throw invalid(name, text);
        }
        return millis.getAsLong();
    }

    /** @throws StorageException {@code wrong} unless it is Base64 of so many bytes */
    static byte[] base64(SignableRequest head, String name, int bytes, StorageErrorCode wrong) {
        String text = head.header(name);
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            byte[] value = Base64.getDecoder().decode(text);
            if (value.length == bytes) {
                return value;
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw new StorageException(wrong, Map.of("HeaderName", name));
    }

    /** In any of its usual forms, with or without hyphens, braces or parentheses; in lower case with hyphens. */
    static String guid(SignableRequest head, String name) {
        String text = head.header(name);
        if (text == null) {
            return null;
        }
        String bare = text.trim().toLowerCase(Locale.ROOT);
        if (bare.startsWith("{") && bare.endsWith("}") || bare.startsWith("(") && bare.endsWith(")")) {
            bare = bare.substring(1, bare.length() - 1);
        }
        if (!GUID.matcher(bare).matches()) {
            throw invalid(name, text);
        }
        String hex = bare.replace("-", "");
        return new UUID(Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16)).toString();
    }
}
