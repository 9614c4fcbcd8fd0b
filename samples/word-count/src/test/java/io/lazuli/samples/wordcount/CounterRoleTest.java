package io.lazuli.samples.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.role.RoleContext;
import io.lazuli.role.RoleQueue;
import io.lazuli.role.RoleStorageException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The worker against queues in memory that fail where they are told to. */
class CounterRoleTest {

    private final Map<String, FakeQueue> queues = new HashMap<>();

    @Test
    void everyLineIsCountedAndDeleted() throws Exception {
        queue("lines").put("s:0\ta b a");
        queue("lines").put("s:1\tc");
        runUntilIdle();
        assertEquals(List.of("s:0\ta=2 b=1", "s:1\tc=1"), queue("totals").texts());
        assertEquals(List.of(), queue("lines").texts());
    }

    @Test
    void aCrashBetweenCountingAndDeletingCountsTheLineOnceInTheEnd() throws Exception {
        queue("lines").put("s:0\ta b a");
        queue("lines").failNextDelete = true;
        assertThrows(RoleStorageException.class, this::runUntilIdle);
        runUntilIdle();
        assertEquals(2, queue("totals").texts().size());
        Totals totals = new Totals();
        queue("totals").texts().forEach(totals::add);
        assertEquals(Map.of("a", 2L, "b", 1L), totals.counts());
    }

    @Test
    void aCrashBeforeCountingLosesNothing() throws Exception {
        queue("lines").put("s:0\ta");
        queue("totals").failNextPut = true;
        assertThrows(RoleStorageException.class, this::runUntilIdle);
        assertEquals(1, queue("lines").texts().size());
        runUntilIdle();
        assertEquals(List.of("s:0\ta=1"), queue("totals").texts());
    }

    @Test
    void whatIsNoLineIsDropped() throws Exception {
        queue("lines").put("hello");
        runUntilIdle();
        assertEquals(List.of(), queue("lines").texts());
        assertEquals(List.of(), queue("totals").texts());
    }

    private void runUntilIdle() throws Exception {
        CounterRole role = new CounterRole();
        IdleStops context = new IdleStops();
        role.onStart(context);
        role.run(context);
    }

    private FakeQueue queue(String name) {
        return queues.computeIfAbsent(name, FakeQueue::new);
    }

    /** Asks the role to stop when it finds nothing to do. */
    private final class IdleStops implements RoleContext {
        private boolean stopping;

        @Override
        public String instanceId() {
            return "d/counter/0";
        }

        @Override
        public String deployment() {
            return "d";
        }

        @Override
        public String role() {
            return "counter";
        }

        @Override
        public int index() {
            return 0;
        }

        @Override
        public Map<String, String> settings() {
            return Map.of("lines-queue", "lines", "totals-queue", "totals", "visibility-seconds", "30", "work-millis", "0");
        }

        @Override
        public List<Peer> peers() {
            return List.of();
        }

        @Override
        public System.Logger logger() {
            return System.getLogger("test");
        }

        @Override
        public boolean stopping() {
            return stopping;
        }

        @Override
        public boolean pause(Duration duration) {
            stopping = true;
            return false;
        }

        @Override
        public CompletionStage<Void> stopped() {
            return new CompletableFuture<>();
        }

        @Override
        public String storageConnectionString() {
            return "";
        }

        @Override
        public RoleQueue queue(String name) {
            return CounterRoleTest.this.queue(name);
        }
    }

    /** Messages that are not deleted stay, as after their visibility timeout. */
    private static final class FakeQueue implements RoleQueue {
        private final String name;
        private final Deque<Message> messages = new ArrayDeque<>();
        private int lastId;
        boolean failNextDelete;
        boolean failNextPut;

        FakeQueue(String name) {
            this.name = name;
        }

        List<String> texts() {
            return messages.stream().map(Message::text).toList();
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void createIfAbsent() {}

        @Override
        public void put(String text) {
            if (failNextPut) {
                failNextPut = false;
                throw new RoleStorageException(503, "ServerBusy", "busy", null);
            }
            messages.add(new Message(Integer.toString(++lastId), "pop", 1, text));
        }

        @Override
        public List<Message> receive(int count, Duration visibilityTimeout) {
            return new ArrayList<>(messages).subList(0, Math.min(count, messages.size()));
        }

        @Override
        public boolean delete(Message message) {
            if (failNextDelete) {
                failNextDelete = false;
                throw new RoleStorageException(503, "ServerBusy", "busy", null);
            }
            return messages.remove(message);
        }

        @Override
        public Message extend(Message message, Duration visibilityTimeout) {
            return message;
        }

        @Override
        public long approximateMessageCount() {
            return messages.size();
        }
    }
}
