package io.lazuli.storage.partition.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.queue.QueueModel.Message;
import io.lazuli.storage.partition.queue.QueueService.MessageDraft;
import io.lazuli.storage.partition.queue.QueueService.QueueMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random requests, time, commits, reads that come back late, crashes: whatever happens, the queue answers as the model does,
 * and after a crash as the model did at the last durable batch. Windows are tiny, so that everything is let go and read again.
 */
class QueueStatePropertyTest {

    private static final QueueLimits TINY = new QueueLimits(8, 600, 16, 3, 1 << 20, 3, 50);
    private static final int RUNS = 400;
    private static final int STEPS = 400;
    private static final int MAX_COUNT = 3;

    @Test
    void answersAsTheModelDoes() {
        long firstSeed = System.nanoTime();
        for (int run = 0; run < RUNS; run++) {
            long seed = firstSeed + run;
            try {
                new Run(seed).go();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static final class Run {

        private final Random random;
        private final QueueDriver queue;
        private final Deque<QueueModel> atSeals = new ArrayDeque<>();
        private final List<String[]> receipts = new ArrayList<>();
        private QueueModel model = new QueueModel();
        private QueueModel durable = new QueueModel();
        private long nowMillis = 1_000_000;

        Run(long seed) {
            random = new Random(seed);
            queue = new QueueDriver(TINY, random::nextLong);
        }

        void go() {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(20)) {
                    case 0, 1, 2, 3, 4 -> put();
                    case 5, 6, 7 -> receive();
                    case 8 -> peek();
                    case 9, 10, 11 -> delete();
                    case 12 -> update();
                    case 13 -> occasionally(20, this::clear);
                    case 14 -> nowMillis += random.nextInt(30);
                    case 15, 16 -> commit();
                    case 17 -> read();
                    case 18 -> count();
                    default -> occasionally(4, this::crash);
                }
            }
            crash();
            drain();
        }

        private void put() {
            String text = "text " + random.nextInt(1_000_000) + "x".repeat(random.nextInt(60));
            long timeToLiveMillis = random.nextInt(3) > 0 ? -1 : 1 + random.nextInt(100);
            long visibilityTimeoutMillis = random.nextInt(4) > 0 ? 0 : random.nextInt(50);
            MessageDraft draft = new MessageDraft(text.getBytes(StandardCharsets.UTF_8), timeToLiveMillis, visibilityTimeoutMillis);
            var put = ((QueueReply.Enqueued) queue.ask(() -> queue.state.put(draft, nowMillis), nowMillis)).message();
            assertEquals(nowMillis, put.insertedAtMillis());
            assertEquals(nowMillis + visibilityTimeoutMillis, put.nextVisibleAtMillis());
            model.put(put.messageId(), put.popReceipt(), nowMillis, timeToLiveMillis, visibilityTimeoutMillis, text);
            receipts.add(new String[] {put.messageId(), put.popReceipt()});
        }

        private void receive() {
            int count = 1 + random.nextInt(MAX_COUNT);
            long visibilityTimeoutMillis = random.nextInt(60);
            List<QueueMessage> received = messages(queue.ask(
                    () -> queue.state.receive(count, visibilityTimeoutMillis, nowMillis), nowMillis));
            List<Message> expected = model.visible(count, nowMillis);
            compare(expected, received);
            for (int i = 0; i < expected.size(); i++) {
                Message message = expected.get(i);
                message.dequeueCount++;
                message.visibleAtMillis = nowMillis + visibilityTimeoutMillis;
                message.receipt = received.get(i).popReceipt();
                assertEquals(message.dequeueCount, received.get(i).dequeueCount());
                assertEquals(message.visibleAtMillis, received.get(i).nextVisibleAtMillis());
                receipts.add(new String[] {message.id, message.receipt});
            }
        }

        private void peek() {
            int count = 1 + random.nextInt(MAX_COUNT);
            List<QueueMessage> peeked = messages(queue.ask(() -> queue.state.peek(count, nowMillis), nowMillis));
            List<Message> expected = model.visible(count, nowMillis);
            compare(expected, peeked);
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(expected.get(i).dequeueCount, peeked.get(i).dequeueCount());
            }
        }

        private void delete() {
            anyReceipt().ifPresent(receipt -> {
                QueueReply reply = queue.ask(found -> queue.state.delete(receipt[0], receipt[1], found, nowMillis),
                        this::meanwhile, nowMillis);
                var refusal = model.refusal(receipt[0], receipt[1], nowMillis);
                assertEquals(refusal.<QueueReply>map(QueueReply.Refused::new).orElse(new QueueReply.Done()), reply);
                if (refusal.isEmpty()) {
                    model.delete(receipt[0]);
                }
            });
        }

        private void update() {
            anyReceipt().ifPresent(receipt -> {
                String text = random.nextBoolean() ? null : "updated " + random.nextInt(1_000_000);
                byte[] bytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
                long visibilityTimeoutMillis = random.nextInt(50);
                QueueReply reply = queue.ask(found -> queue.state.update(
                        receipt[0], receipt[1], bytes, visibilityTimeoutMillis, found, nowMillis), this::meanwhile, nowMillis);
                var refusal = model.refusal(receipt[0], receipt[1], nowMillis);
                if (refusal.isPresent()) {
                    assertEquals(new QueueReply.Refused(refusal.get()), reply);
                    return;
                }
                Message message = model.find(receipt[0], nowMillis).orElseThrow();
                if (nowMillis + visibilityTimeoutMillis > message.expiresAtMillis) {
                    assertEquals(new QueueReply.Refused(StorageErrorCode.OUT_OF_RANGE_QUERY_PARAMETER_VALUE), reply);
                    return;
                }
                message.receipt = ((QueueReply.Updated) reply).message().popReceipt();
                message.visibleAtMillis = nowMillis + visibilityTimeoutMillis;
                message.text = text == null ? message.text : text;
                receipts.add(new String[] {message.id, message.receipt});
            });
        }

        private void clear() {
            assertEquals(new QueueReply.Done(), queue.ask(() -> queue.state.clear(), nowMillis));
            model.clear();
        }

        private void count() {
            long counted = ((QueueReply.Counted) queue.ask(() -> queue.state.count(), nowMillis)).messageCount();
            int alive = model.alive(new ArrayList<>(), nowMillis);
            assertTrue(alive <= counted && counted <= model.all(), alive + " <= " + counted + " <= " + model.all());
        }

        /** Another request that is decided while a look-up is under way. */
        private void meanwhile() {
            switch (random.nextInt(6)) {
                case 0 -> receive();
                case 1 -> put();
                case 2 -> occasionally(10, this::clear);
                default -> { }
            }
        }

        private void commit() {
            if (random.nextBoolean() && queue.state.hasChanges()) {
                queue.seal();
                atSeals.add(model.copy());
            } else if (!queue.sealed.isEmpty()) {
                queue.makeOldestDurable();
                durable = atSeals.remove();
            }
        }

        private void read() {
            if (random.nextBoolean()) {
                queue.begin(nowMillis);
                occasionally(2, () -> queue.beginSweep(nowMillis));
            } else if (queue.readsUnderWay() > 0) {
                queue.deliver(random.nextInt(queue.readsUnderWay()), nowMillis);
            }
        }

        private void crash() {
            queue.restart();
            atSeals.clear();
            model = durable.copy();
        }

        private void drain() {
            queue.settle(nowMillis);
            nowMillis += 100;
            while (!model.visible(MAX_COUNT, nowMillis).isEmpty()) {
                long visibilityTimeoutMillis = 1_000_000;
                List<QueueMessage> received = messages(queue.ask(
                        () -> queue.state.receive(MAX_COUNT, visibilityTimeoutMillis, nowMillis), nowMillis));
                compare(model.visible(MAX_COUNT, nowMillis), received);
                received.forEach(message -> {
                    assertEquals(new QueueReply.Done(), queue.ask(
                            found -> queue.state.delete(message.messageId(), message.popReceipt(), found, nowMillis), () -> { }, nowMillis));
                    model.delete(message.messageId());
                });
                queue.settle(nowMillis);
            }
            assertEquals(List.of(), messages(queue.ask(() -> queue.state.receive(1, 0, nowMillis), nowMillis)));
            for (int page = 0; page < 1000; page++) {
                nowMillis += TINY.sweepIntervalMillis();
                queue.beginSweep(nowMillis);
                queue.settle(nowMillis);
            }
            assertEquals(new QueueReply.Counted(0), queue.ask(() -> queue.state.count(), nowMillis));
            assertEquals(2, queue.rows.size(), "only header and progress are left");
        }

        private Optional<String[]> anyReceipt() {
            if (receipts.isEmpty()) {
                return Optional.empty();
            }
            int newest = receipts.size() - 1;
            String[] receipt = receipts.get(random.nextBoolean() ? Math.max(0, newest - random.nextInt(6)) : random.nextInt(receipts.size()));
            return switch (random.nextInt(20)) {
                case 0 -> Optional.of(new String[] {receipt[0], "nonsense"});
                case 1 -> Optional.of(new String[] {receipt[0], receipts.get(random.nextInt(receipts.size()))[1]});
                case 2 -> Optional.of(new String[] {new MessageId(1 + random.nextInt(50), random.nextLong()).text(), receipt[1]});
                default -> Optional.of(receipt);
            };
        }

        private void occasionally(int oneIn, Runnable action) {
            if (random.nextInt(oneIn) == 0) {
                action.run();
            }
        }

        private static List<QueueMessage> messages(QueueReply reply) {
            return ((QueueReply.Messages) reply).messages();
        }

        private static void compare(List<Message> expected, List<QueueMessage> actual) {
            assertEquals(expected.stream().map(message -> message.id + " " + message.text).toList(),
                    actual.stream().map(message -> message.messageId() + " " + new String(message.text(), StandardCharsets.UTF_8)).toList());
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(expected.get(i).insertedAtMillis, actual.get(i).insertedAtMillis());
            }
        }
    }
}
