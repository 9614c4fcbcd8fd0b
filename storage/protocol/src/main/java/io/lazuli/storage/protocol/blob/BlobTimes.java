package io.lazuli.storage.protocol.blob;

import io.lazuli.security.HttpDates;
import io.lazuli.storage.partition.table.Ticks;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.table.DateTimes;

/** Times of blobs as headers and parameters have them. */
final class BlobTimes {

    private BlobTimes() {}

    /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    static String http(long ticks) {
        return HttpDates.format(Ticks.toEpochMillis(ticks));
    }

    /** As snapshots and versions are named: {@code 2026-11-23T10:14:37.1234567Z}. */
    static String name(long ticks) {
        return DateTimes.format(ticks);
    }

    /** 0 if it is absent or empty. @throws io.lazuli.storage.model.StorageException InvalidQueryParameterValue */
    static long ticks(String parameter, String text) {
        if (text == null || text.isEmpty()) {
            return 0;
        }
        try {
            return DateTimes.parse(text);
        } catch (IllegalArgumentException e) {
            throw BadRequests.invalidParameter(parameter, text.length() > 64 ? text.substring(0, 64) : text, "must be a time in UTC");
        }
    }
}
