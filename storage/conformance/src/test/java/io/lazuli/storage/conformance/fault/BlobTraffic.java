package io.lazuli.storage.conformance.fault;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.ParallelTransferOptions;
import com.azure.storage.blob.options.BlobParallelUploadOptions;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.lazuli.storage.conformance.cloud.LazuliCloud;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients of one container, with the official SDK: some upload, overwrite and delete blobs of all sizes, as many read back what is there. Each
 * begins at a node of its own and goes to the next one when an operation fails; the SDK's own repetitions are off, so that every
 * attempt is known. A blob's bytes follow from a number, so that nothing but numbers need be remembered. A name has one writer; an
 * operation without answer may still be done later, so such a name is left alone from then on and may be in either state.
 */
final class BlobTraffic extends Traffic {

    private static final int STEADY_OPERATIONS = 10;
    /** Before each operation, so that the nodes' disks can be read again and again, and all names in the end. */
    private static final long REST_NANOS = 250_000_000;
    private static final long SERVICE_TIMEOUT_MILLIS = 240_000;
    private static final long BLOCK_BYTES = 4 << 20;
    private static final int NOT_FOUND = 404;
    /** What a name holds when it has been deleted. */
    private static final long ABSENT = 0;
    private static final int MAX_REMEMBERED_PROBLEMS = 20;
    private static final int READ_BACK_ATTEMPTS = 20;

    /** One name; guarded by itself. {@code possible} has one element unless an answer was lost. */
    private static final class Name {
        private final String text;
        private final long sizeBytes;
        private long change;
        private Set<Long> possible = Set.of();

        private Name(String text, long sizeBytes) {
            this.text = text;
            this.sizeBytes = sizeBytes;
        }
    }

    private final List<BlobContainerClient> clients = new ArrayList<>();
    private final long[] sizesBytes;
    private final int pairs;
    private final long seed;
    private final List<List<Name>> names = new ArrayList<>();
    private final AtomicLong leftBytes;
    private final AtomicLong contents = new AtomicLong();
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    private final ServiceGap writes = newGap();
    private final ServiceGap reads = newGap();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong read = new AtomicLong();

