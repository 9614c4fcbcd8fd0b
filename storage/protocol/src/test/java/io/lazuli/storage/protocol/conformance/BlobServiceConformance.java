package io.lazuli.storage.protocol.conformance;

import com.azure.storage.blob.BlobServiceClient;
import io.lazuli.security.ConnectionString;
import io.lazuli.security.StorageService;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every blob service that speaks Azure's protocol must do, whoever is behind it: a contract suite of cases, one a
 * line, driven by the official SDK and by plain HTTP for what the SDK cannot send. A subclass names the endpoint.
 */
public abstract class BlobServiceConformance {

    /** One case: what is promised, and how to see it. */
    record Case(String promise, Consumer<BlobFixture> check) {}

    /** Where to: account, one of its keys, and its blob endpoint. Asked once per group of cases, when the service is up. */
    protected abstract ConnectionString target();

    /** Another account of the same service. */
    protected abstract ConnectionString otherTarget();

    @TestFactory
    Stream<DynamicTest> containerCases() {
        return run(ContainerCases.all());
    }

    @TestFactory
    Stream<DynamicTest> blobListCases() {
        return run(BlobListCases.all());
    }

    @TestFactory
    Stream<DynamicTest> blobAccountCases() {
        return run(BlobAccountCases.all());
    }

    private Stream<DynamicTest> run(List<Case> cases) {
        ConnectionString target = target();
        RawClient raw = new RawClient(target, StorageService.BLOB);
        BlobServiceClient service = BlobFixture.sdk(target).buildClient();
        return cases.stream().map(one -> DynamicTest.dynamicTest(one.promise(), () -> {
            try (BlobFixture fixture = new BlobFixture(raw, service, this::otherTarget)) {
                one.check().accept(fixture);
            }
        }));
    }
}
