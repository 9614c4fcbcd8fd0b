package io.lazuli.storage.conformance.fault;

import com.fasterxml.jackson.databind.JsonNode;
import io.lazuli.storage.conformance.cloud.LazuliCloud;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writers insert entities into a table of a three-node cloud while its ranges split and move and one node is killed and comes
 * back; then one query of the whole table must find every acknowledged entity, in order, unharmed and once. An entity's content
 * follows from its number, so that nothing but numbers need be remembered.
 *
 * <p>An insert whose answer was lost is repeated; a repetition that is told that the entity exists has been acknowledged, because
 * nobody else inserts it. What is not answered within the patience of a writer is unknown: it may be there.
 */
@Command(name = "table-split-fire", mixinStandardHelpOptions = true, sortOptions = false)
final class TableSplitFire extends Traffic implements Runnable {

    private static final int NODES = 3;
    private static final String TABLE = "Fire";
    private static final int STEADY_OPERATIONS = 50;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(240);
    private static final long RETRY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long WHOLE_TIMEOUT_MILLIS = 300_000;
    private static final int MAX_REMEMBERED_PROBLEMS = 20;
    /** A prime, so that writers that follow each other work on partition keys far apart. */
    private static final int STRIDE = 7919;

    @Option(names = "--entities", defaultValue = "1000000", description = "How many (default ${DEFAULT-VALUE}).")
    int entities;

    @Option(names = "--partition-keys", defaultValue = "200", description = "Over so many partition keys (default ${DEFAULT-VALUE}).")
    int partitionKeys;

    @Option(names = "--writers", defaultValue = "8", description = "At a time (default ${DEFAULT-VALUE}).")
    int writers;

    @Option(names = "--batch", defaultValue = "20", description = "Entities of one transaction; every tenth block is inserted one by one (default ${DEFAULT-VALUE}).")
    int batch;

    @Option(names = "--text-chars", defaultValue = "960", description = "Length of an entity's text (default ${DEFAULT-VALUE}: 1 KiB in all).")
    int textChars;

    @Option(names = "--split-bytes", defaultValue = "33554432", description = "Size at which the cloud splits a range (default ${DEFAULT-VALUE}).")
    long splitBytes;

    @Option(names = "--down-seconds", defaultValue = "10", description = "How long the killed node stays away (default ${DEFAULT-VALUE}).")
    int downSeconds;

    @Option(names = "--port-offset", defaultValue = "900", description = "Where free ports are searched (default ${DEFAULT-VALUE}).")
    int portOffset;

    @Option(names = "--rest-millis", defaultValue = "0", description = "How long a writer rests after a block (default ${DEFAULT-VALUE}).")
    int restMillis;

    private LazuliCloud cloud;
    private long startNanos;
    private final AtomicLong nextBlock = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    private final ServiceGap gap = newGap();
    private final AtomicLong longestInsertNanos = new AtomicLong();
    private final BitSet isAcknowledged = new BitSet();
    private final BitSet isUnknown = new BitSet();

