package io.lazuli.cli.blob;

import io.lazuli.cli.ByteCount;
import io.lazuli.cli.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;

/**
 * Puts a file: a small one whole, others as blocks, several at a time; at most that many are in memory. A block's id is made of its place and the digest of its bytes, so that
 * an upload that was interrupted goes on: blocks that the service has already are not sent again.
 */
final class Upload {

    /** A file of at most so many bytes goes in one request. */
    static final int MAX_WHOLE_BYTES = 4 << 20;
    private static final int MIN_BLOCK_BYTES = 4 << 20;
    private static final int MAX_BLOCK_BYTES = 100 << 20;
    private static final int MAX_BLOCKS = 50_000;

    private final BlobClient client;
    private final ExecutorService workers;
    private final int parallel;
    private final Progress progress;

    Upload(BlobClient client, ExecutorService workers, int parallel, Progress progress) {
        this.client = client;
        this.workers = workers;
        this.parallel = parallel;
        this.progress = progress;
    }

    /** Returns when the blob is there. Any thread, also a worker. */
    void runWhole(Path file, BlobAddress to) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_WHOLE_BYTES + 1);
        }
        if (bytes.length > MAX_WHOLE_BYTES) {
            throw new CliException(file + " grows while it is read");
        }
        client.put(to, bytes, contentType(file), Base64.getEncoder().encodeToString(Digests.md5().digest(bytes)));
        progress.add(bytes.length);
    }

    /** Returns when the blob is committed. No worker may call it. */
    void run(Path file, BlobAddress to) throws IOException {
        long size = Files.size(file);
        int blockBytes = blockBytes(size);
        Map<String, Long> there = client.uncommittedBlocks(to);
        MessageDigest whole = Digests.md5();
        List<String> ids = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file); Parallel underWay = new Parallel(workers, parallel)) {
            for (byte[] block = in.readNBytes(blockBytes); block.length > 0; block = in.readNBytes(blockBytes)) {
                whole.update(block);
                byte[] md5 = Digests.md5().digest(block);
                String id = id(ids.size(), md5);
                ids.add(id);
                if (ids.size() > MAX_BLOCKS) {
                    throw new CliException(file + " grows while it is read");
                }
                long length = block.length;
                if (Long.valueOf(length).equals(there.get(id))) {
                    progress.add(length);
                    continue;
                }
                byte[] bytes = block;
                underWay.add(() -> {
                    client.putBlock(to, id, bytes, Base64.getEncoder().encodeToString(md5));
                    progress.add(bytes.length);
                    return null;
                });
            }
            underWay.await();
        }
        client.commit(to, ids, contentType(file), Base64.getEncoder().encodeToString(whole.digest()));
    }

    private static int blockBytes(long size) {
        long wanted = MIN_BLOCK_BYTES;
        while (size > wanted * MAX_BLOCKS && wanted < MAX_BLOCK_BYTES) {
            wanted *= 2;
        }
        if (size > wanted * MAX_BLOCKS) {
            throw new CliException("a file of " + ByteCount.of(size) + " is too large for this command");
        }
        return (int) wanted;
    }

    private static String id(int index, byte[] md5) {
        return Base64.getEncoder().encodeToString(
                (String.format("%05d-", index) + HexFormat.of().formatHex(md5)).getBytes(StandardCharsets.US_ASCII));
    }

    private static String contentType(Path file) {
        String guessed = URLConnection.guessContentTypeFromName(file.getFileName().toString());
        return guessed == null ? "application/octet-stream" : guessed;
    }
}
