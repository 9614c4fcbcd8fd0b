package io.lazuli.samples.wordcount;

import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import java.io.IOException;
import java.nio.file.Path;

/** Feeds a text file to queue {@code lines} with the Azure SDK. Fed again, the same file changes nothing in the totals. */
public final class Feeder {

    private static final int PROGRESS_EVERY = 10;

    private Feeder() {}

    /** @param args connection string, file */
    public static void main(String[] args) throws IOException {
        QueueClient queue = new QueueClientBuilder().connectionString(args[0]).queueName("lines").buildClient();
        queue.createIfNotExists();
        int lines = SourceLines.forEach(Path.of(args[1]), line -> {
            queue.sendMessage(line.encode());
            if ((line.id().number() + 1) % PROGRESS_EVERY == 0) {
                System.out.println("fed " + (line.id().number() + 1));
            }
        });
        System.out.println("fed all " + lines);
    }
}
