package io.lazuli.storage.protocol.table;

import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EntityWrite;

/**
 * An entity's ETag is its Timestamp: {@code W/"datetime'2026-11-23T10%3A14%3A37.1234567Z'"}. Source: "Update Entity", "Specifying
 * conditional headers for Blob service operations" (the form is opaque to clients, but old ones build it from the Timestamp).
 */
public final class ETags {

    private static final String START = "W/\"datetime'";
    private static final String END = "'\"";
    private static final int MAX_CHARS = 128;

    private ETags() {}

    public static String of(long ticks) {
        String time = DateTimes.format(ticks);
        return START + time.substring(0, 13) + "%3A" + time.substring(14, 16) + "%3A" + time.substring(17) + END;
    }

    /**
     * The version that an If-Match asks for: {@link EntityWrite#ANY_VERSION} for {@code *}, else the Timestamp in ticks.
     *
     * @throws StorageException InvalidInput if it is neither
     */
    public static long parseIfMatch(String header) {
        String tag = header.trim();
        if (tag.equals("*")) {
            return EntityWrite.ANY_VERSION;
        }
        if (tag.length() > MAX_CHARS || !tag.startsWith(START) || !tag.endsWith(END) || tag.length() < START.length() + END.length()) {
            throw invalid(header);
        }
        String time = tag.substring(START.length(), tag.length() - END.length()).replace("%3A", ":").replace("%3a", ":");
        try {
            return DateTimes.parse(time);
        } catch (IllegalArgumentException e) {
            throw invalid(header);
        }
    }

    private static StorageException invalid(String header) {
        return TableErrors.invalidInput("The etag value '" + TableErrors.echoed(header)
                + "' specified in one of the request headers is not valid. Please make sure only one etag value is specified and is valid.");
    }
}
