package io.lazuli.storage.conformance;

import io.lazuli.security.ConnectionString;
import io.lazuli.storage.conformance.cloud.LazuliCloud;
import io.lazuli.storage.protocol.conformance.QueueServiceConformance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The queue cases against a real cloud of three nodes; each group of cases talks to the next node, because any must do. */
class ThreeNodeQueueConformanceIT extends QueueServiceConformance {

    private static final int NODES = 3;

    private static LazuliCloud cloud;
    private static int asked;

    @BeforeAll
    static void start() {
        cloud = LazuliCloud.start(NODES);
    }

    @AfterAll
    static void stop() {
        if (cloud != null) {
            cloud.close();
        }
    }

    @Override
    protected ConnectionString target() {
        return ConnectionString.parse(cloud.connectionString(cloud.nodeIds().get(asked++ % NODES)));
    }
}
