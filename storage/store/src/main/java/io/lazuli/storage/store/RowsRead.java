package io.lazuli.storage.store;

import java.util.List;
import java.util.Optional;

/**
 * The answer to {@link RowsWanted}.
 *
 * @param page without rows if no range was wanted
 * @param values of the keys, in their order; empty where there is no row. At least one; fewer than keys were wanted if those that are
 *     here hold {@link StoreLimits#MAX_READ_BYTES} or more: ask for the rest again
 */
public record RowsRead(RowPage page, List<Optional<byte[]>> values) {}
