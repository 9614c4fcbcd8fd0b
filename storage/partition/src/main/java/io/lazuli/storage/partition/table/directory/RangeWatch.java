package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.partition.table.directory.RangePlan.Decision;
import io.lazuli.storage.partition.table.directory.RangePlan.TableView;
import io.lazuli.storage.partition.table.directory.TableDirectory.IntentsFound;
import io.lazuli.storage.partition.table.directory.TableDirectory.TableWatched;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Watches the tables that are in use: learns from reports how their ranges fare, and now and then has the plan decide what is to be
 * done. A table is watched from its first report on until nothing has been heard of it for long. Owned by a directory's actor.
 */
final class RangeWatch {

    /** Requests that wait until the table they are about is watched. */
    private static final int MAX_WAITING_DESCRIPTIONS = 256;
    /** In terms of {@code mergeAfterMillis}: how long a table is watched after it was last heard of. */
    private static final int WATCHED_MERGE_TIMES = 2;
    private static final Runnable ALREADY_RUN = () -> { };

    private final Incarnation incarnation;
    private final Errands errands;
    private final RangeActions actions;
    private final Deque<Runnable> due = new ArrayDeque<>();
    private final Map<Long, WatchedTable> watched = new HashMap<>();
    private final Set<Long> reading = new HashSet<>();
    /** Of those being read: what is read may be out of date. */
    private final Set<Long> torn = new HashSet<>();
    private final Set<Long> ending = new HashSet<>();
    private final Set<PartitionId> asked = new HashSet<>();
    private final List<TableDirectoryRequest.DescribeRanges> waiting = new ArrayList<>();
    /** Of each table or container whose ranges are to stay as they are: what is to be done once nothing is under way. */
    private final Map<Long, Runnable> quiet = new HashMap<>();
    private boolean intentsKnown;

    RangeWatch(Incarnation incarnation, Errands errands) {
        this.incarnation = incarnation;
        this.errands = errands;
        this.actions = new RangeActions(incarnation, errands, this);
        incarnation.pipe(
                incarnation.needs.store().scan(incarnation.partition, RowRange.ascending(TableDirectoryRows.intentsBegin(),
                        TableDirectoryRows.intentsEnd(), TableDirectorySettings.RESUME_PAGE), incarnation.durableAt()),
                (page, error) -> new IntentsFound(incarnation.epoch, page, error));
    }

    RangeActions actions() {
        return actions;
    }

    Optional<WatchedTable> table(long number) {
        return Optional.ofNullable(watched.get(number));
    }

    /** Nothing under way, and nothing that would be merged later. */
    boolean isIdle() {
        return intentsKnown && actions.isEmpty() && watched.values().stream().noneMatch(table -> table.size() > 1);
    }

    void found(IntentsFound found) {
        for (Row row : found.page().rows()) {
            if (!ending.contains(TableDirectoryRows.numberOf(row.key()))) {
                actions.resume(row);
            }
        }
        intentsKnown = true;
        runQuiet();
    }

    /** Nothing more begins with these ranges until {@link #release}; {@code then} runs in the actor when what was under way has ended. */
    void whenQuiet(long number, Runnable then) {
        quiet.put(number, then);
        runQuiet();
    }

    void release(long number) {
        quiet.remove(number);
    }

    private void runQuiet() {
        if (intentsKnown) {
            quiet.replaceAll((number, then) -> {
                if (then != ALREADY_RUN && !actions.isUnderWay(number)) {
                    due.add(then);
                    return ALREADY_RUN;
                }
                return then;
            });
            while (!due.isEmpty()) {
                due.remove().run();
            }
        }
    }

    void reported(TableDirectoryMessage.Report report) {
        var facts = report.report();
        inUse(facts.partition()).ifPresent(table -> table.reported(
                facts.partition(), facts.entities(), facts.bytes(), facts.writesPerSecond(), incarnation.nowMillis()));
    }

    void read(TableDirectoryMessage.Reads reads) {
        for (TableDirectoryMessage.ReadCount count : reads.counts()) {
            inUse(count.partition()).ifPresent(table -> table.read(count.partition(), count.reads(), incarnation.nowMillis()));
        }
    }