    /**
     * @param pairs of a writer and a reader
     * @param sizesBytes of the blobs, in turn, until {@code maxBytes} have been sent; from then on new ones are of the first size, so that the nodes
     *     can read all their bytes again in little time
     */
    BlobTraffic(LazuliCloud cloud, String container, int pairs, long[] sizesBytes, long maxBytes, long seed, Duration tryTimeout) {
        super(STEADY_OPERATIONS, SERVICE_TIMEOUT_MILLIS);
        this.pairs = pairs;
        this.sizesBytes = sizesBytes.clone();
        this.leftBytes = new AtomicLong(maxBytes);
        this.seed = seed;
        for (String node : cloud.nodeIds()) {
            clients.add(new BlobServiceClientBuilder()
                    .endpoint(cloud.blobEndpoint(node) + "/" + LazuliCloud.ACCOUNT)
                    .credential(new StorageSharedKeyCredential(LazuliCloud.ACCOUNT, LazuliCloud.ACCOUNT_KEY))
                    .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 1, tryTimeout, null, null, null))
                    .httpClient(new JdkHttpClientBuilder().connectionTimeout(tryTimeout).responseTimeout(tryTimeout).readTimeout(tryTimeout).build())
                    .buildClient().getBlobContainerClient(container));
        }
        create(attempt -> client(attempt).createIfNotExists());
        for (int writer = 0; writer < pairs; writer++) {
            names.add(new ArrayList<>());
        }
    }

    @Override
    void start() {
        System.out.println("blobs: seed " + seed);
        for (int pair = 0; pair < pairs; pair++) {
            int own = pair;
            startClient("blob-writer-" + pair, () -> writeUntilStopped(own));
            startClient("blob-reader-" + pair, () -> readUntilStopped(own));
        }
    }

    private void writeUntilStopped(int writer) {
        SplittableRandom random = new SplittableRandom(seed + writer);
        List<Name> own = names.get(writer);
        int client = writer;
        while (!stopped()) {
            Name name = random.nextInt(4) == 0 && !own.isEmpty() ? own.get(random.nextInt(own.size())) : null;
            if (name == null) {
                long sizeBytes = leftBytes.get() > 0 ? sizesBytes[own.size() % sizesBytes.length] : sizesBytes[0];
                name = new Name("pair-" + writer + "/blob-" + own.size(), sizeBytes);
                synchronized (own) {
                    own.add(name);
                }
            }
            if (name.possible.size() > 1) {
                continue;
            }
            LockSupport.parkNanos(REST_NANOS);
            boolean deletes = name.possible.stream().anyMatch(content -> content != ABSENT) && random.nextInt(3) == 0;
            if (!write(client(client), name, deletes ? ABSENT : contents.incrementAndGet())) {
                client++;
            }
        }
    }

    private boolean write(BlobContainerClient client, Name name, long content) {
        synchronized (name) {
            name.change++;
        }
        boolean answered = false;
        try {
            BlobClient blob = client.getBlobClient(name.text);
            leftBytes.addAndGet(content == ABSENT ? 0 : -name.sizeBytes);
            if (content == ABSENT) {
                blob.delete();
            } else {
                blob.uploadWithResponse(new BlobParallelUploadOptions(new NumberedBytes(content, name.sizeBytes)).setParallelTransferOptions(
                        new ParallelTransferOptions().setBlockSizeLong(BLOCK_BYTES).setMaxSingleUploadSizeLong(BLOCK_BYTES)), null, Context.NONE);
            }
            answered = true;
            acknowledged.incrementAndGet();
            writes.success();
        } catch (RuntimeException e) {
            unknown.incrementAndGet();
        }
        synchronized (name) {
            name.change++;
            if (answered) {
                name.possible = Set.of(content);
            } else {
                Set<Long> both = new java.util.HashSet<>(name.possible.isEmpty() ? Set.of(ABSENT) : name.possible);
                both.add(content);
                name.possible = Set.copyOf(both);
            }
        }
        return answered;
    }

    private void readUntilStopped(int pair) {
        SplittableRandom random = new SplittableRandom(~(seed + pair));
        int client = pair + 1;
        while (!stopped()) {
            List<Name> own = names.get(random.nextInt(pairs));
            Name name;
            synchronized (own) {
                name = own.isEmpty() ? null : own.get(random.nextInt(own.size()));
            }
            LockSupport.parkNanos(REST_NANOS);
            if (name != null && !readOnce(client(client), name)) {
                client++;
            }
        }
    }

    /** False if it could not be read. What changed meanwhile is not judged. */
    private boolean readOnce(BlobContainerClient client, Name name) {
        long change;
        Set<Long> possible;
        synchronized (name) {
            change = name.change;
            possible = name.possible;
        }
        if (possible.isEmpty()) {
            return true;
        }
        Finding found;
        try {
            found = find(client, name, possible);
        } catch (RuntimeException | java.io.IOException e) {
            return false;
        }
        synchronized (name) {
            if (change == name.change && !found.isPossible()) {
                problem(name.text + ": " + found.what());
            }
        }
        read.incrementAndGet();
        reads.success();
        return true;
    }

    private record Finding(boolean isPossible, String what) {}

    private static Finding find(BlobContainerClient client, Name name, Set<Long> possible) throws java.io.IOException {
        try (InputStream in = client.getBlobClient(name.text).openInputStream()) {
            byte[] head = in.readNBytes(NumberedBytes.NUMBER_BYTES);
            long content = NumberedBytes.numberIn(head);
            if (!possible.contains(content)) {
                return new Finding(false, "holds content " + content + " instead of " + possible);
            }
            long wrongAt = NumberedBytes.firstDifference(content, name.sizeBytes, head, in);
            return new Finding(wrongAt < 0, "byte " + wrongAt + " of content " + content + " is wrong");
        } catch (BlobStorageException e) {
            return answer(e, possible);
        } catch (java.io.IOException e) {
            if (e.getCause() instanceof BlobStorageException cause) {
                return answer(cause, possible);
            }
            throw e;
        }
    }

    private static Finding answer(BlobStorageException e, Set<Long> possible) {
        if (e.getStatusCode() != NOT_FOUND) {
            throw e;
        }
        return new Finding(possible.contains(ABSENT), "is not there, instead of content " + possible);
    }

    private void problem(String what) {
        if (problems.size() < MAX_REMEMBERED_PROBLEMS) {
            problems.add(what);
        }
    }

    @Override
    List<String> problems() throws Exception {
        Map<Long, Integer> bySize = new TreeMap<>();
        for (List<Name> own : names) {
            for (Name name : own) {
                boolean wasRead = name.possible.isEmpty();
                for (int attempt = 0; attempt < READ_BACK_ATTEMPTS && !wasRead; attempt++) {
                    wasRead = readOnce(client(attempt), name);
                }
                if (!wasRead) {
                    problem(name.text + " could not be read in the end");
                }
                bySize.merge(name.sizeBytes, 1, Integer::sum);
            }
        }
        System.out.printf("blobs: %d changes acknowledged, %d unknown, %d reads verified; names by size %s%n",
                acknowledged.get(), unknown.get(), read.get(), bySize);
        return List.copyOf(problems);
    }

    private BlobContainerClient client(int number) {
        return clients.get(number % clients.size());
    }
}
