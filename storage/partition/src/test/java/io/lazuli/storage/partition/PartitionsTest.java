package io.lazuli.storage.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.ManualClock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.service.MemoryChunks;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.partition.queue.QueueService.MessageDraft;
import io.lazuli.storage.partition.queue.QueueService.QueueMessage;
import io.lazuli.storage.partition.queue.QueueService.QueueProperties;
import io.lazuli.storage.partition.queue.QueueService.UpdatedMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole service on a cluster of one node, over rows in memory. */
class PartitionsTest {

    private static final String ACCOUNT = "devstoreaccount1";

    private static ActorTestKit kit;
    private static MemoryRowStore store;
    private static ManualClock clock;
    private static QueueService queues;
    /** As another node's: with a route cache of its own. */
    private static QueueService elsewhere;

    @BeforeAll
    static void start() {
        OneNodeCluster cluster = new OneNodeCluster("");
        kit = cluster.kit;
        store = new MemoryRowStore();
        clock = new ManualClock(1_000_000);
        queues = cluster.services(store, new MemoryChunks(), clock).queues();
        elsewhere = cluster.services(store, new MemoryChunks(), clock).queues();
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void messageGoesThroughItsWholeLife() {
        assertTrue(now(queues.createQueue(ACCOUNT, "life", Map.of("k", "v"))));
        assertFalse(now(queues.createQueue(ACCOUNT, "life", Map.of("k", "v"))));
        var put = now(queues.put(ACCOUNT, "life", draft("hello")));
        assertEquals(1, now(queues.peek(ACCOUNT, "life", 32)).size());
        assertEquals(new QueueProperties(Map.of("k", "v"), 1), now(queues.getProperties(ACCOUNT, "life")));
        QueueMessage received = now(elsewhere.receive(ACCOUNT, "life", 32, 1_000)).getFirst();
        assertEquals(put.messageId(), received.messageId());
        assertEquals(1, received.dequeueCount());
        assertEquals("hello", new String(received.text(), StandardCharsets.UTF_8));
        assertEquals(List.of(), now(queues.peek(ACCOUNT, "life", 32)));
        UpdatedMessage updated = now(queues.update(ACCOUNT, "life", received.messageId(), received.popReceipt(), text("changed"), 0));
        assertRefused(StorageErrorCode.POP_RECEIPT_MISMATCH, queues.delete(ACCOUNT, "life", received.messageId(), received.popReceipt()));
        assertEquals("changed", new String(now(queues.peek(ACCOUNT, "life", 1)).getFirst().text(), StandardCharsets.UTF_8));
        now(queues.delete(ACCOUNT, "life", received.messageId(), updated.popReceipt()));
        assertRefused(StorageErrorCode.MESSAGE_NOT_FOUND, queues.delete(ACCOUNT, "life", received.messageId(), updated.popReceipt()));
        now(queues.put(ACCOUNT, "life", draft("left")));
        now(queues.clear(ACCOUNT, "life"));
        assertEquals(0, now(queues.getProperties(ACCOUNT, "life")).approximateMessageCount());
    }

    @Test
    void everyNodeSeesAtOnceThatAQueueWasDeletedAndCreatedAnew() {
        assertRefused(StorageErrorCode.QUEUE_NOT_FOUND, queues.put(ACCOUNT, "again", draft("too early")));
        now(queues.createQueue(ACCOUNT, "again", Map.of()));
        now(queues.put(ACCOUNT, "again", draft("old")));
        assertEquals(1, now(elsewhere.peek(ACCOUNT, "again", 1)).size());
        now(queues.deleteQueue(ACCOUNT, "again"));
        assertRefused(StorageErrorCode.QUEUE_NOT_FOUND, elsewhere.peek(ACCOUNT, "again", 1));
        assertRefused(StorageErrorCode.QUEUE_NOT_FOUND, queues.getProperties(ACCOUNT, "again"));
        assertRefused(StorageErrorCode.QUEUE_NOT_FOUND, queues.deleteQueue(ACCOUNT, "again"));
        now(queues.createQueue(ACCOUNT, "again", Map.of()));
        assertEquals(List.of(), now(elsewhere.peek(ACCOUNT, "again", 1)));
        now(elsewhere.put(ACCOUNT, "again", draft("new")));
        assertEquals(1, now(queues.getProperties(ACCOUNT, "again")).approximateMessageCount());
    }

    @Test
    void queuesAreListedForTheirAccountOnly() {
        now(queues.createQueue("another", "mine", Map.of("k", "v")));
        var listing = now(queues.listQueues("another", "", "", 100, true));
        assertEquals(List.of(new QueueService.QueueEntry("mine", Map.of("k", "v"))), listing.queues());
        assertEquals("", listing.nextMarker());
    }

    private static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static void assertRefused(StorageErrorCode error, CompletionStage<?> stage) {
        CompletionException e = assertThrows(CompletionException.class, () -> now(stage));
        assertEquals(error, assertInstanceOf(StorageException.class, e.getCause()).error());
    }

    private static MessageDraft draft(String text) {
        return new MessageDraft(text(text), 7 * 86_400_000, 0);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
