package io.lazuli.storage.conformance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.models.DownloadRetryOptions;
import com.azure.storage.blob.models.ParallelTransferOptions;
import com.azure.storage.blob.options.BlobDownloadToFileOptions;
import com.azure.storage.blob.options.BlobParallelUploadOptions;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.lazuli.security.ConnectionString;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/** The official client moves a large blob up and down, in parallel pieces, over connections that break at random. */
public final class BrokenConnections {

    private static final long BLOCK_BYTES = 4 << 20;
    private static final int CONCURRENCY = 4;
    /** So many that chance alone never uses them up: two of three tries of a piece are cut. */
    private static final int TRIES = 100;
    private static final Duration TRY_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration RETRY_DELAY = Duration.ofMillis(50);
    /** So that even the shortest of tests sees some. */
    private static final int CUTS_PER_TRANSFER = 12;

    private BrokenConnections() {}

    /** @param lengthBytes of the blob */
    public static void check(ConnectionString target, URI blobEndpoint, long lengthBytes, long seed) throws Exception {
        System.out.println("broken connections: seed " + seed);
        Path file = Files.createTempFile("lazuli-large", ".bin");
        try (FlakyProxy proxy = new FlakyProxy(blobEndpoint, lengthBytes / CUTS_PER_TRANSFER, seed)) {
            BlobContainerClient container = new BlobServiceClientBuilder().endpoint(proxy.endpoint())
                    .credential(new StorageSharedKeyCredential(target.account(), target.key()))
                    .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, TRIES, TRY_TIMEOUT, RETRY_DELAY, RETRY_DELAY, null))
                    .httpClient(new JdkHttpClientBuilder().build())
                    .buildClient().getBlobContainerClient("broken-" + UUID.randomUUID());
            container.createIfNotExists();
            BlobClient blob = container.getBlobClient("large");
            ParallelTransferOptions parallel = new ParallelTransferOptions().setBlockSizeLong(BLOCK_BYTES).setMaxSingleUploadSizeLong(BLOCK_BYTES)
                    .setMaxConcurrency(CONCURRENCY);
            blob.uploadWithResponse(new BlobParallelUploadOptions(new NumberedBytes(seed, lengthBytes)).setParallelTransferOptions(parallel), null, Context.NONE);
            Files.delete(file);
            blob.downloadToFileWithResponse(new BlobDownloadToFileOptions(file.toString())
                    .setDownloadRetryOptions(new DownloadRetryOptions().setMaxRetryRequests(TRIES)).setParallelTransferOptions(
                    new com.azure.storage.common.ParallelTransferOptions().setBlockSizeLong(BLOCK_BYTES).setMaxConcurrency(CONCURRENCY)), null, Context.NONE);
            try (InputStream in = Files.newInputStream(file)) {
                byte[] head = in.readNBytes(NumberedBytes.NUMBER_BYTES);
                assertEquals(-1, NumberedBytes.firstDifference(seed, lengthBytes, head, in), "the first byte that differs");
            }
            System.out.printf("%,d bytes went up and down unharmed while %d connections were cut%n", lengthBytes, proxy.connectionsCut());
            assertTrue(proxy.connectionsCut() > 0, "no connection was cut");
            container.deleteIfExists(); // the answer to a first try may have been cut off
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