    TableSplitFire() {
        super(STEADY_OPERATIONS, TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS));
    }

    /** The short form, on a cloud that bears faults anyway and has been started with {@link #cloudOptions}: ranges of half a megabyte. */
    TableSplitFire(LazuliCloud cloud) {
        this();
        this.cloud = cloud;
        entities = 4_000_000;
        partitionKeys = 50;
        writers = 4;
        batch = 20;
        textChars = 200;
        restMillis = 100;
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new TableSplitFire()).execute(arguments));
    }

    /** @param problems what must not be: empty if all went well; @param ranges of the table in the end, by the group that holds them */
    record Outcome(long acknowledged, long unknown, long repeated, long found, Map<Integer, Integer> ranges, double longestGapSeconds,
            double longestInsertSeconds, double insertedPerSecond, List<String> problems) {}

    @Override
    public void run() {
        try {
            Outcome outcome = burn();
            System.out.printf("%,d acknowledged (%,d after a repetition), %d unknown; %,d found in order; ranges by group %s; longest time in which no writer "
                    + "succeeded %.1f s, longest insert %.1f s; %,.0f entities/s%n", outcome.acknowledged(), outcome.repeated(), outcome.unknown(), outcome.found(),
                    outcome.ranges(), outcome.longestGapSeconds(), outcome.longestInsertSeconds(), outcome.insertedPerSecond());
            if (!outcome.problems().isEmpty()) {
                throw new IllegalStateException(String.join("\n", outcome.problems()));
            }
            System.out.println("none missing, none twice, none changed");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Outcome burn() throws IOException, InterruptedException {
        try (LazuliCloud started = LazuliCloud.start(NODES, portOffset, cloudOptions(splitBytes))) {
            cloud = started;
            cloud.keepLogs();
            start();
            killOneInTheMiddle();
            awaitStop();
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            cloud.awaitWhole(WHOLE_TIMEOUT_MILLIS);
            long found = readBack(new TableClient(endpoints(), TABLE, 0));
            Outcome outcome = new Outcome(isAcknowledged.cardinality(), isUnknown.cardinality(), repeated.get(), found, rangesByGroup(cloud.ranges()),
                    gap.longestSeconds(), longestInsertNanos.get() / 1e9, entities / seconds, List.copyOf(problems));
            if (outcome.problems().isEmpty()) {
                cloud.deleteLogs();
            }
            return outcome;
        }
    }

    static String cloudOptions(long splitBytes) {
        return "-Dlazuli.partition.table-directory.split-bytes=" + splitBytes + " -Dlazuli.partition.table.report-interval=1s";
    }

    private List<String> endpoints() {
        return cloud.nodeIds().stream().map(node -> cloud.tableEndpoint(node) + "/" + LazuliCloud.ACCOUNT).toList();
    }

    @Override
    void start() {
        List<String> endpoints = endpoints();
        create(attempt -> createTable(new TableClient(endpoints, TABLE, attempt)));
        gap.restart();
        startNanos = System.nanoTime();
        for (int writer = 0; writer < writers; writer++) {
            TableClient client = new TableClient(endpoints, TABLE, writer);
            startClient("writer-" + writer, () -> write(client));
        }
    }

    private static void createTable(TableClient client) {
        try {
            client.createTable();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    List<String> problems() throws IOException, InterruptedException {
        long found = readBack(new TableClient(endpoints(), TABLE, 0));
        Map<Integer, Integer> ranges = rangesByGroup(cloud.ranges());
        System.out.printf("table: %d entities acknowledged (%d after a repetition), %d unknown, %d found in order; ranges by group %s%n",
                isAcknowledged.cardinality(), repeated.get(), isUnknown.cardinality(), found, ranges);
        if (ranges.values().stream().mapToInt(Integer::intValue).sum() < 2) {
            problem("no range was split");
        }
        return List.copyOf(problems);
    }

    private void killOneInTheMiddle() {
        while (acknowledged.get() < entities / 3 && anyClientRuns()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        String node = cloud.nodeIds().get(1);
        System.out.printf("%,d inserted, ranges by group %s; kill -9 of %s, which leads groups %s%n", acknowledged.get(), rangesByGroup(cloud.ranges()), node, cloud.groupsLedBy(node));
        cloud.kill(node);
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(downSeconds));
        cloud.up();
        System.out.printf("%,d inserted, %s is back%n", acknowledged.get(), node);
    }

    /** Ranges of all tables of the cloud: it has one. */
    private static Map<Integer, Integer> rangesByGroup(JsonNode ranges) {
        Map<Integer, Integer> byGroup = new TreeMap<>();
        for (JsonNode range : ranges.isArray() ? ranges : ranges.path("ranges")) {
            byGroup.merge(range.path("group").asInt(Integer.parseInt(range.path("partition").asText("0").split("\\.")[0])), 1, Integer::sum);
        }
        return byGroup;
    }

    private void write(TableClient client) {
        long blocks = (entities + batch - 1L) / batch;
        try {
            for (long block = nextBlock.getAndIncrement(); block < blocks && !stopped(); block = nextBlock.getAndIncrement()) {
                int partitionKey = (int) (block % partitionKeys * STRIDE % partitionKeys);
                List<Integer> numbers = new ArrayList<>();
                for (long row = block / partitionKeys * batch; row < (block / partitionKeys + 1) * batch; row++) {
                    numbers.add((int) (row * partitionKeys + partitionKey));
                }
                if (block % 10 == 0) {
                    for (int number : numbers) {
                        insert(client, List.of(number));
                    }
                } else {
                    insert(client, numbers);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(restMillis));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void insert(TableClient client, List<Integer> numbers) throws InterruptedException {
        List<String> bodies = numbers.stream().map(this::entity).toList();
        long start = System.nanoTime();
        boolean mayBeThere = false;
        while (System.nanoTime() - start < PATIENCE_NANOS) {
            int status;
            try {
                status = client.insert(bodies);
            } catch (IOException e) {
                status = -1;
            }
            if (status / 100 == 2 || status == TableClient.CONFLICT && mayBeThere) {
                acknowledged(numbers, mayBeThere, System.nanoTime() - start);
                return;
            }
            if (status / 100 == 4) {
                problem("insert of " + numbers.getFirst() + " answered " + status);
                return;
            }
            mayBeThere |= status != 503;
            client.nextNode();
            LockSupport.parkNanos(RETRY_PAUSE_NANOS);
        }
        synchronized (isUnknown) {
            numbers.forEach(isUnknown::set);
        }
    }

    private void acknowledged(List<Integer> numbers, boolean afterRepetition, long nanos) {
        gap.success();
        acknowledged.addAndGet(numbers.size());
        if (afterRepetition) {
            repeated.addAndGet(numbers.size());
        }
        longestInsertNanos.accumulateAndGet(nanos, Math::max);
        synchronized (isAcknowledged) {
            numbers.forEach(isAcknowledged::set);
        }
    }

    private void problem(String what) {
        if (problems.size() < MAX_REMEMBERED_PROBLEMS) {
            problems.add(what);
        }
    }

    private String partitionKey(int number) {
        return String.format("p%05d", number % partitionKeys);
    }

    private String rowKey(int number) {
        return String.format("r%09d", number / partitionKeys);
    }

    private String text(int number) {
        StringBuilder text = new StringBuilder(textChars);
        long random = number * 0x9E3779B97F4A7C15L + 1;
        while (text.length() < textChars) {
            random ^= random << 13;
            random ^= random >>> 7;
            random ^= random << 17;
            text.append((char) ('a' + Math.floorMod(random, 26)));
        }
        return text.toString();
    }

    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return Long.toString(crc.getValue());
    }

    private String entity(int number) {
        String text = text(number);
        return "{\"PartitionKey\":\"" + partitionKey(number) + "\",\"RowKey\":\"" + rowKey(number) + "\",\"Number\":" + number
                + ",\"Sum@odata.type\":\"Edm.Int64\",\"Sum\":\"" + checksum(text) + "\",\"Text\":\"" + text + "\"}";
    }

    /** Of whichever node answers. */
    private static TableClient.Page page(TableClient client, String next) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (true) {
            try {
                return client.page(next);
            } catch (IOException e) {
                if (System.nanoTime() - start > PATIENCE_NANOS) {
                    throw e;
                }
            }
            client.nextNode();
            LockSupport.parkNanos(RETRY_PAUSE_NANOS);
        }
    }

    /** One query of the whole table. */
    private long readBack(TableClient client) throws IOException, InterruptedException {
        BitSet seen = new BitSet();
        String last = "";
        long found = 0;
        String next = "";
        boolean more = true;
        while (more) {
            TableClient.Page page = page(client, next);
            for (JsonObject entity : page.entities()) {
                String key = entity.getString("PartitionKey") + "/" + entity.getString("RowKey");
                int number = entity.getInteger("Number");
                if (key.compareTo(last) <= 0) {
                    problem(key + " came after " + last);
                }
                if (seen.get(number)) {
                    problem(key + " came twice");
                }
                String text = entity.getString("Text");
                if (!key.equals(partitionKey(number) + "/" + rowKey(number)) || !text.equals(text(number)) || !checksum(text).equals(entity.getString("Sum"))) {
                    problem(key + " is not what was inserted");
                }
                if (!isAcknowledged.get(number) && !isUnknown.get(number)) {
                    problem(key + " was never inserted");
                }
                seen.set(number);
                last = key;
                found++;
            }
            next = page.next();
            more = !next.isEmpty();
        }
        BitSet missing = (BitSet) isAcknowledged.clone();
        missing.andNot(seen);
        if (!missing.isEmpty()) {
            problem(missing.cardinality() + " acknowledged entities are missing, the first is " + partitionKey(missing.nextSetBit(0)) + "/" + rowKey(missing.nextSetBit(0)));
        }
        return found;
    }
}
