package io.lazuli.storage.store;

import java.util.List;
import java.util.Optional;

/**
 * The answer to {@link RowsWanted}.
 *
 * @param page without rows if no range was wanted
 * @param values of the keys, in their order; empty where there is no row
 */
public record RowsRead(RowPage page, List<Optional<byte[]>> values) {}
