package io.lazuli.samples.wordcount;

import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import com.azure.storage.queue.models.QueueMessageItem;
import java.time.Duration;

/** Adds up queue {@code totals} with the Azure SDK until all lines are there: progress to stderr, the totals to stdout. */
public final class TotalsReader {

    private static final int BATCH = 32;
    private static final Duration VISIBILITY = Duration.ofSeconds(30);
    private static final long IDLE_MILLIS = 100;

    private TotalsReader() {}

    /** @param args connection string, number of lines that {@link Feeder} fed */
    public static void main(String[] args) throws InterruptedException {
        QueueClient queue = new QueueClientBuilder().connectionString(args[0]).queueName("totals").buildClient();
        queue.createIfNotExists();
        long expected = Long.parseLong(args[1]);
        Totals totals = new Totals();
        while (totals.lines() < expected) {
            long before = totals.lines();
            for (QueueMessageItem message : queue.receiveMessages(BATCH, VISIBILITY, null, null)) {
                add(totals, message.getBody().toString());
                queue.deleteMessage(message.getMessageId(), message.getPopReceipt());
            }
            if (totals.lines() == before) {
                Thread.sleep(IDLE_MILLIS);
            } else {
                System.err.println("counted " + totals.lines() + " of " + expected + " lines, " + totals.duplicates() + " duplicates");
            }
        }
        System.out.print(Totals.text(totals.counts()));
    }

    private static void add(Totals totals, String message) {
        try {
            totals.add(message);
        } catch (IllegalArgumentException e) {
            System.err.println("dropped a message that has no totals: " + e.getMessage());
        }
    }
}
