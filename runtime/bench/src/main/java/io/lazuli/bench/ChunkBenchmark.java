package io.lazuli.bench;

import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ChunkSettings;
import io.lazuli.storage.chunk.PooledBuffers;
import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.chunk.local.DiskChunks;
import io.lazuli.storage.model.ChunkRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Appends to and reads from the chunks of one node's disk, without any network, and prints a line for each size and concurrency: chunks and
 * bytes per second, p50 and p99; beside them what this disk does when one thread writes and syncs the same amounts. Reads come from the
 * page cache as far as it holds what was written. Run by hand.
 */
@Command(name = "chunk-benchmark", mixinStandardHelpOptions = true, sortOptions = false)
public final class ChunkBenchmark implements Runnable {

    private static final int SAMPLES = 1 << 20;

    @Option(names = "--data", required = true, description = "An empty directory on the disk to measure.")
    private Path data;

    @Option(names = "--bytes", split = ",", defaultValue = "4096,1048576", description = "Sizes of chunks, up to 1 MiB (default ${DEFAULT-VALUE}).")
    private List<Integer> sizes;

    @Option(names = "--concurrency", split = ",", defaultValue = "1,16,64", description = "Calls in flight (default ${DEFAULT-VALUE}).")
    private List<Integer> concurrencies;

    @Option(names = "--seconds", defaultValue = "5", description = "Of each measurement (default ${DEFAULT-VALUE}).")
    private int seconds;

    public static void main(String[] args) {
        System.exit(new CommandLine(new ChunkBenchmark()).execute(args));
    }

    @Override
    public void run() {
        try {
            Files.createDirectories(data);
            ChunkSettings settings = ChunkSettings.of(ConfigFactory.load());
            for (int size : sizes) {
                for (int together : concurrencies) {
                    raw(data.resolve("raw"), size, together);
                }
                try (PooledBuffers buffers = new PooledBuffers(settings);
                        DiskChunks chunks = DiskChunks.open(data.resolve("chunks-" + size), settings.local(), Clock.system())) {
                    measure(chunks, buffers, size);
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void measure(DiskChunks chunks, PooledBuffers buffers, int size) throws InterruptedException {
        ByteBuffer content = ByteBuffer.allocateDirect(size);
        byte[] random = new byte[size];
        new Random(1).nextBytes(random);
        content.put(random).flip();
        int[] checksums = Slices.checksums(content);
        long created = System.currentTimeMillis();
        AtomicLong written = new AtomicLong();
        for (int concurrency : concurrencies) {
            long forces = chunks.status().forces();
            String line = load(concurrency, size, number -> chunks.append(id(created, written.getAndIncrement()), checksums, content));
            System.out.printf("append %s forces=%,d%n", line, chunks.status().forces() - forces);
        }
        Random choice = new Random(2);
        for (int concurrency : concurrencies) {
            System.out.println("read   " + load(concurrency, size, number -> {
                long chosen;
                synchronized (choice) {
                    chosen = choice.nextLong(written.get());
                }
                return chunks.read(id(created, chosen), 0, ChunkRun.CHUNK_BYTES, buffers).thenAccept(part -> part.buffer().release());
            }));
        }
    }

    private static ChunkId id(long created, long number) {
        return new ChunkId(0, created, number, 0);
    }

    private String load(int concurrency, int size, LongFunction<CompletionStage<?>> call) throws InterruptedException {
        Recorder recorder = new Recorder();
        CountDownLatch ended = new CountDownLatch(concurrency);
        long start = System.nanoTime();
        long deadline = start + TimeUnit.SECONDS.toNanos(seconds);
        for (int i = 0; i < concurrency; i++) {
            loop(call, deadline, recorder, ended);
        }
        ended.await();
        return recorder.line(concurrency, size, (System.nanoTime() - start) / 1e9);
    }

    private static void loop(LongFunction<CompletionStage<?>> call, long deadlineNanos, Recorder recorder, CountDownLatch ended) {
        long start = System.nanoTime();
        if (start >= deadlineNanos) {
            ended.countDown();
            return;
        }
        // On another stack: a call that is done at once would nest the next one.
        call.apply(start).whenCompleteAsync((done, failure) -> {
            if (failure != null) {
                System.err.println("failed: " + failure);
                ended.countDown();
            } else {
                recorder.done(System.nanoTime() - start);
                loop(call, deadlineNanos, recorder, ended);
            }
        });
    }

    /** One thread appends {@code together} blocks in one write and syncs, over and over. */
    private void raw(Path file, int size, int together) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocateDirect(size * Math.min(together, (8 << 20) / size));
            long start = System.nanoTime();
            long blocks = 0;
            while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
                channel.write(block.clear());
                channel.force(false);
                blocks += block.capacity() / size;
            }
            double elapsed = (System.nanoTime() - start) / 1e9;
            System.out.printf("disk   bytes=%d together=%d blocks/s=%,.0f MB/s=%,.1f%n", size, block.capacity() / size,
                    blocks / elapsed, blocks * size / elapsed / 1e6);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static final class Recorder {

        private final AtomicLong count = new AtomicLong();
        private final long[] nanos = new long[SAMPLES];

        void done(long durationNanos) {
            nanos[(int) (count.getAndIncrement() % SAMPLES)] = durationNanos;
        }

        String line(int concurrency, int size, double elapsedSeconds) {
            int samples = (int) Math.min(count.get(), SAMPLES);
            long[] sorted = Arrays.copyOf(nanos, samples);
            Arrays.sort(sorted);
            return String.format(
                    "bytes=%d concurrency=%d chunks/s=%,.0f MB/s=%,.1f p50=%.2f ms p99=%.2f ms",
                    size, concurrency, count.get() / elapsedSeconds, count.get() * (double) size / elapsedSeconds / 1e6,
                    samples == 0 ? 0 : sorted[samples / 2] / 1e6, samples == 0 ? 0 : sorted[samples * 99 / 100] / 1e6);
        }
    }
}
