package io.lazuli.node;

import io.lazuli.host.PackageSource;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import io.lazuli.storage.store.Claim;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowBatch;
import io.lazuli.storage.store.RowOp;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowRange;
import io.lazuli.storage.store.RowStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Role packages in rows of the replicated store until there are blobs: one partition per package, named by its digest,
 * one row per {@value #CHUNK_BYTES} bytes, and a last row that makes it whole. What a crash leaves half stored has no
 * last row, is never fetched, and is written over by the next attempt. One chunk of a package is in memory at a time.
 *
 * <pre>
 * row c&lt;number, 4 bytes&gt;  bytes of the package     row e  version 1, length (8 bytes), number of chunks (4 bytes)
 * </pre>
 */
final class StoredPackages implements PackageSource {

    private static final int CHUNK_BYTES = 512 << 10;
    private static final byte FORMAT_VERSION = 1;
    private static final byte[] END_KEY = {'e'};
    private static final int GROUP = 0;
    private static final long CALL_TIMEOUT_MILLIS = 20_000;

    private final RowStore store;
    private final Path directory;
    private final Executor blocking;

    /**
     * @param directory where fetched packages are kept on this machine
     * @param blocking runs one file transfer each, and blocks while it does
     */
    StoredPackages(RowStore store, Path directory, Executor blocking) {
        this.store = store;
        this.directory = directory;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<String> store(Path jar) {
        return CompletableFuture.supplyAsync(() -> storeNow(jar), blocking);
    }

    @Override
    public CompletionStage<Path> fetch(String digest) {
        return CompletableFuture.supplyAsync(() -> fetchNow(digest), blocking);
    }

    @Override
    public CompletionStage<Void> delete(String digest) {
        PartitionId partition = partitionOf(digest);
        return store.claim(partition)
                .thenCompose(claim -> store.commit(new RowBatch(
                        partition, claim.epoch(), List.of(new RowOp.Delete(END_KEY), new RowOp.DeleteRange(chunkKey(0), new byte[] {'d'})))))
                .thenApply(point -> null);
    }

    private String storeNow(Path jar) {
        try {
            String digest = digestOf(jar);
            PartitionId partition = partitionOf(digest);
            // The claim comes first: it fences a deletion of the same package that is still under way somewhere.
            Claim claim = await(store.claim(partition));
            if (await(store.get(partition, END_KEY, ReadPoint.latest())).isPresent()) {
                return digest;
            }
            try (InputStream in = Files.newInputStream(jar)) {
                int chunks = 0;
                for (byte[] chunk = in.readNBytes(CHUNK_BYTES); chunk.length > 0; chunk = in.readNBytes(CHUNK_BYTES)) {
                    await(store.commit(new RowBatch(partition, claim.epoch(), List.of(new RowOp.Put(chunkKey(chunks), chunk)))));
                    chunks++;
                }
                byte[] end = ByteBuffer.allocate(13).put(FORMAT_VERSION).putLong(Files.size(jar)).putInt(chunks).array();
                await(store.commit(new RowBatch(partition, claim.epoch(), List.of(new RowOp.Put(END_KEY, end)))));
            }
            return digest;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path fetchNow(String digest) {
        Path file = directory.resolve(digest + ".jar");
        if (Files.exists(file)) {
            return file;
        }
        PartitionId partition = partitionOf(digest);
        Path fresh = null;
        try {
            Files.createDirectories(directory);
            ByteBuffer end = ByteBuffer.wrap(await(store.get(partition, END_KEY, ReadPoint.latest()))
                    .orElseThrow(() -> new NoSuchFileException("no package " + digest + " is stored")));
            if (end.get() != FORMAT_VERSION) {
                throw new IOException("package " + digest + " is stored in a format that this node does not know");
            }
            end.getLong();
            int chunks = end.getInt();
            fresh = Files.createTempFile(directory, digest, ".tmp");
            MessageDigest sha = sha256();
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(fresh), sha)) {
                byte[] from = chunkKey(0);
                for (int written = 0; written < chunks; ) {
                    RowPage page = await(store.scan(partition, RowRange.ascending(from, new byte[] {'d'}, chunks - written), ReadPoint.latest()));
                    if (page.rows().isEmpty()) {
                        throw new IOException("package " + digest + " lacks chunk " + written);
                    }
                    for (Row row : page.rows()) {
                        out.write(row.value());
                    }
                    written += page.rows().size();
                    from = chunkKey(written);
                }
            }
            if (!HexFormat.of().formatHex(sha.digest()).equals(digest)) {
                throw new IOException("package " + digest + " has other content than its digest says");
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            deleteQuietly(fresh);
        }
    }

    private static void deleteQuietly(Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private static PartitionId partitionOf(String digest) {
        return new PartitionId(GROUP, PartitionKind.PACKAGE, digest);
    }

    private static byte[] chunkKey(int number) {
        return ByteBuffer.allocate(5).put((byte) 'c').putInt(number).array();
    }

    private static String digestOf(Path jar) throws IOException {
        MessageDigest sha = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(jar), sha)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(CALL_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS).join();
    }
}
