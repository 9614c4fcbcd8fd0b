package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.ServiceProperties.BlobSettings;
import io.lazuli.storage.partition.ServiceProperties.Retention;
import io.lazuli.storage.partition.ServiceProperties.StaticWebsite;
import io.lazuli.storage.protocol.service.FakeServer;
import java.util.List;

/** The blob service's front end, in front of a blob service in memory. */
public final class FakeBlobServer extends FakeServer<FakeBlobService> {

    /** Accounts with soft delete, without and with versioning. */
    public static final String KEEPING_ACCOUNT = "keepingaccount";
    public static final String VERSIONING_ACCOUNT = "versioningaccount";

    private static final int RETENTION_DAYS = 7;

    /** @param maxPageEntries of the pages of lists */
    public FakeBlobServer(int port, Clock clock, int maxPageEntries) {
        this(port, clock, maxPageEntries, new CopySourceSettings(CopySourceHosts.ANY, 20_000));
    }

    FakeBlobServer(int port, Clock clock, int maxPageEntries, CopySourceSettings copySources) {
        super(executor -> new FakeBlobService(clock, executor, maxPageEntries), List.of(KEEPING_ACCOUNT, VERSIONING_ACCOUNT),
                (vertx, settings, blobs, accounts) -> {
                    blobs.remote = new RemoteSources(vertx, copySources, clock);
                    return BlobFrontEnd.start(vertx, settings, HOST, port, blobs, accounts, blobs.remote, clock);
                });
        keep(KEEPING_ACCOUNT, false);
        keep(VERSIONING_ACCOUNT, true);
    }

    RemoteSources remote() {
        return service().remote;
    }

    private void keep(String account, boolean versioning) {
        BlobSettings settings = new BlobSettings(null, new Retention(true, RETENTION_DAYS), true, StaticWebsite.NONE, versioning, 0);
        service().changeServiceProperties(account, present -> ServiceProperties.initial().with(settings)).toCompletableFuture().join();
    }

    /** Argument: the port. */
    public static void main(String[] arguments) throws InterruptedException {
        new FakeBlobServer(Integer.parseInt(arguments[0]), Clock.system(), Integer.MAX_VALUE).serve();
    }
}
