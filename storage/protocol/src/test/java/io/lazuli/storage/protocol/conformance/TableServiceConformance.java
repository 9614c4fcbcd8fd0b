package io.lazuli.storage.protocol.conformance;

import com.azure.data.tables.TableServiceClient;
import io.lazuli.security.ConnectionString;
import io.lazuli.security.StorageService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What every table service that speaks Azure's protocol must do, whoever is behind it: a contract suite of cases, one a
 * line, driven by the official SDK and by plain HTTP for what the SDK cannot send. A subclass names the endpoint.
 */
public abstract class TableServiceConformance {

    /** One case: what is promised, and how to see it. */
    record Case(String promise, Consumer<TableFixture> check) {}

    /** Where to: account, one of its keys, and its table endpoint. Asked once per group of cases, when the service is up. */
    protected abstract ConnectionString target();

    /** Another account of the same service. */
    protected abstract ConnectionString otherTarget();

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> tableCases() {
        return run(TableCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> entityCases() {
        return run(EntityCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> entityFormatCases() {
        return run(EntityFormatCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> queryCases() {
        return run(QueryCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> pagingCases() {
        return run(PagingCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> transactionCases() {
        return run(TransactionCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> wrongTableInputCases() {
        return run(WrongTableInputCases.all());
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> tableSignatureCases() {
        return run(TableSignatureCases.all());
    }

    private Stream<DynamicTest> run(List<Case> cases) {
        ConnectionString target = target();
        RawClient raw = new RawClient(target, StorageService.TABLE);
        TableServiceClient service = TableFixture.sdk(target).buildClient();
        Map<String, String> shared = new HashMap<>();
        Stream<DynamicTest> tests = cases.stream().map(one -> DynamicTest.dynamicTest(one.promise(), () -> {
            try (TableFixture fixture = new TableFixture(raw, service, shared, this::otherTarget)) {
                one.check().accept(fixture);
            }
        }));
        return tests.onClose(() -> shared.values().forEach(service::deleteTable));
    }
}
