package io.lazuli.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.bench.StoreCloud.Replica;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import io.lazuli.storage.store.Claim;
import io.lazuli.storage.store.RowBatch;
import io.lazuli.storage.store.RowOp;
import io.lazuli.storage.store.RowStore;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Commits small batches through the store's own API, on the node that leads, and prints one line per concurrency:
 * batches per second, p50 and p99 in milliseconds; beside them the rate at which this disk can append and sync 1 KiB.
 * All replicas run in this one process; run by hand.
 */
@Command(name = "store-benchmark", mixinStandardHelpOptions = true, sortOptions = false)
public final class StoreBenchmark implements Runnable {

    private static final int SAMPLES = 1 << 20;

    @Option(names = "--nodes", defaultValue = "1", description = "Storage nodes, 1 or 3 (default ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(names = "--groups", defaultValue = "1", description = "Raft groups at most (default ${DEFAULT-VALUE}).")
    private int groups;

    @Option(names = "--partitions", defaultValue = "16", description = "Partitions that are written (default ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--value-bytes", defaultValue = "1024", description = "Size of a row's value (default ${DEFAULT-VALUE}).")
    private int valueBytes;

    @Option(names = "--concurrency", split = ",", defaultValue = "1,16,64,256", description = "Batches in flight (default ${DEFAULT-VALUE}).")
    private List<Integer> concurrencies;

    @Option(names = "--warm-up-seconds", defaultValue = "20", description = "Before the first measurement (default ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(names = "--seconds", defaultValue = "10", description = "Of each measurement (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--data", required = true, description = "An empty directory on the disk to measure.")
    private Path data;

    public static void main(String[] args) {
        System.exit(new CommandLine(new StoreBenchmark()).execute(args));
    }

    @Override
    public void run() {
        try {
            Files.createDirectories(data);
            System.out.printf("disk: %,d appends of 1 KiB with a sync each per second%n", syncsPerSecond(data.resolve("sync")));
            Config config = ConfigFactory.parseString("lazuli.store.max-groups=" + groups);
            try (StoreCloud cloud = StoreCloud.start(nodes, groups, data, config)) {
                measure(cloud, 64, warmUpSeconds);
                for (int concurrency : concurrencies) {
                    System.out.println(measure(cloud, concurrency, seconds));
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String measure(StoreCloud cloud, int concurrency, int forSeconds) throws InterruptedException {
        List<Writer> writers = new ArrayList<>();
        AtomicLong deadline = new AtomicLong(Long.MAX_VALUE);
        CountDownLatch ended = new CountDownLatch(concurrency);
        Recorder recorder = new Recorder();
        for (int i = 0; i < Math.min(partitions, concurrency); i++) {
            int group = i % groups;
            Replica leader = cloud.leaderOf(group);
            PartitionId partition = new PartitionId(group, PartitionKind.QUEUE, "bench-" + i);
            Claim claim = leader.rowStore().claim(partition).toCompletableFuture().join();
            writers.add(new Writer(leader.rowStore(), partition, claim.epoch(), valueBytes));
        }
        long start = System.nanoTime();
        deadline.set(start + TimeUnit.SECONDS.toNanos(forSeconds));
        for (int i = 0; i < concurrency; i++) {
            writers.get(i % writers.size()).loop(deadline.get(), recorder, ended);
        }
        ended.await();
        double elapsed = (System.nanoTime() - start) / 1e9;
        return recorder.line(nodes, groups, concurrency, elapsed);
    }

    /** One partition's writer; several of its batches may be in flight. */
    private static final class Writer {

        private final RowStore store;
        private final PartitionId partition;
        private final long epoch;
        private final byte[] value;
        private final AtomicLong keys = new AtomicLong();

        Writer(RowStore store, PartitionId partition, long epoch, int valueBytes) {
            this.store = store;
            this.partition = partition;
            this.epoch = epoch;
            this.value = new byte[valueBytes];
            new Random(1).nextBytes(value);
        }

        void loop(long deadlineNanos, Recorder recorder, CountDownLatch ended) {
            long start = System.nanoTime();
            if (start >= deadlineNanos) {
                ended.countDown();
                return;
            }
            byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(keys.incrementAndGet()).array();
            store.commit(new RowBatch(partition, epoch, List.of(new RowOp.Put(key, value)))).whenComplete((point, failure) -> {
                if (failure != null) {
                    recorder.failed(failure);
                    ended.countDown();
                } else {
                    recorder.done(System.nanoTime() - start);
                    loop(deadlineNanos, recorder, ended);
                }
            });
        }
    }

    private static final class Recorder {

        private final AtomicLong count = new AtomicLong();
        private final AtomicLong failures = new AtomicLong();
        private final long[] nanos = new long[SAMPLES];

        void done(long durationNanos) {
            nanos[(int) (count.getAndIncrement() % SAMPLES)] = durationNanos;
        }

        void failed(Throwable failure) {
            if (failures.getAndIncrement() == 0) {
                System.err.println("first failure: " + failure);
            }
        }

        String line(int nodes, int groups, int concurrency, double elapsedSeconds) {
            int samples = (int) Math.min(count.get(), SAMPLES);
            long[] sorted = Arrays.copyOf(nanos, samples);
            Arrays.sort(sorted);
            return String.format(
                    "nodes=%d groups=%d concurrency=%d batches/s=%,.0f p50=%.2f ms p99=%.2f ms failures=%d",
                    nodes, groups, concurrency, count.get() / elapsedSeconds,
                    samples == 0 ? 0 : sorted[samples / 2] / 1e6, samples == 0 ? 0 : sorted[samples * 99 / 100] / 1e6, failures.get());
        }
    }

    private static long syncsPerSecond(Path file) throws java.io.IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocate(1024);
            long start = System.nanoTime();
            long syncs = 0;
            while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(3)) {
                channel.write(block.clear());
                channel.force(false);
                syncs++;
            }
            return syncs / 3;
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
