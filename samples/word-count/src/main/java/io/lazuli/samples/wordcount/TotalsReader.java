package io.lazuli.samples.wordcount;

import com.azure.core.exception.AzureException;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import com.azure.storage.queue.models.QueueMessageItem;
import java.time.Duration;

/**
 * Adds up queue {@code totals} with the Azure SDK until all lines are there: progress to stderr, the totals to stdout.
 * A request that fails is simply made again: what is received twice, or is gone when it is to be deleted, changes nothing.
 */
public final class TotalsReader {

    private static final int BATCH = 32;
    private static final Duration VISIBILITY = Duration.ofSeconds(30);
    private static final long IDLE_MILLIS = 100;
    private static final int MAX_FAILURES_IN_A_ROW = 30;

    private final QueueClient queue;
    private final Totals totals = new Totals();

    private TotalsReader(QueueClient queue) {
        this.queue = queue;
    }

    /** @param args connection string, number of lines that {@link Feeder} fed */
    public static void main(String[] args) throws InterruptedException {
        QueueClient queue = new QueueClientBuilder().connectionString(args[0]).queueName("totals").buildClient();
        queue.createIfNotExists();
        new TotalsReader(queue).readUntil(Long.parseLong(args[1]));
    }

    private void readUntil(long expected) throws InterruptedException {
        int failures = 0;
        while (totals.lines() < expected) {
            long before = totals.lines();
            try {
                readBatch();
                failures = 0;
            } catch (AzureException e) {
                if (++failures == MAX_FAILURES_IN_A_ROW) {
                    throw e;
                }
                System.err.println("trying again: " + e.getMessage().lines().findFirst().orElse(""));
            }
            if (totals.lines() == before) {
                Thread.sleep(IDLE_MILLIS);
            } else {
                System.err.println("counted " + totals.lines() + " of " + expected + " lines, " + totals.duplicates() + " duplicates");
            }
        }
        System.out.print(Totals.text(totals.counts()));
    }

    private void readBatch() {
        for (QueueMessageItem message : queue.receiveMessages(BATCH, VISIBILITY, null, null)) {
            add(message.getBody().toString());
            queue.deleteMessage(message.getMessageId(), message.getPopReceipt());
        }
    }

    private void add(String message) {
        try {
            totals.add(message);
        } catch (IllegalArgumentException e) {
            System.err.println("dropped a message that has no totals: " + e.getMessage());
        }
    }
}
