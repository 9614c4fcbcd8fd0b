package io.lazuli.storage.partition.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.partition.SealedBatch;
import io.lazuli.storage.partition.queue.QueueService.MessageDraft;
import io.lazuli.storage.partition.queue.QueueService.QueueMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Queues much longer than their windows: bounded memory, few reads, everything in order. */
class LongQueueTest {

    private static final int MESSAGES = 100_000;
    private static final int NOW = 1_000_000;
    private static final QueueLimits LIMITS = new QueueLimits(1024, 5 << 20, 1024, 4096, 32 << 20, 200, 60_000);

    private final QueueDriver queue = new QueueDriver(LIMITS, new Random(7)::nextLong);
    private long nowMillis = NOW;

    @Test
    void hundredThousandMessagesComeInOrderEachReadOnce() {
        fill(-1);
        queue.restart();
        for (int i = 0; i < MESSAGES; i += 32) {
            List<QueueMessage> received = receive();
            for (int j = 0; j < received.size(); j++) {
                assertEquals(i + j, number(received.get(j)));
                delete(received.get(j));
            }
            put(MESSAGES + i, -1);
            queue.settle(nowMillis);
            assertTrue(queue.state.messagesInMemory() <= 2 * LIMITS.windowMessages() + LIMITS.leaseCache());
        }
        assertTrue(queue.rowsScanned <= MESSAGES + 2 * LIMITS.windowMessages(), "rows read: " + queue.rowsScanned);
        assertTrue(queue.readsMade <= 2 * MESSAGES / (LIMITS.windowMessages() / 2) + 10, "reads: " + queue.readsMade);
    }

    @Test
    void hotHeadReadsNoRowsWhileTheQueueIsShort() {
        int before = queue.readsMade;
        for (int i = 0; i < 10_000; i++) {
            put(i, -1);
            put(i, -1);
            receive().forEach(this::delete);
            if (i % 10 == 0) {
                queue.settle(nowMillis);
            }
        }
        assertTrue(queue.readsMade - before <= 2, "reads: " + (queue.readsMade - before));
    }

    @Test
    void startOfALongQueueReadsOneWindow() {
        fill(-1);
        queue.restart();
        queue.rowsScanned = 0;
        assertEquals(0, number(receive().getFirst()));
        assertTrue(queue.rowsScanned <= LIMITS.windowMessages(), "rows read: " + queue.rowsScanned);
    }

    @Test
    void allInvisibleMessagesReappearInTheOrderOfTheirTimeouts() {
        fill(-1);
        for (int i = 0; i < MESSAGES; i += 32) {
            receive();
            nowMillis++;
            queue.settle(nowMillis);
        }
        assertEquals(List.of(), receive());
        queue.restart();
        nowMillis += 1_000_000;
        List<Long> order = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i += 32) {
            for (QueueMessage message : receive()) {
                order.add(number(message));
                assertEquals(2, message.dequeueCount());
                delete(message);
            }
            queue.settle(nowMillis);
        }
        List<Long> sorted = new ArrayList<>(order);
        sorted.sort(null);
        assertEquals(sorted, order);
        assertEquals(MESSAGES, order.size());
        assertEquals(2, queue.rows.size());
    }

    @Test
    void expiredHeadIsPassedInBoundedBatchesAndPurged() {
        fill(10);
        put(MESSAGES, -1);
        queue.settle(nowMillis);
        queue.restart();
        nowMillis += 20;
        int mostOps = 0;
        List<QueueMessage> received = List.of();
        while (received.isEmpty()) {
            Decision decision = queue.state.receive(1, 60_000, nowMillis);
            if (decision instanceof Decision.Answer answer) {
                received = ((QueueReply.Messages) answer.reply()).messages();
            }
            SealedBatch sealed = queue.sealAndMakeDurable();
            mostOps = Math.max(mostOps, sealed == null ? 0 : sealed.ops().size());
            queue.settle(nowMillis);
        }
        assertEquals(MESSAGES, number(received.getFirst()));
        assertTrue(mostOps <= 2 * LIMITS.windowMessages(), "rows changed at once: " + mostOps);
        assertEquals(4, queue.rows.size());
    }

    @Test
    void clearOfALongQueueIsOneSmallBatch() {
        fill(-1);
        receive();
        queue.settle(nowMillis);
        queue.state.clear();
        SealedBatch sealed = queue.sealAndMakeDurable();
        assertEquals(3, sealed.ops().size());
        assertEquals(2, queue.rows.size());
        put(1, -1);
        assertEquals(1, receive().size());
    }

    private void fill(long timeToLiveMillis) {
        for (int i = 0; i < MESSAGES; i++) {
            put(i, timeToLiveMillis);
            if (i % 500 == 0) {
                queue.settle(nowMillis);
            }
        }
        queue.settle(nowMillis);
    }

    private void put(long number, long timeToLiveMillis) {
        byte[] text = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        queue.ask(() -> queue.state.put(new MessageDraft(text, timeToLiveMillis, 0), nowMillis), nowMillis);
    }

    private List<QueueMessage> receive() {
        return ((QueueReply.Messages) queue.ask(() -> queue.state.receive(32, 500_000, nowMillis), nowMillis)).messages();
    }

    private void delete(QueueMessage message) {
        assertEquals(new QueueReply.Done(), queue.ask(
                found -> queue.state.delete(message.messageId(), message.popReceipt(), found, nowMillis), () -> { }, nowMillis));
    }

    private static long number(QueueMessage message) {
        return ByteBuffer.wrap(message.text()).getLong();
    }
}
