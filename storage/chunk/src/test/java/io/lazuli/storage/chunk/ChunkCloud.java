package io.lazuli.storage.chunk;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.local.LocalChunks;
import io.lazuli.storage.chunk.replication.StorageNodes;
import io.lazuli.storage.chunk.replication.StorageNodes.Site;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.store.LeaderBoard.Replicas;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Several nodes' chunk stores in one JVM, at real ports; the test says who is a member and who a voter. Group 0 unless told. */
final class ChunkCloud implements AutoCloseable {

    static final String NAME = "ours";
    private static final long TIMEOUT_SECONDS = 120;
    private static final long POLL_MILLIS = 10;
    /** Short intervals, and long times until something is given up: who waits for a node that does not answer makes these shorter. */
    private static final String QUICK = """
            lazuli.chunk {
              max-buffered-bytes = 16 MiB
              buffer-timeout = 60 s
              transport { connect-timeout = 10 s, read-timeout = 20 s, write-timeout = 20 s, upkeep-timeout = 60 s }
              transport.max-served-bytes = 32 MiB
              replication { append-timeout = 60 s, look-interval = 20 ms, compare-interval = 100 ms, settle = 0 ms }
            }
            """;

    private final ChunkSettings settings;
    private final Map<Integer, Node> nodes = new TreeMap<>();
    private final Map<Integer, Integer> ports = new HashMap<>();
    private final Map<Integer, Long> aheadMillisByNode = new ConcurrentHashMap<>();
    private volatile StorageNodes known = StorageNodes.NONE;

    /** Gives a node its chunks, open. */
    interface Opening {

        LocalChunks open() throws IOException;
    }

    private record Opened(ChunkNode chunkNode, LocalChunks local) {}

    /** One that is started; its chunks outlive it. */
    static final class Node {
        final NodeId id;
        final LocalChunks local;
        /** The same, if they are no real ones. */
        final MemoryChunks memory;
        final Optional<ChunkNode> chunkNode;
        final Chunks chunks;

        private Node(NodeId id, LocalChunks local, Optional<ChunkNode> chunkNode, Chunks chunks) {
            this.id = id;
            this.local = local;
            this.memory = local instanceof MemoryChunks simulated ? simulated : null;
            this.chunkNode = chunkNode;
            this.chunks = chunks;
        }

        ChunkStore store() {
            return chunks.store();
        }
    }

    ChunkCloud(String overrides) {
        settings = settings(overrides);
    }

    ChunkSettings settings() {
        return settings;
    }

    static ChunkSettings settings(String overrides) {
        Config config = ConfigFactory.parseString(overrides)
                .withFallback(ConfigFactory.parseString(QUICK))
                .withFallback(ConfigFactory.parseResources("reference.conf"))
                .resolve();
        return ChunkSettings.of(config);
    }

    Node startStorage(int number) throws IOException {
        return startStorage(number, new MemoryChunks());
    }

    Node startStorage(int number, MemoryChunks memory) throws IOException {
        return startStorage(number, () -> memory);
    }

    /** At the port that it had before, if any. */
    Node startStorage(int number, Opening opening) throws IOException {
        NodeId id = id(number);
        Opened opened = startAt(id, ports.getOrDefault(number, 0), opening, clock(number));
        ChunkNode chunkNode = opened.chunkNode();
        LocalChunks local = opened.local();
        ports.put(number, chunkNode.port());
        TreeMap<NodeId, Site> sites = new TreeMap<>(known.sites());
        sites.put(id, new Site("127.0.0.1", chunkNode.port(), true));
        known = new StorageNodes(sites, known.replicas());
        Node node = new Node(id, local, Optional.of(chunkNode), start(id, Optional.of(chunkNode), clock(number)));
        nodes.put(number, node);
        return node;
    }

