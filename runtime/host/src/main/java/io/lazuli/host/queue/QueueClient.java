package io.lazuli.host.queue;

import io.lazuli.host.HostSettings.QueueSettings;
import io.lazuli.host.StorageAccess;
import io.lazuli.kernel.Clock;
import io.lazuli.role.RoleQueue;
import io.lazuli.role.RoleStorageException;
import io.lazuli.security.SharedKeyScheme;
import io.lazuli.security.SharedKeySigner;
import io.lazuli.security.SigningKey;
import io.lazuli.security.StorageService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Sends requests of roles to the queue service, signed with the account's key; one per process, shared by its instances.
 * What is busy, cannot be reached or does not answer is tried again with a growing back-off for {@code retry-for},
 * at the next endpoint where there are several. Bounded by its callers: one request per role thread, which waits for it.
 */
public final class QueueClient {

    /** 32 messages of 64 KiB, every byte escaped, and then some. */
    static final int MAX_RESPONSE_BYTES = 16 << 20;

    private static final String VERSION = "2021-12-02";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final int MAX_NAME_CHARS = 63;
    private static final Pattern NAME = Pattern.compile("[a-z0-9](-?[a-z0-9]){2,62}");
    private static final Set<Integer> RETRIED = Set.of(408, 429, 500, 502, 503, 504);

    private final StorageAccess access;
    private final QueueSettings settings;
    private final SharedKeySigner signer;
    private volatile int preferred;

    /** Made when the first role asks for a queue: many never do. */
    private static final class Http {
        static final HttpClient CLIENT = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    public QueueClient(StorageAccess access, QueueSettings settings) {
        this.access = access;
        this.settings = settings;
        this.signer = new SharedKeySigner(access.account(), SigningKey.ofBase64(access.accountKey()), SharedKeyScheme.SHARED_KEY, Clock.system());
    }

    public StorageAccess access() {
        return access;
    }

    /** @throws IllegalArgumentException if no queue can have this name */
    public RoleQueue queue(String name) {
        if (!NAME.matcher(name).matches() || name.length() > MAX_NAME_CHARS) {
            throw new IllegalArgumentException("a queue's name has 3 to " + MAX_NAME_CHARS
                    + " of a-z, 0-9 and -, no hyphen at its ends and no two together: '" + name + "'");
        }
        return new HttpRoleQueue(name, this);
    }

    /**
     * Blocks until there is an answer that is final, whatever its status, or none within {@code retry-for}.
     *
     * @param resource what follows the account in the path, with its query
     * @param body empty for none
     */
    HttpResponse<byte[]> send(String method, String resource, byte[] body) {
        long giveUpAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.retryForMillis());
        long backoffMillis = settings.minBackoffMillis();
        while (true) {
            boolean lastTry = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backoffMillis) >= giveUpAt;
            int endpoint = preferred;
            try {
                HttpResponse<byte[]> response = sendOnce(access.queueEndpoints().get(endpoint), method, resource, body);
                if (lastTry || !RETRIED.contains(response.statusCode())) {
                    return response;
                }
            } catch (IOException e) {
                preferred = (endpoint + 1) % access.queueEndpoints().size();
                if (lastTry) {
                    throw new RoleStorageException(0, "", "the queue service cannot be reached: " + e, e);
                }
            }
            sleep(backoffMillis);
            backoffMillis = Math.min(2 * backoffMillis, settings.maxBackoffMillis());
        }
    }

    private HttpResponse<byte[]> sendOnce(URI endpoint, String method, String resource, byte[] body) throws IOException {
        URI uri = URI.create(endpoint + "/" + resource);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-ms-version", VERSION);
        if (body.length > 0) {
            headers.put("Content-Type", "application/xml");
            headers.put("Content-Length", Integer.toString(body.length));
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofMillis(settings.requestTimeoutMillis()))
                .method(method, body.length > 0 ? BodyPublishers.ofByteArray(body) : BodyPublishers.noBody());
        signer.sign(StorageService.QUEUE, method, uri, headers).forEach((name, value) -> {
            if (!name.equalsIgnoreCase("Content-Length")) {
                request.header(name, value);
            }
        });
        return await(Http.CLIENT.sendAsync(request.build(), info -> new BoundedBody(MAX_RESPONSE_BYTES)));
    }

    /** The client's own timeout ends with the headers; this one covers the body. */
    private HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> response) throws IOException {
        try {
            return response.get(settings.requestTimeoutMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            response.cancel(true);
            throw new IOException("no answer within " + settings.requestTimeoutMillis() + " ms", e);
        } catch (InterruptedException e) {
            response.cancel(true);
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static RoleStorageException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new RoleStorageException(0, "", "interrupted while waiting for the queue service", e);
    }
}
