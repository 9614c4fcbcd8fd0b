package io.lazuli.cli.blob;

import io.lazuli.cli.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Gets a blob in ranges, several at a time, which are written in order; at most that many are in memory. What has come is kept beside the file in a
 * partial one whose name tells the blob's ETag, so that a download that was interrupted goes on unless the blob has changed. The file
 * appears when it is whole and its digest is right.
 */
final class Download {

    /** A blob of at most so many bytes comes in one request. */
    static final int RANGE_BYTES = 4 << 20;
    private static final int COPY_BYTES = 1 << 20;
    private static final int NAME_DIGEST_CHARS = 16;

    private final BlobClient client;
    private final ExecutorService workers;
    private final int parallel;
    private final Progress progress;

    Download(BlobClient client, ExecutorService workers, int parallel, Progress progress) {
        this.client = client;
        this.workers = workers;
        this.parallel = parallel;
        this.progress = progress;
    }

    /** Of a blob of at most {@link #RANGE_BYTES}. Any thread, also a worker. */
    void runWhole(BlobAddress from, BlobClient.Properties blob, Path file) throws IOException {
        byte[] bytes = blob.lengthBytes() == 0 ? new byte[0] : client.range(from, 0, (int) blob.lengthBytes(), blob.etag());
        MessageDigest digest = Digests.md5();
        digest.update(bytes);
        Path partial = partial(file, blob);
        Files.write(partial, bytes);
        progress.add(bytes.length);
        finish(from, blob, digest, partial, file);
    }

    /** No worker may call it. */
    void run(BlobAddress from, BlobClient.Properties blob, Path file) throws IOException {
        Path partial = partial(file, blob);
        MessageDigest digest = Digests.md5();
        long offset = resume(partial, blob.lengthBytes(), digest);
        progress.add(offset);
        try (OutputStream out = Files.newOutputStream(partial, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            Deque<Future<byte[]>> underWay = new ArrayDeque<>();
            try {
                long asked = offset;
                while (asked < blob.lengthBytes() || !underWay.isEmpty()) {
                    if (asked < blob.lengthBytes() && underWay.size() < parallel) {
                        long start = asked;
                        int length = (int) Math.min(RANGE_BYTES, blob.lengthBytes() - start);
                        underWay.add(workers.submit(() -> client.range(from, start, length, blob.etag())));
                        asked += length;
                    } else {
                        byte[] bytes = Parallel.await(underWay.remove());
                        out.write(bytes);
                        digest.update(bytes);
                        progress.add(bytes.length);
                    }
                }
            } finally {
                underWay.forEach(range -> range.cancel(true));
            }
        }
        finish(from, blob, digest, partial, file);
    }

    private static void finish(BlobAddress from, BlobClient.Properties blob, MessageDigest digest, Path partial, Path file) throws IOException {
        if (Files.size(partial) != blob.lengthBytes()
                || blob.contentMd5() != null && !blob.contentMd5().equals(Base64.getEncoder().encodeToString(digest.digest()))) {
            Files.delete(partial);
            throw new CliException(from + ": what came is not what its digest says; try again");
        }
        try {
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path partial(Path file, BlobClient.Properties blob) throws IOException {
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        byte[] name = Digests.md5().digest((blob.etag() + blob.lengthBytes()).getBytes(StandardCharsets.UTF_8));
        return file.resolveSibling("." + file.getFileName() + "." + HexFormat.of().formatHex(name).substring(0, NAME_DIGEST_CHARS) + ".part");
    }

    /** What is there already, digested. */
    private static long resume(Path partial, long lengthBytes, MessageDigest digest) throws IOException {
        if (!Files.exists(partial)) {
            return 0;
        }
        if (Files.size(partial) > lengthBytes) {
            Files.delete(partial);
            return 0;
        }
        long read = 0;
        try (InputStream in = Files.newInputStream(partial)) {
            for (byte[] bytes = in.readNBytes(COPY_BYTES); bytes.length > 0; bytes = in.readNBytes(COPY_BYTES)) {
                digest.update(bytes);
                read += bytes.length;
            }
        }
        return read;
    }
}
