package io.lazuli.storage.store;

import java.util.List;

/** Rows in the order asked for; {@code more} is true if the range holds further rows behind the last one. */
public record RowPage(List<Row> rows, boolean more) {}
