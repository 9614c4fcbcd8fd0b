package io.lazuli.storage.chunk.local;

import com.typesafe.config.ConfigFactory;
import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ChunkSettings;
import io.lazuli.storage.chunk.PooledBuffers;
import io.lazuli.storage.chunk.Slices;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What tests of chunks on disk share. */
final class TestChunks {

    static final PooledBuffers BUFFERS = new PooledBuffers(ChunkSettings.of(ConfigFactory.load()));
    static final long BEGAN_MILLIS = 1_700_000_000_000L;

    private TestChunks() {}

    static LocalSettings settings(long extentBytes) {
        return settings(extentBytes, 1, 64 << 20, 4096);
    }

    static LocalSettings settings(long extentBytes, int writeLanes, long maxPendingBytes, int maxPending) {
        return new LocalSettings(
                extentBytes, writeLanes, maxPendingBytes, maxPending, 2, 1000, 1 << 20, 1 << 20, 1 << 20, 1000, 50, 1L << 40, 1L << 40, 1000);
    }

    static ChunkId id(int group, int number) {
        return new ChunkId(group, BEGAN_MILLIS + number * 1000L, 77L * number, number % 3);
    }

    /** Bytes that only this chunk has. */
    static byte[] content(ChunkId id, int length) {
        byte[] bytes = new byte[length];
        new Random(id.hashCode()).nextBytes(bytes);
        return bytes;
    }

    static CompletionStage<Void> append(LocalChunks chunks, ChunkId id, byte[] content) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(content.length).put(content).flip();
        return chunks.append(id, Slices.checksums(bytes), bytes);
    }

    static byte[] read(LocalChunks chunks, ChunkId id, int length) throws Exception {
        ChunkPart part = await(chunks.read(id, 0, length, BUFFERS));
        return take(part.buffer());
    }

    static byte[] take(ChunkBuffer buffer) {
        byte[] bytes = new byte[buffer.bytes().remaining()];
        buffer.bytes().get(bytes);
        buffer.release();
        return bytes;
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(120, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** In the order of their numbers. */
    static List<Path> extents(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("extents"))) {
            return files.sorted().toList();
        }
    }

    static void flip(Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) ~one.get(0));
            channel.write(one.rewind(), at);
        }
    }
}
