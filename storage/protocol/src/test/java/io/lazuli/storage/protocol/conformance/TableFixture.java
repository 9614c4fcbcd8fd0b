package io.lazuli.storage.protocol.conformance;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableServiceClient;
import com.azure.data.tables.TableServiceClientBuilder;
import com.azure.data.tables.sas.TableSasSignatureValues;
import io.lazuli.security.ConnectionString;
import io.lazuli.security.PercentCoding;
import io.lazuli.security.StorageService;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** What one case works with: tables of its own, removed afterwards, and both clients. */
public final class TableFixture extends ServiceFixture {

    static final String NO_METADATA = "application/json;odata=nometadata";
    static final String MINIMAL_METADATA = "application/json;odata=minimalmetadata";
    static final String FULL_METADATA = "application/json;odata=fullmetadata";

    private final TableServiceClient service;
    private final Map<String, String> shared;

    /** @param shared tables that the cases of one group read and none changes */
    TableFixture(RawClient raw, TableServiceClient service, Map<String, String> shared, Supplier<ConnectionString> other) {
        super(raw, StorageService.TABLE, other);
        this.service = service;
        this.shared = shared;
    }

    /** The official client, patient with a cloud that changes leaders, but not beyond. */
    static TableServiceClientBuilder sdk(ConnectionString target) {
        return new TableServiceClientBuilder()
                .connectionString(target.text())
                .httpClient(new JdkHttpClientBuilder().build())
                .retryOptions(new RetryOptions(new FixedDelayOptions(4, Duration.ofMillis(500))));
    }

    TableServiceClient service() {
        return service;
    }

    /** A name that no table has. */
    String freeName() {
        return owned("Case" + UUID.randomUUID().toString().replace("-", ""));
    }

    /** A new, empty table. */
    TableClient table() {
        return service.createTable(freeName());
    }

    /** The name of a new, empty table. */
    String newTable() {
        return table().getTableName();
    }

    /** The table of that purpose, which all cases of a group share: filled by the first. */
    String shared(String purpose, BiConsumer<TableFixture, String> fill) {
        return shared.computeIfAbsent(purpose, unused -> {
            String table = "Shared" + UUID.randomUUID().toString().replace("-", "");
            service.createTable(table);
            fill.accept(this, table);
            return table;
        });
    }

    /** The name of a new table with one entity: PartitionKey p, RowKey r, and these properties in JSON, e.g. {@code "v":1}. */
    String tableWith(String properties) {
        String table = newTable();
        insert(table, "p", "r", properties).is(204);
        return table;
    }

    /** Sends and reads JSON without metadata, unless the headers say otherwise. */
    RawAnswer send(String method, String path, Map<String, String> headers, String body) {
        return raw().send(method, path, withFormat(headers, body), body);
    }

    /** The same without an Authorization header, for paths that hold a signature. */
    RawAnswer sendUnsigned(String method, String path, Map<String, String> headers, String body) {
        return raw().send(method, path, withFormat(headers, body), body, null);
    }

    RawAnswer get(String path) {
        return send("GET", path, Map.of(), "");
    }

    RawAnswer insert(String table, String partitionKey, String rowKey, String properties) {
        return send("POST", "/" + table, Map.of("Prefer", "return-no-content"), json(partitionKey, rowKey, properties));
    }

    /** @param filter not escaped */
    RawAnswer query(String table, String filter) {
        return get("/" + table + "()?$filter=" + PercentCoding.encode(filter));
    }

    static Map<String, String> withFormat(Map<String, String> headers, String body) {
        Map<String, String> all = new LinkedHashMap<>(Map.of("Accept", NO_METADATA));
        if (!body.isEmpty()) {
            all.put("Content-Type", "application/json");
        }
        all.putAll(headers);
        return all;
    }

    /** The JSON of an entity. */
    static String json(String partitionKey, String rowKey, String properties) {
        String keys = new JsonObject().put("PartitionKey", partitionKey).put("RowKey", rowKey).encode();
        return properties.isEmpty() ? keys : keys.substring(0, keys.length() - 1) + "," + properties + "}";
    }

    /** The path of an entity; quotes in keys are doubled, all is escaped. */
    static String path(String table, String partitionKey, String rowKey) {
        return "/" + table + "(PartitionKey='" + PercentCoding.encode(partitionKey.replace("'", "''")) + "',RowKey='"
                + PercentCoding.encode(rowKey.replace("'", "''")) + "')";
    }

    /** A signature by the official SDK. */
    String sas(String table, TableSasSignatureValues values) {
        return service.getTableClient(table).generateSas(values);
    }

    @Override
    void remove(String name) {
        service.deleteTable(name);
    }
}
