package io.lazuli.storage.conformance;

import io.lazuli.security.ConnectionString;
import io.lazuli.storage.conformance.cloud.LazuliCloud;
import io.lazuli.storage.conformance.fault.BrokenConnections;
import io.lazuli.storage.protocol.conformance.BlobServiceConformance;
import io.lazuli.storage.protocol.conformance.QueueServiceConformance;
import io.lazuli.storage.protocol.conformance.TableServiceConformance;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The cases of all services, side by side, against one real cloud of three nodes; each group of cases talks to the next node, because any
 * must do.
 */
class ThreeNodeConformanceIT {

    private static final int NODES = 3;
    private static final String OTHER_ACCOUNT = "othertenant";

    /** No node fails here, so whatever takes long is the machine's fault; shorter than the clients' patience. */
    private static final String PATIENT = "-Dlazuli.partition.request-timeout=20s -Dlazuli.store.request-timeout=15s";

    private static LazuliCloud cloud;
    private static final AtomicInteger ASKED = new AtomicInteger();

    @BeforeAll
    static void start() {
        cloud = LazuliCloud.start(NODES, PATIENT);
        cloud.command("account", "create", OTHER_ACCOUNT);
    }

    @AfterAll
    static void stop() {
        if (cloud != null) {
            cloud.close();
        }
    }

    private static ConnectionString next() {
        return ConnectionString.parse(cloud.connectionString(cloud.nodeIds().get(ASKED.getAndIncrement() % NODES)));
    }

    private static ConnectionString other() {
        return ConnectionString.parse(cloud.command("account", "connection-string", OTHER_ACCOUNT).text().strip());
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Blobs extends BlobServiceConformance {

        @Override
        protected ConnectionString target() {
            return next();
        }

        @Override
        protected ConnectionString otherTarget() {
            return other();
        }

        @Override
        protected ConnectionString keepingTarget(boolean versioning) {
            String account = versioning ? "versioningtenant" : "keepingtenant";
            cloud.command("account", "create", account);
            cloud.command("account", "set", account, "--versioning", versioning ? "on" : "off");
            ConnectionString target = ConnectionString.parse(cloud.command("account", "connection-string", account).text().strip());
            keepDeleted(target);
            return target;
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Queues extends QueueServiceConformance {

        @Override
        protected ConnectionString target() {
            return next();
        }

        @Override
        protected ConnectionString otherTarget() {
            return other();
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Tables extends TableServiceConformance {

        @Override
        protected ConnectionString target() {
            return next();
        }

        @Override
        protected ConnectionString otherTarget() {
            return other();
        }
    }

    /** {@code -Dlazuli.conformance.largeBlobBytes=1073741824} for releases. */
    @Test
    void aLargeBlobIsUnharmedByBrokenConnections() throws Exception {
        String node = cloud.nodeIds().getLast();
        BrokenConnections.check(ConnectionString.parse(cloud.connectionString(node)), URI.create(cloud.blobEndpoint(node) + "/" + LazuliCloud.ACCOUNT),
                Long.getLong("lazuli.conformance.largeBlobBytes", 48L << 20), System.nanoTime());
    }
}
