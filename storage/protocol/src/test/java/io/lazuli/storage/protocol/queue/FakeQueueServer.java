package io.lazuli.storage.protocol.queue;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.protocol.service.FakeServer;
import java.util.List;

/** The queue service's front end, in front of a queue service in memory. */
public final class FakeQueueServer extends FakeServer<FakeQueueService> {

    public FakeQueueServer(int port, Clock clock) {
        super(executor -> new FakeQueueService(clock, executor), List.of(),
                (vertx, settings, queues, accounts) -> QueueFrontEnd.start(vertx, settings, HOST, port, queues, accounts, Clock.system()));
    }

    /** Argument: the port. */
    public static void main(String[] arguments) throws InterruptedException {
        new FakeQueueServer(Integer.parseInt(arguments[0]), Clock.system()).serve();
    }
}
