package io.lazuli.storage.protocol.queue;

import io.lazuli.kernel.Clock;
import io.lazuli.security.ConnectionString;
import io.lazuli.storage.protocol.conformance.QueueServiceConformance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of queue services, by the front end in front of a queue service in memory. */
class QueueFrontEndConformanceTest extends QueueServiceConformance {

    private static FakeQueueServer server;

    @BeforeAll
    static void start() {
        server = new FakeQueueServer(0, Clock.system());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    protected ConnectionString target() {
        return server.target();
    }

    @Override
    protected ConnectionString otherTarget() {
        return server.target(FakeQueueServer.OTHER_ACCOUNT);
    }
}
