package io.lazuli.storage.protocol.conformance;

import com.azure.storage.blob.BlobServiceClient;
import io.lazuli.security.ConnectionString;
import io.lazuli.security.StorageService;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

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
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> containerCases() {
        return run(ContainerCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> blobListCases() {
        return run(BlobListCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> blobAccountCases() {
        return run(BlobAccountCases.all());
    }

    /** An account of the same service with soft delete of blobs for seven days, with or without versioning; null if there is none, so that its cases are left out. */
    protected abstract ConnectionString keepingTarget(boolean versioning);

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> blobPutCases() {
        return run(BlobPutCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> blobRangeCases() {
        return run(BlobRangeCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> blobConditionCases() {
        return run(BlobConditionCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> blockCases() {
        return run(BlockCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> appendCases() {
        return run(AppendCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> pageCases() {
        return run(PageCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> blobPropertyCases() {
        return run(BlobPropertyCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> blobLeaseCases() {
        return run(BlobLeaseCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> blobSdkCases() {
        return run(BlobSdkCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> blobCopyCases() {
        return run(BlobCopyCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> blobSignatureCases() {
        return run(BlobSignatureCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> immutabilityCases() {
        return run(BlobHistoryCases.immutability());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> softDeleteCases() {
        return run(BlobHistoryCases.softDelete(), keepingTarget(false));
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> versionCases() {
        return run(BlobHistoryCases.versions(), keepingTarget(true));
    }

    /** Switches soft delete on for seven days and waits until whoever serves that address goes by it. */
    protected static void keepDeleted(ConnectionString target) {
        RawClient raw = new RawClient(target, StorageService.BLOB);
        raw.send("PUT", "/?restype=service&comp=properties", Map.of(), "<StorageServiceProperties><DeleteRetentionPolicy><Enabled>true</Enabled><Days>7</Days></DeleteRetentionPolicy></StorageServiceProperties>").is(202);
        String container = "/cases-" + UUID.randomUUID();
        raw.send("PUT", container + "?restype=container").is(201);
        BlobFixture.await("soft delete", () -> {
            raw.send("PUT", container + "/probe", Map.of("x-ms-blob-type", "BlockBlob"), "").is(201);
            return raw.send("DELETE", container + "/probe").is(202).header("x-ms-delete-type-permanent").equals("false");
        });
        raw.send("DELETE", container + "?restype=container").is(202);
    }

    private Stream<DynamicTest> run(List<Case> cases) {
        return run(cases, target());
    }

    private Stream<DynamicTest> run(List<Case> cases, ConnectionString target) {
        if (target == null) {
            return Stream.empty();
        }
        RawClient raw = new RawClient(target, StorageService.BLOB);
        BlobServiceClient service = BlobFixture.sdk(target).buildClient();
        SharedContainer shared = new SharedContainer(service);
        return cases.stream().map(one -> DynamicTest.dynamicTest(one.promise(), () -> {
            try (BlobFixture fixture = new BlobFixture(raw, service, this::otherTarget, shared::name)) {
                one.check().accept(fixture);
            }
        })).onClose(shared::remove);
    }

    /** The container that the cases of a group share, made when the first one asks for it. */
    private static final class SharedContainer {

        private final BlobServiceClient service;
        private String name;

        SharedContainer(BlobServiceClient service) {
            this.service = service;
        }

        synchronized String name() {
            if (name == null) {
                String fresh = "cases-" + UUID.randomUUID();
                service.createBlobContainer(fresh);
                name = fresh;
            }
            return name;
        }

        synchronized void remove() {
            if (name != null) {
                service.deleteBlobContainer(name);
            }
        }
    }
}
