package io.lazuli.storage.protocol.conformance;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.lazuli.security.ConnectionString;
import io.lazuli.security.StorageService;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** What one case works with: containers of its own, removed afterwards, and both clients. */
public final class BlobFixture extends ServiceFixture {

    private final BlobServiceClient service;
    private final Supplier<String> shared;

    /** @param shared names a container in which every case may have blobs under new names */
    BlobFixture(RawClient raw, BlobServiceClient service, Supplier<ConnectionString> other, Supplier<String> shared) {
        super(raw, StorageService.BLOB, other);
        this.service = service;
        this.shared = shared;
    }

    /** The official client, patient with a cloud that changes leaders, but not beyond. */
    static BlobServiceClientBuilder sdk(ConnectionString target) {
        return new BlobServiceClientBuilder()
                .connectionString(target.text())
                .httpClient(new JdkHttpClientBuilder().build())
                .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 4, 30, 500L, 500L, null));
    }

    BlobServiceClient service() {
        return service;
    }

    /** A name that no container has. */
    String freeName() {
        return owned("case-" + UUID.randomUUID());
    }

    /** A new, empty container. */
    BlobContainerClient container() {
        BlobContainerClient container = service.getBlobContainerClient(freeName());
        container.create();
        return container;
    }

    /** A new container with these blobs, each of which holds its name. */
    BlobContainerClient containerWith(String... blobs) {
        BlobContainerClient container = container();
        for (String blob : blobs) {
            put(container, blob, blob);
        }
        return container;
    }

    /** A block blob with that text. */
    BlobClient put(BlobContainerClient container, String blob, String text) {
        BlobClient client = container.getBlobClient(blob);
        client.upload(BinaryData.fromString(text), true);
        return client;
    }

    // Blobs of a container that cases share, each under a new name, by plain HTTP: a name is the path below the account

    String box() {
        return shared.get();
    }

    BlobContainerClient sharedContainer() {
        return service.getBlobContainerClient(box());
    }

    /** Where no blob is. */
    String free() {
        return "/" + box() + "/" + UUID.randomUUID();
    }

    /** @param headers {@code name: value} */
    RawAnswer put(String path, String body, String... headers) {
        return raw().send("PUT", path, headers(headers), body);
    }

    RawAnswer get(String path, String... headers) {
        return raw().send("GET", path, headers(headers), "");
    }

    RawAnswer head(String path, String... headers) {
        return raw().send("HEAD", path, headers(headers), "");
    }

    RawAnswer delete(String path, String... headers) {
        return raw().send("DELETE", path, headers(headers), "");
    }

    static Map<String, String> headers(String... lines) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(": ");
            headers.put(line.substring(0, colon), line.substring(colon + 2));
        }
        return headers;
    }

    /** A new block blob. */
    String block(String text, String... headers) {
        String path = free();
        put(path, text, with("x-ms-blob-type: BlockBlob", headers)).is(201);
        return path;
    }

    /** A new, empty append blob. */
    String append(String... headers) {
        String path = free();
        put(path, "", with("x-ms-blob-type: AppendBlob", headers)).is(201);
        return path;
    }

    /** A new page blob of so many pages without content. */
    String pages(int count, String... headers) {
        String path = free();
        put(path, "", with("x-ms-blob-content-length: " + count * 512, with("x-ms-blob-type: PageBlob", headers))).is(201);
        return path;
    }

    static String[] with(String header, String... headers) {
        String[] all = Arrays.copyOf(headers, headers.length + 1);
        all[headers.length] = header;
        return all;
    }

    /** Without an Authorization header. */
    RawAnswer sendUnsigned(String method, String path) {
        return raw().send(method, path, Map.of(), "", null);
    }

    @Override
    void remove(String name) {
        service.getBlobContainerClient(name).deleteIfExists();
    }
}
