package io.lazuli.bench;

import io.lazuli.security.AccountSas;
import io.lazuli.security.ConfiguredAccounts;
import io.lazuli.security.SigningKey;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Drives the table service of a running cloud and prints one line per workload and concurrency: operations and entities per
 * second, p50 and p99 in milliseconds, errors, and how many cores the client took (near the number of cores, it is the client
 * that is measured). Workloads: {@code insert} single entities of 1 KiB, {@code batch} 100 such in a transaction,
 * {@code get} point reads among {@code --rows}, {@code query} a partition key's 1,000 entities, {@code get-large} point reads
 * among {@code --large-rows}, which are inserted first. Run by hand; the tables are deleted in the end.
 */
@Command(name = "table-benchmark", mixinStandardHelpOptions = true, sortOptions = false)
public final class TableBenchmark implements Runnable {

    private static final int SAMPLES = 1 << 20;
    private static final int BATCH = 100;
    private static final int QUERY_ROWS = 1000;
    private static final int QUERY_PARTITIONS = 8;
    private static final int LARGE_PARTITION_ROWS = 10_000;
    private static final int LOADERS = 8;
    private static final String TEXT = "0123456789abcdefghijklmnopqrstuvwxyz".repeat(4);

    @Option(names = "--endpoints", split = ",", defaultValue = "http://127.0.0.1:10002/devstoreaccount1",
            description = "Table endpoints with the account, used in turn (default ${DEFAULT-VALUE}).")
    private List<URI> endpoints;

    @Option(names = "--key", description = "The account's key (default: the development account's).")
    private String key = ConfiguredAccounts.DEVELOPMENT_KEY;

    @Option(names = "--workloads", split = ",", defaultValue = "insert,batch,get,query", description = "Of insert, batch, get, query, get-large (default ${DEFAULT-VALUE}).")
    private List<String> workloads;

    @Option(names = "--concurrency", split = ",", defaultValue = "1,16,64", description = "Requests in flight (default ${DEFAULT-VALUE}).")
    private List<Integer> concurrencies;

