package io.lazuli.storage.conformance.fault;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.Context;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import com.azure.storage.queue.models.PeekedMessageItem;
import com.azure.storage.queue.models.QueueMessageItem;
import com.azure.storage.queue.models.QueueStorageException;
import io.lazuli.storage.conformance.cloud.LazuliCloud;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients of one queue, with the official SDK: one puts, one receives and deletes, one peeks. Each begins at a node of its own
 * and goes to the next one when an operation fails; the SDK's own repetitions are off, so that each attempt is one entry in
 * the {@link QueueLedger}.
 */
final class QueueTraffic extends Traffic {

    private static final int RECEIVE_COUNT = 8;
    private static final int PEEK_COUNT = 32;
    private static final long PEEK_INTERVAL_NANOS = 20_000_000;
    private static final int NOT_FOUND = 404;
    private static final int BAD_REQUEST = 400;
    /** Messages that may wait in the queue: the putters rest above it, so that the readers keep up. */
    private static final int MAX_WAITING = 100;
    private static final Duration TRY_TIMEOUT = Duration.ofSeconds(3);
    private static final int DELETE_ATTEMPTS = 8;
    private static final int STEADY_OPERATIONS = 50;
    private static final long SERVICE_TIMEOUT_MILLIS = 240_000;

    private final List<QueueClient> clients = new ArrayList<>();
    private final String queue;
    private final Duration visibilityTimeout;
    private final QueueLedger ledger;
    private final ServiceGap puts = newGap();
    private final ServiceGap deletes = newGap();
    private final AtomicLong ids = new AtomicLong();
    private final Semaphore room = new Semaphore(MAX_WAITING);

