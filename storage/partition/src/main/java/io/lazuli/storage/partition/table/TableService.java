package io.lazuli.storage.partition.table;

import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.ServiceProperties;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * The table service as its front ends see it: finds the range that holds a key, asks it, and finds it anew where ranges have
 * split, merged or moved. Arguments are already validated against the protocol (names, sizes, types); the caller has authenticated.
 *
 * <p>Table names ignore case and keep the one they were created with. Fails with {@link io.lazuli.storage.model.StorageException}:
 * TableNotFound, TableAlreadyExists, TableBeingDeleted, ServerBusy, OperationTimedOut, and what {@link EntityWrite.Kind} says. A reply
 * to a change means that the change is durable on a majority; a read is linearizable (a page of a scan for itself).
 */
public interface TableService {

    /** Tables whose lower-case names are at or after {@code fromInclusive} (and before {@code toExclusive}, if it is not null), in that order. */
    CompletionStage<TableListing> listTables(String account, String fromInclusive, String toExclusive, int maxResults);

    CompletionStage<Void> createTable(String account, String table);

    CompletionStage<Void> deleteTable(String account, String table);

    CompletionStage<List<AccessPolicy>> getAccessPolicies(String account, String table);

    CompletionStage<Void> setAccessPolicies(String account, String table, List<AccessPolicy> policies);

    CompletionStage<ServiceProperties> getServiceProperties(String account);

    /**
     * Has them changed as they are: {@code change} is asked again if they have been changed meanwhile, so of several changes none is lost. Completes
     * with what is kept; ServerBusy if others were always quicker.
     */
    CompletionStage<ServiceProperties> changeServiceProperties(String account, UnaryOperator<ServiceProperties> change);

    /** Empty if there is no such entity. */
    CompletionStage<Optional<StoredEntity>> get(String account, String table, EntityKey key);

    /**
     * Makes 1 to {@link EntityLimits#MAX_TRANSACTION_WRITES} changes of entities of one partition key, each of another entity, all or
     * none. Completes with the entities' new Timestamps in ticks, in order (0 for a deletion). Fails with {@link EntityWriteException}
     * where one of them is the cause.
     */
    CompletionStage<List<Long>> write(String account, String table, List<EntityWrite> writes);

    /** One page of entities in key order; may be short, or empty, although more follow. */
    CompletionStage<EntityPage> scan(String account, String table, EntityScan scan);

    /** The ranges of a table in key order, as last reported. */
    CompletionStage<List<RangeInfo>> ranges(String account, String table);

    /** @param names as created; {@code next} is the lower-case name where the next page starts, null if there is none */
    record TableListing(List<String> names, String next) {}

    /**
     * @param fromInclusive in the form of {@link EntityKey#encode} or any bytes in that order, empty for the table's start
     * @param toExclusive null for the table's end
     * @param maxRows 1 to 1000
     */
    record EntityScan(byte[] fromInclusive, byte[] toExclusive, int maxRows, int maxBytes) {}

    /** @param next where the next page starts, null behind the last */
    record EntityPage(List<StoredEntity> entities, byte[] next) {}

    /**
     * @param low first key, {@code high} first key behind; {@code low} empty is the table's start, {@code high} null its end
     * @param state in a word for people, e.g. {@code live} or {@code moving}
     */
    record RangeInfo(
            String partition, byte[] low, byte[] high, String state, long entities, long bytes,
            double writesPerSecond, double readsPerSecond) {}
}
