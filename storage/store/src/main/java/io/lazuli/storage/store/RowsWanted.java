package io.lazuli.storage.store;

import java.util.List;
import java.util.Optional;

/**
 * What {@link RowStore#read} reads: the range, if there is one, and the keys.
 *
 * @param keys at most {@link StoreLimits#MAX_READ_KEYS}
 */
public record RowsWanted(Optional<RowRange> range, List<byte[]> keys) {

    public RowsWanted {
        keys = List.copyOf(keys);
        if (keys.size() > StoreLimits.MAX_READ_KEYS) {
            throw new IllegalArgumentException(keys.size() + " keys");
        }
    }
}
