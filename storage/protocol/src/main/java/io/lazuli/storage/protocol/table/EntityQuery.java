package io.lazuli.storage.protocol.table;

import io.lazuli.kernel.Clock;
import io.lazuli.security.GrantedKeys;
import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.partition.table.EntityProperties;
import io.lazuli.storage.partition.table.StoredEntity;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.partition.table.TableService.EntityPage;
import io.lazuli.storage.partition.table.TableService.EntityScan;
import io.lazuli.storage.protocol.service.AsyncLoop;
import io.lazuli.storage.protocol.table.filter.EntityFilter;
import io.lazuli.storage.protocol.table.filter.Filter;
import io.lazuli.storage.protocol.table.filter.FilterParser;
import io.lazuli.storage.protocol.table.filter.KeyRange;
import io.lazuli.storage.protocol.table.filter.KeyRanges;
import io.lazuli.storage.protocol.table.json.EntityWriter;
import io.lazuli.storage.protocol.table.json.TableAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * One answer of a query: the ranges of keys that its filter leaves are read page by page, what matches is written into the answer at
 * once, until the answer is full, the time for it is over, or there is no more. One request's; its steps follow one another, on
 * whatever threads the table service answers. Bounded: one page of the table and the answer so far.
 *
 * <p>A range of one key is read as an entity. The first page is as long as the answer may be if conditions on keys are
 * all that the filter has, else it is short; each further one is longer, because nobody knows how many will match.
 */
final class EntityQuery {

    static final int MAX_PAGE_ROWS = 1000;
    static final int MAX_PAGE_BYTES = 1 << 20;

    /** Of an answer that is looked for by properties: it may take long, and holds the room that was made for it meanwhile. */
    static final int MAX_SOUGHT_ANSWER_BYTES = 1 << 20;
    /** What room is made for; a longer answer must find more when it is ready. */
    private static final int EXPECTED_ENTITY_BYTES = 16 * 1024;
    private static final int FIRST_FILTERED_ROWS = 64;
    private static final int GROWTH = 4;
    private static final byte[] START = new byte[0];
    /** Where no entity can be. */
    private static final KeyRange NOWHERE = new KeyRange(START, new byte[] {0});

    private final TableService tables;
    private final TableAddress address;
    private final QueryOptions options;
    private final Filter filter;
    private final Clock clock;
    private final long startNanos;
    private final int maxAnswerBytes;
    private final Deque<KeyRange> ranges = new ArrayDeque<>();
    private final EntityWriter.Page answer;
    private int pageRows;

    /**
     * @param start where this answer starts, empty for the table's start
     * @param allowed what the client may see
     * @param maxAnswerBytes the answer ends with the entity that makes it so long
     */
    EntityQuery(
            TableService tables, TableAddress address, QueryOptions options, byte[] start, GrantedKeys allowed,
            int maxAnswerBytes, Clock clock) {
        this.tables = tables;
        this.address = address;
        this.options = options;
        this.filter = options.filter() == null ? null : FilterParser.parse(options.filter());
        this.clock = clock;
        this.startNanos = clock.nanos();
        this.answer = new EntityWriter(address, options.level(), options.projection()).page();
        boolean isFoundByKeys = filter == null || KeySpans.isAboutKeys(filter);
        this.pageRows = isFoundByKeys ? options.top() : FIRST_FILTERED_ROWS;
        this.maxAnswerBytes = isFoundByKeys ? maxAnswerBytes : Math.min(maxAnswerBytes, MAX_SOUGHT_ANSWER_BYTES);
        KeyRange visible = KeySpans.intersection(KeySpans.of(allowed), new KeyRange(start, null));
        for (KeyRange range : filter == null ? KeyRanges.all() : KeyRanges.of(filter)) {
            KeyRange wanted = KeySpans.intersection(range, visible);
            if (!KeySpans.isEmpty(wanted)) {
                ranges.add(wanted);
            }
        }
        if (ranges.isEmpty()) {
            ranges.add(NOWHERE);
        }
    }

    QueryOptions options() {
        return options;
    }

    /** What room is to be made for. */
    int expectedAnswerBytes() {
        return Math.min(maxAnswerBytes, options.top() * EXPECTED_ENTITY_BYTES);
    }

    CompletionStage<Void> run() {
        return AsyncLoop.whileTrue(this::step);
    }

    /** The answer's body. */
    byte[] answer() {
        return answer.end();
    }

    /** Where the next answer starts; null if there is none. */
    byte[] next() {
        return ranges.isEmpty() ? null : ranges.peek().fromInclusive();
    }

    private CompletionStage<Boolean> step() {
        KeyRange range = ranges.poll();
        EntityKey only = KeySpans.onlyKey(range);
        return only == null
                ? tables.scan(address.account(), address.table(), new EntityScan(
                        range.fromInclusive(), range.toExclusive(), rowsWanted(), Math.min(MAX_PAGE_BYTES, maxAnswerBytes)))
                        .thenApply(page -> take(range, page))
                : tables.get(address.account(), address.table(), only).thenApply(found -> {
                    found.ifPresent(this::offer);
                    return goesOn();
                });
    }

    private int rowsWanted() {
        if (filter == null) {
            return options.top() - answer.entities();
        }
        int rows = pageRows;
        pageRows = Math.min(MAX_PAGE_ROWS, Math.max(FIRST_FILTERED_ROWS, pageRows * GROWTH));
        return rows;
    }

    private boolean take(KeyRange range, EntityPage page) {
        List<StoredEntity> entities = page.entities();
        if (filter == null || KeySpans.isAboutKeys(filter)) {
            reserve(entities);
        }
        for (int i = 0; i < entities.size(); i++) {
            offer(entities.get(i));
            if (isFull() && i + 1 < entities.size()) {
                ranges.push(new KeyRange(entities.get(i + 1).key().encode(), range.toExclusive()));
                return false;
            }
        }
        if (page.next() != null) {
            KeyRange rest = new KeyRange(page.next(), range.toExclusive());
            if (!KeySpans.isEmpty(rest)) {
                ranges.push(rest);
            }
        }
        return goesOn();
    }

    /** Nearly all of them will be in the answer, whose buffer then need not grow step by step. */
    private void reserve(List<StoredEntity> entities) {
        int bytes = 0;
        for (StoredEntity entity : entities) {
            bytes += entity.properties().length;
        }
        answer.reserve(entities.size(), Math.min(bytes, maxAnswerBytes));
    }

    private void offer(StoredEntity entity) {
        Map<String, EdmValue> properties = EntityProperties.decode(entity.properties());
        if (filter == null || EntityFilter.matches(filter, entity, properties)) {
            answer.add(entity, properties);
        }
    }

    private boolean isFull() {
        return answer.entities() >= options.top() || answer.lengthBytes() >= maxAnswerBytes;
    }

    private boolean goesOn() {
        return !ranges.isEmpty() && !isFull() && clock.nanos() - startNanos < QueryRequests.MAX_WORK_NANOS;
    }
}
