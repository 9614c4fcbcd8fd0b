package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.security.ConfiguredAccounts;
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
        return account(ConfiguredAccounts.DEVELOPMENT_ACCOUNT, ConfiguredAccounts.DEVELOPMENT_KEY);
    }

    @Override
    protected ConnectionString otherTarget() {
        return account(FakeBlobServer.OTHER_ACCOUNT, FakeBlobServer.OTHER_KEY);
    }

    @Override
    protected ConnectionString keepingTarget(boolean versioning) {
        return account(versioning ? FakeBlobServer.VERSIONING_ACCOUNT : FakeBlobServer.KEEPING_ACCOUNT, FakeBlobServer.OTHER_KEY);
    }

    private static ConnectionString account(String name, String key) {
        return ConnectionString.parse("DefaultEndpointsProtocol=http;AccountName=" + name + ";AccountKey=" + key
                + ";BlobEndpoint=http://127.0.0.1:" + server.port() + "/" + name + ";");
    }
}
