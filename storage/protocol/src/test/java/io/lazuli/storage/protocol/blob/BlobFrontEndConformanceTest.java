package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.security.ConnectionString;
import io.lazuli.storage.protocol.conformance.BlobServiceConformance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of blob services, by the front end in front of a blob service in memory whose lists have short pages. */
class BlobFrontEndConformanceTest extends BlobServiceConformance {

    private static final int PAGE_ENTRIES = 7;

    private static FakeBlobServer server;

    @BeforeAll
    static void start() {
        server = new FakeBlobServer(0, Clock.system(), PAGE_ENTRIES);
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
        return server.target(FakeBlobServer.OTHER_ACCOUNT);
    }

    @Override
    protected ConnectionString keepingTarget(boolean versioning) {
        return server.target(versioning ? FakeBlobServer.VERSIONING_ACCOUNT : FakeBlobServer.KEEPING_ACCOUNT);
    }
}