    QueueTraffic(LazuliCloud cloud, String queue, Duration visibilityTimeout) {
        super(STEADY_OPERATIONS, SERVICE_TIMEOUT_MILLIS);
        this.queue = queue;
        this.visibilityTimeout = visibilityTimeout;
        this.ledger = new QueueLedger(visibilityTimeout.toNanos());
        for (String node : cloud.nodeIds()) {
            clients.add(new QueueClientBuilder()
                    .endpoint(cloud.queueEndpoint(node) + "/" + LazuliCloud.ACCOUNT)
                    .queueName(queue)
                    .credential(new StorageSharedKeyCredential(LazuliCloud.ACCOUNT, LazuliCloud.ACCOUNT_KEY))
                    .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 1, TRY_TIMEOUT, null, null, null))
                    .httpClient(new JdkHttpClientBuilder().connectionTimeout(TRY_TIMEOUT).responseTimeout(TRY_TIMEOUT).build())
                    .buildClient());
        }
        create(attempt -> client(attempt).createIfNotExists());
    }

    @Override
    void start() {
        startClient(queue + "-putter", () -> putUntilStopped(0));
        startClient(queue + "-reader", () -> readUntilStopped(1));
        startClient(queue + "-peeker", this::peekUntilStopped);
    }

    /** Lost, back after a deletion, given to two readers within the visibility timeout. */
    @Override
    List<String> problems() {
        drain();
        System.out.printf("%s: %d puts acknowledged (%d unknown), %d delivered, %d deletes acknowledged%n", queue, ledger.acknowledgedPuts(),
                ledger.unknownPuts(), ledger.deliveries(), ledger.acknowledgedDeletes());
        List<String> problems = new ArrayList<>();
        note(problems, "acknowledged and lost", ledger.outstanding());
        note(problems, "came back after an acknowledged delete", ledger.reappearedAfterDelete());
        note(problems, "given to two readers within the visibility timeout", ledger.seenByTwoReaders());
        note(problems, "pop receipts that the cloud forgot", ledger.refusedDeletes());
        note(problems, "never put by anybody", ledger.neverSent());
        return problems;
    }

    private void note(List<String> problems, String what, Set<String> messages) {
        if (!messages.isEmpty()) {
            problems.add(queue + ": " + what + ": " + messages);
        }
    }

    /**
     * Receives and deletes until nothing that must be there is missing, or until every receive of two visibility timeouts was answered with
     * nothing: one whose answer is lost hides what it was given.
     */
    private void drain() {
        long beganNanos = System.nanoTime();
        long emptySinceNanos = beganNanos;
        long patienceNanos = visibilityTimeout.multipliedBy(2).toNanos();
        int client = 0;
        while (!ledger.outstanding().isEmpty() && System.nanoTime() - emptySinceNanos < patienceNanos
                && System.nanoTime() - beganNanos < TimeUnit.MILLISECONDS.toNanos(SERVICE_TIMEOUT_MILLIS)) {
            int received = readOnce(client);
            if (received != 0) {
                emptySinceNanos = System.nanoTime();
            }
            if (received <= 0) {
                client++;
            }
        }
    }

    private void putUntilStopped(int firstClient) {
        int client = firstClient;
        while (!stopped()) {
            try {
                if (!room.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    continue;
                }
            } catch (InterruptedException e) {
                return;
            }
            String id = "message-" + ids.incrementAndGet();
            try {
                client(client).sendMessage(id);
                ledger.putAcknowledged(id);
                puts.success();
            } catch (RuntimeException e) {
                ledger.putUnknown(id);
                room.release();
                client++;
            }
        }
    }

    private void readUntilStopped(int firstClient) {
        int client = firstClient;
        while (!stopped()) {
            if (readOnce(client) < 0) {
                client++;
            }
        }
    }

    /** Returns how many messages were received, -1 if the receive failed. */
    private int readOnce(int client) {
        long beganNanos = System.nanoTime();
        List<QueueMessageItem> messages;
        try {
            messages = client(client).receiveMessages(RECEIVE_COUNT, visibilityTimeout, null, Context.NONE).stream().toList();
        } catch (RuntimeException e) {
            return -1;
        }
        long arrivedNanos = System.nanoTime();
        for (QueueMessageItem message : messages) {
            String id = message.getBody().toString();
            if (!id.startsWith("message-")) {
                ledger.stranger(id);
            }
            ledger.delivered(id, beganNanos, arrivedNanos);
        }
        messages.forEach(message -> delete(client, message, beganNanos));
        return messages.size();
    }

    private void delete(int firstClient, QueueMessageItem message, long beganNanos) {
        String id = message.getBody().toString();
        boolean mayHaveHappened = false;
        for (int attempt = 0; attempt < DELETE_ATTEMPTS; attempt++) {
            try {
                client(firstClient + attempt).deleteMessage(message.getMessageId(), message.getPopReceipt());
                ledger.deleteAcknowledged(id, System.nanoTime());
                deletes.success();
                room.release();
                return;
            } catch (QueueStorageException e) {
                if (e.getStatusCode() == NOT_FOUND || e.getStatusCode() == BAD_REQUEST) {
                    if (mayHaveHappened) {
                        ledger.deleteUnknown(id);
                        room.release();
                    } else {
                        ledger.deleteRefused(id, beganNanos, System.nanoTime());
                    }
                    return;
                }
                mayHaveHappened = true;
            } catch (RuntimeException e) {
                mayHaveHappened = true;
            }
        }
        ledger.deleteUnknown(id);
        room.release();
    }

    private void peekUntilStopped() {
        int client = 0;
        while (!stopped()) {
            long beganNanos = System.nanoTime();
            try {
                for (PeekedMessageItem message : client(client).peekMessages(PEEK_COUNT, null, Context.NONE)) {
                    ledger.seen(message.getBody().toString(), beganNanos);
                }
            } catch (RuntimeException e) {
                client++;
            }
            client++;
            LockSupport.parkNanos(PEEK_INTERVAL_NANOS);
        }
    }

    private QueueClient client(int number) {
        return clients.get(number % clients.size());
    }
}