    @Option(names = "--seconds", defaultValue = "10", description = "Of each measurement (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--warm-up-seconds", defaultValue = "10", description = "Before the first measurement of a workload (default ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(names = "--partitions", defaultValue = "16", description = "Partition keys that are written (default ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--rows", defaultValue = "1000", description = "Entities that get reads from (default ${DEFAULT-VALUE}).")
    private int rows;

    @Option(names = "--large-rows", defaultValue = "1000000", description = "Entities that get-large reads from (default ${DEFAULT-VALUE}).")
    private int largeRows;

    private final AtomicLong names = new AtomicLong();
    private String sas;

    public static void main(String[] args) {
        System.exit(new CommandLine(new TableBenchmark()).execute(args));
    }

    @Override
    public void run() {
        String account = endpoints.getFirst().getPath().substring(1);
        sas = AccountSas.until(Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS).toString(), "t", "sco", "rwdlacu")
                .token(account, SigningKey.ofBase64(key));
        try {
            for (String workload : workloads) {
                measure(workload);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes the requests of one client. */
    private interface Requests {
        byte[] next(HttpConnection connection, String path);
    }

    private void measure(String workload) throws IOException, InterruptedException {
        String table = "Bench" + UUID.randomUUID().toString().replace("-", "");
        setUp("POST", "/Tables", "{\"TableName\":\"" + table + "\"}", 201);
        try {
            Requests requests = requests(workload, table);
            int entities = switch (workload) {
                case "batch" -> BATCH;
                case "query" -> QUERY_ROWS;
                default -> 1;
            };
            run(requests, concurrencies.getLast(), warmUpSeconds);
            for (int concurrency : concurrencies) {
                System.out.printf("%-9s %s%n", workload, run(requests, concurrency, seconds).line(concurrency, entities));
            }
        } finally {
            setUp("DELETE", "/Tables('" + table + "')", "", 204);
        }
    }

    private Requests requests(String workload, String table) throws IOException, InterruptedException {
        String prefix = "row-" + Long.toHexString(System.nanoTime()) + "-";
        return switch (workload) {
            case "insert" -> (connection, path) -> connection.request("POST", path + "/" + table + "?" + sas,
                    "Content-Type: application/json\r\nPrefer: return-no-content\r\n", entity("p" + ThreadLocalRandom.current().nextInt(partitions), prefix + names.incrementAndGet()));
            case "batch" -> (connection, path) -> {
                long first = names.getAndAdd(BATCH);
                return batch(connection, path, table, "p" + ThreadLocalRandom.current().nextInt(partitions), prefix, first, BATCH);
            };
            case "get" -> {
                load(table, "p", rows, rows);
                yield (connection, path) -> get(connection, path, table, "p0", ThreadLocalRandom.current().nextInt(rows));
            }
            case "get-large" -> {
                load(table, "p", largeRows, LARGE_PARTITION_ROWS);
                yield (connection, path) -> {
                    int row = ThreadLocalRandom.current().nextInt(largeRows);
                    return get(connection, path, table, "p" + row / LARGE_PARTITION_ROWS, row);
                };
            }
            case "query" -> {
                load(table, "p", QUERY_PARTITIONS * QUERY_ROWS, QUERY_ROWS);
                yield (connection, path) -> connection.request("GET",
                        path + "/" + table + "()?$filter=PartitionKey%20eq%20'p" + ThreadLocalRandom.current().nextInt(QUERY_PARTITIONS) + "'&" + sas, "", "");
            }
            default -> throw new IllegalArgumentException("no workload " + workload);
        };
    }

    private byte[] get(HttpConnection connection, String path, String table, String partitionKey, int row) {
        return connection.request("GET", path + "/" + table + "(PartitionKey='" + partitionKey + "',RowKey='" + rowKey(row) + "')?" + sas, "", "");
    }

    private static String rowKey(long number) {
        return String.format("r%09d", number);
    }

    /** Some 1 KiB in 12 properties. */
    private static String entity(String partitionKey, String rowKey) {
        return "{\"PartitionKey\":\"" + partitionKey + "\",\"RowKey\":\"" + rowKey + "\",\"Customer\":\"" + TEXT.substring(0, 120) + "\",\"Address\":\"" + TEXT.substring(0, 140)
                + "\",\"Product\":\"" + TEXT.substring(0, 110) + "\",\"Notes\":\"" + TEXT + "\",\"Tags\":\"" + TEXT.substring(0, 100)
                + "\",\"Quantity\":42,\"Total\":1234.5,\"Paid\":true,\"Ticks@odata.type\":\"Edm.Int64\",\"Ticks\":\"638000000000000000\","
                + "\"Placed@odata.type\":\"Edm.DateTime\",\"Placed\":\"2024-05-06T07:08:09.1234567Z\"}";
    }

    private byte[] batch(HttpConnection connection, String path, String table, String partitionKey, String prefix, long first, int count) {
        StringBuilder body = new StringBuilder(count * 1400).append("--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n");
        for (long number = first; number < first + count; number++) {
            String rowKey = prefix.isEmpty() ? rowKey(number) : prefix + number;
            body.append("--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nPOST ").append(endpoints.getFirst()).append('/').append(table)
                    .append(" HTTP/1.1\r\nContent-Type: application/json\r\nAccept: application/json;odata=nometadata\r\nPrefer: return-no-content\r\n\r\n")
                    .append(entity(partitionKey, rowKey)).append("\r\n");
        }
        return connection.request("POST", path + "/$batch?" + sas, "Content-Type: multipart/mixed; boundary=b\r\n", body.append("--c--\r\n--b--\r\n").toString());
    }

    private void load(String table, String partitionPrefix, int count, int rowsPerPartition) throws InterruptedException {
        AtomicLong next = new AtomicLong();
        long start = System.nanoTime();
        List<Thread> loaders = new ArrayList<>();
        AtomicLong failures = new AtomicLong();
        for (int i = 0; i < LOADERS; i++) {
            URI endpoint = endpoints.get(i % endpoints.size());
            loaders.add(Thread.ofPlatform().start(() -> {
                try (HttpConnection connection = new HttpConnection(endpoint)) {
                    for (long first = next.getAndAdd(BATCH); first < count; first = next.getAndAdd(BATCH)) {
                        byte[] batch = batch(connection, endpoint.getPath(), table, partitionPrefix + first / rowsPerPartition, "", first, (int) Math.min(BATCH, count - first));
                        if (connection.exchange(batch) != 202) {
                            failures.incrementAndGet();
                        }
                    }
                } catch (IOException e) {
                    failures.incrementAndGet();
                    System.err.println("loading: " + e);
                }
            }));
        }
        for (Thread loader : loaders) {
            loader.join();
        }
        System.out.printf("          %,d entities inserted in batches of %d, %d at a time: %,.0f/s, %d failures%n",
                count, BATCH, LOADERS, count / ((System.nanoTime() - start) / 1e9), failures.get());
    }

    private Recorder run(Requests requests, int concurrency, int forSeconds) throws InterruptedException {
        Recorder recorder = new Recorder();
        long start = System.nanoTime();
        long deadline = start + forSeconds * 1_000_000_000L;
        List<Thread> clients = new ArrayList<>();
        long cpuStart = cpuNanos();
        for (int i = 0; i < concurrency; i++) {
            URI endpoint = endpoints.get(i % endpoints.size());
            clients.add(Thread.ofPlatform().start(() -> drive(requests, endpoint, deadline, recorder)));
        }
        for (Thread client : clients) {
            client.join();
        }
        recorder.elapsedSeconds = (System.nanoTime() - start) / 1e9;
        recorder.clientCores = (cpuNanos() - cpuStart) / 1e9 / recorder.elapsedSeconds;
        return recorder;
    }

    private static void drive(Requests requests, URI endpoint, long deadlineNanos, Recorder recorder) {
        try (HttpConnection connection = new HttpConnection(endpoint)) {
            while (System.nanoTime() < deadlineNanos) {
                byte[] request = requests.next(connection, endpoint.getPath());
                long start = System.nanoTime();
                try {
                    int status = connection.exchange(request);
                    if (status / 100 == 2) {
                        recorder.done(System.nanoTime() - start);
                    } else {
                        recorder.failed("status " + status);
                    }
                } catch (IOException e) {
                    recorder.failed(e.toString());
                }
            }
        } catch (IOException e) {
            recorder.failed(e.toString());
        }
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private void setUp(String method, String path, String body, int expected) throws IOException {
        URI endpoint = endpoints.getFirst();
        try (HttpConnection connection = new HttpConnection(endpoint)) {
            int status = connection.exchange(connection.request(method, endpoint.getPath() + path + "?" + sas, "Content-Type: application/json\r\n", body));
            if (status != expected) {
                throw new IOException(method + " " + path + " answered " + status);
            }
        }
    }

    private static final class Recorder {

        private final AtomicLong count = new AtomicLong();
        private final AtomicLong failures = new AtomicLong();
        private final long[] nanos = new long[SAMPLES];
        private double elapsedSeconds;
        private double clientCores;

        void done(long durationNanos) {
            nanos[(int) (count.getAndIncrement() % SAMPLES)] = durationNanos;
        }

        void failed(String failure) {
            if (failures.getAndIncrement() == 0) {
                System.err.println("first failure: " + failure);
            }
        }

        String line(int concurrency, int entitiesPerOperation) {
            int samples = (int) Math.min(count.get(), SAMPLES);
            long[] sorted = Arrays.copyOf(nanos, samples);
            Arrays.sort(sorted);
            double rate = count.get() / elapsedSeconds;
            return String.format("concurrency=%-3d ops/s=%,.0f entities/s=%,.0f p50=%.2f ms p99=%.2f ms errors=%d client_cores=%.2f",
                    concurrency, rate, rate * entitiesPerOperation, samples == 0 ? 0 : sorted[samples / 2] / 1e6,
                    samples == 0 ? 0 : sorted[samples * 99 / 100] / 1e6, failures.get(), clientCores);
        }
    }
}
