package io.lazuli.storage.protocol.table;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.partition.table.TableService.TableListing;
import io.lazuli.storage.protocol.service.AsyncLoop;
import io.lazuli.storage.protocol.table.filter.FilterParser;
import io.lazuli.storage.protocol.table.filter.TableFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/**
 * One page of the account's tables that match a filter, found by reading page after page of names until it is full or the time for
 * it is over. One request's; its steps follow one another.
 */
final class TableQuery {

    private static final int PAGE_NAMES = 1000;

    private final TableService tables;
    private final String account;
    private final TableFilter filter;
    private final int top;
    private final Clock clock;
    private final long startNanos;
    private final List<String> found = new ArrayList<>();
    private String next;

    /** @param token {@code NextTableName}, null at the start */
    TableQuery(TableService tables, String account, QueryOptions options, String token, Clock clock) {
        this.tables = tables;
        this.account = account;
        this.filter = TableFilter.of(options.filter() == null ? null : FilterParser.parse(options.filter()));
        this.top = options.top();
        this.clock = clock;
        this.startNanos = clock.nanos();
        String from = token == null || token.isEmpty() ? "" : ContinuationTokens.parseTable(token);
        this.next = from.compareTo(filter.fromInclusive()) > 0 ? from : filter.fromInclusive();
    }

    CompletionStage<Void> run() {
        return AsyncLoop.whileTrue(() -> tables.listTables(account, next, filter.toExclusive(), PAGE_NAMES).thenApply(this::take));
    }

    /** Whether to go on. */
    private boolean take(TableListing page) {
        for (String name : page.names()) {
            if (filter.matches(name)) {
                if (found.size() == top) {
                    next = name.toLowerCase(Locale.ROOT);
                    return false;
                }
                found.add(name);
            }
        }
        next = page.next();
        return next != null && clock.nanos() - startNanos < QueryRequests.MAX_WORK_NANOS;
    }

    List<String> found() {
        return found;
    }

    /** For {@code NextTableName}; null if there are no more. */
    String token() {
        return next == null ? null : ContinuationTokens.ofTable(next);
    }
}
