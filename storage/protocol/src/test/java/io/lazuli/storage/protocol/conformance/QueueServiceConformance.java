package io.lazuli.storage.protocol.conformance;

import com.azure.storage.queue.QueueServiceClient;
import io.lazuli.security.ConnectionString;
import io.lazuli.security.StorageService;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What every queue service that speaks Azure's protocol must do, whoever is behind it: a contract suite of cases, one a
 * line, driven by the official SDK and by plain HTTP for what the SDK cannot send. A subclass names the endpoint.
 */
public abstract class QueueServiceConformance {

    /** One case: what is promised, and how to see it. */
    record Case(String promise, Consumer<Fixture> check) {}

    /** Where to: account, one of its keys, and its queue endpoint. Asked once per group of cases, when the service is up. */
    protected abstract ConnectionString target();

    /** Another account of the same service. */
    protected abstract ConnectionString otherTarget();

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> sdkServiceCases() {
        return run(SdkServiceCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> sdkMessageCases() {
        return run(SdkMessageCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> rawCases() {
        return run(RawCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> wrongInputCases() {
        return run(WrongInputCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> signatureCases() {
        return run(SignatureCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> queueSignatureCases() {
        return run(QueueSignatureCases.all());
    }

    private Stream<DynamicTest> run(List<Case> cases) {
        ConnectionString target = target();
        RawClient raw = new RawClient(target, StorageService.QUEUE);
        QueueServiceClient service = Fixture.sdk(target).buildClient();
        return cases.stream().map(one -> DynamicTest.dynamicTest(one.promise(), () -> {
            try (Fixture fixture = new Fixture(raw, service, this::otherTarget)) {
                one.check().accept(fixture);
            }
        }));
    }
}