    void describe(TableDirectoryRequest.DescribeRanges request) {
        WatchedTable table = watched.get(request.number());
        if (table != null) {
            request.replyTo().tell(table.describe(request.from(), actions.intent(request.number()), incarnation.nowMillis()));
        } else if (waiting.size() < MAX_WAITING_DESCRIPTIONS && watch(request.number())) {
            waiting.add(request);
        } else {
            request.replyTo().tell(new TableDirectoryReply.Refused(StorageErrorCode.SERVER_BUSY));
        }
    }

    /** The table of a range, if it is watched; otherwise that begins now. */
    private Optional<WatchedTable> inUse(String partition) {
        RangeName name = RangeName.of(PartitionId.parse(partition));
        WatchedTable table = watched.get(name.table());
        if (table == null && name.directory().equals(incarnation.partition)) {
            watch(name.table());
        }
        return Optional.ofNullable(table);
    }

    private boolean watch(long number) {
        if (reading.contains(number)) {
            return true;
        }
        if (ending.contains(number) || watched.size() + reading.size() >= TableDirectorySettings.MAX_WATCHED_TABLES) {
            return false;
        }
        reading.add(number);
        incarnation.pipe(incarnation.readTable(number), (table, error) -> new TableWatched(incarnation.epoch, number, table, error));
        return true;
    }

    void watched(TableWatched read) {
        reading.remove(read.number());
        if (torn.remove(read.number()) && watch(read.number())) {
            return;
        }
        if (!read.table().ranges().isEmpty() && !ending.contains(read.number())) {
            watched.put(read.number(), new WatchedTable(
                    read.number(), read.table().ranges(), incarnation.settings().ranges(), incarnation.nowMillis()));
        }
        List<TableDirectoryRequest.DescribeRanges> due = waiting.stream().filter(request -> request.number() == read.number()).toList();
        waiting.removeAll(due);
        for (TableDirectoryRequest.DescribeRanges request : due) {
            request.replyTo().tell(table(read.number())
                    .<TableDirectoryReply>map(table -> table.describe(request.from(), actions.intent(read.number()), incarnation.nowMillis()))
                    .orElseGet(() -> new TableDirectoryReply.Refused(incarnation.kind().notFound())));
        }
    }

    /** An intent's outcome is in the map. */
    void happened(long number, RangeIntent intent) {
        if (reading.contains(number)) {
            torn.add(number);
        }
        table(number).ifPresent(table -> table.happened(intent, incarnation.nowMillis()));
    }

    /** From now on the table belongs to whoever deletes it. */
    void giveUp(long number) {
        ending.add(number);
        actions.giveUp(number);
        quiet.remove(number);
        watched.remove(number);
        if (reading.contains(number)) {
            torn.add(number);
        }
    }

    /** The table is gone. */
    void forget(long number) {
        ending.remove(number);
    }

    void tick() {
        if (!intentsKnown) {
            return;
        }
        runQuiet();
        long nowMillis = incarnation.nowMillis();
        watched.entrySet().removeIf(entry -> !actions.isUnderWay(entry.getKey()) && nowMillis - entry.getValue().usedAtMillis()
                > WATCHED_MERGE_TIMES * incarnation.settings().ranges().mergeAfterMillis());
        List<TableView> views = new ArrayList<>();
        watched.forEach((number, table) -> views.add(table.view(actions.isUnderWay(number) || quiet.containsKey(number), nowMillis)));
        List<Decision> decisions = RangePlan.decide(
                views, incarnation.needs.groups().get(), actions.mayMove(), incarnation.settings().ranges());
        for (Decision decision : decisions) {
            WatchedTable table = watched.get(decision.table());
            table.used(nowMillis);
            actions.begin(decision, table);
        }
        askTheUnknown();
    }

    /** Idle ranges do not report by themselves after a change of the directory's owner, or again where a report was lost. */
    private void askTheUnknown() {
        for (WatchedTable table : watched.values()) {
            for (PartitionId range : table.size() < 2 ? List.<PartitionId>of() : table.unknown(
                    TableDirectorySettings.MAX_DESCRIBED_AT_ONCE, incarnation.nowMillis())) {
                if (asked.size() >= TableDirectorySettings.MAX_DESCRIBED_AT_ONCE) {
                    return;
                }
                if (asked.add(range)) {
                    errands.tell(replyTo -> new RangeRequest.Describe(range.toString(), replyTo),
                            incarnation.settings().rangeTimeoutMillis(), reply -> {
                                asked.remove(range);
                                if (reply instanceof RangeReply.Described described) {
                                    table.described(range, described, incarnation.nowMillis());
                                }
                                return true;
                            });
                }
            }
        }
    }
}