    /** A port that was open before may for a moment be somebody's own end of a connection; a start that fails has closed its chunks. */
    private Opened startAt(NodeId id, int port, Opening opening, Clock clock) throws IOException {
        long start = System.nanoTime();
        while (true) {
            LocalChunks local = opening.open();
            try {
                return new Opened(ChunkNode.start(settings, NAME, id, "127.0.0.1", port, local, clock), local);
            } catch (IOException taken) {
                if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS)) {
                    throw taken;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
            }
        }
    }

    Node startOther(int number) {
        Node node = new Node(id(number), null, Optional.empty(), start(id(number), Optional.empty(), clock(number)));
        nodes.put(number, node);
        return node;
    }

    /** Stops answering; the others still think it a member. */
    void stop(int number) {
        Node node = nodes.remove(number);
        node.chunks.close();
        node.chunkNode.ifPresent(ChunkNode::close);
    }

    void voters(int group, int... numbers) {
        Map<Integer, Replicas> replicas = new TreeMap<>(known.replicas());
        replicas.put(group, new Replicas(group, 1, numbers.length, Arrays.stream(numbers).mapToObj(ChunkCloud::id).toList()));
        known = new StorageNodes(known.sites(), replicas);
    }

    Node node(int number) {
        return nodes.get(number);
    }

    static NodeId id(int number) {
        return new NodeId("node-" + number);
    }

    static ChunkRun write(ChunkStore store, int group, byte[] content) throws Exception {
        ChunkStore.RunWriter run = store.begin(group);
        Deque<CompletionStage<Void>> underWay = new ArrayDeque<>();
        for (int at = 0; at < content.length; at += ChunkRun.CHUNK_BYTES) {
            int bytes = Math.min(ChunkRun.CHUNK_BYTES, content.length - at);
            ChunkBuffer buffer = await(store.buffers().take(bytes));
            buffer.bytes().put(content, at, bytes).flip();
            underWay.add(run.append(buffer));
            if (underWay.size() == ChunkStore.RunWriter.MAX_UNDER_WAY) {
                await(underWay.poll());
            }
        }
        for (CompletionStage<Void> append : underWay) {
            await(append);
        }
        return run.end();
    }

    static byte[] read(ChunkStore store, ChunkRun run, long offset, int length) throws Exception {
        ByteBuffer content = ByteBuffer.allocate(length);
        while (content.hasRemaining()) {
            ChunkBuffer buffer = await(store.read(run, offset + content.position(), content.remaining()));
            content.put(buffer.bytes());
            buffer.release();
        }
        return content.array();
    }

    static byte[] content(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    static Random random() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        return new Random(seed);
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StorageException refused ? refused : e;
        }
    }

    static void awaitThat(String what, BooleanSupplier condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS)) {
                throw new AssertionError("waited too long until " + what);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Until every voter holds exactly these chunks. */
    void awaitHeld(List<ChunkId> ids, int... numbers) throws Exception {
        for (int number : numbers) {
            awaitThat("node " + number + " holds exactly the chunks that it should", () -> nodes.get(number).memory.held().equals(ids.stream().sorted().toList()));
        }
    }

    static List<ChunkId> chunksOf(ChunkRun... runs) {
        return Arrays.stream(runs)
                .flatMap(run -> java.util.stream.IntStream.range(0, run.chunks()).mapToObj(index -> ChunkId.of(run, index)))
                .sorted()
                .toList();
    }

    /** For buffers that were lent by this node for transfers. */
    void awaitNothingLent(int number) throws Exception {
        awaitThat("all buffers are back", () -> ((PooledBuffers) node(number).store().buffers()).takenBytes() == 0);
    }

    @Override
    public void close() {
        List.copyOf(nodes.keySet()).forEach(this::stop);
    }

    private Chunks start(NodeId id, Optional<ChunkNode> chunkNode, Clock clock) {
        return new Chunks(settings, NAME, id, chunkNode, () -> known, clock);
    }

    /** From now on the node's clock is so much ahead of the others'. */
    void setClock(int number, long aheadMillis) {
        aheadMillisByNode.put(number, aheadMillis);
    }

    private Clock clock(int number) {
        return new Clock() {
            @Override
            public long epochMillis() {
                return Clock.system().epochMillis() + aheadMillisByNode.getOrDefault(number, 0L);
            }

            @Override
            public long nanos() {
                return Clock.system().nanos();
            }
        };
    }

    static boolean failedWith(CompletionStage<?> stage, Class<? extends Throwable> kind) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        return future.isCompletedExceptionally() && kind.isInstance(future.exceptionNow());
    }
}
