package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.ServiceProperties;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What can be asked of a table directory: the changes, and how its ranges fare. Tables and routes are read straight from its rows
 * ({@link TableDirectoryReader}).
 */
public sealed interface TableDirectoryRequest extends TableDirectoryMessage {

    /** At most so many ranges in one answer to {@link DescribeRanges}. */
    int MAX_RANGES_DESCRIBED = 2_000;

    ActorRef<TableDirectoryReply> replyTo();

    /** A change of one table's entry; changes of the same table happen one after the other. Names ignore case. */
    sealed interface OfTable extends TableDirectoryRequest {

        String table();
    }

    /** Answered with Done, TableAlreadyExists or TableBeingDeleted. */
    record CreateTable(String entityId, String table, ActorRef<TableDirectoryReply> replyTo) implements OfTable {}

    /** Answered with Done or TableNotFound. */
    record DeleteTable(String entityId, String table, ActorRef<TableDirectoryReply> replyTo) implements OfTable {}

    /** Answered with Done or TableNotFound. */
    record SetAccessPolicies(String entityId, String table, List<AccessPolicy> policies, ActorRef<TableDirectoryReply> replyTo)
            implements OfTable {

        public SetAccessPolicies {
            policies = List.copyOf(policies);
        }
    }

    /** Wakes the directory, which then finishes what was interrupted. Answered with Done, before that. */
    record Resume(String entityId, ActorRef<TableDirectoryReply> replyTo) implements TableDirectoryRequest {}

    /** Answered with Done. */
    record SetServiceProperties(String entityId, ServiceProperties properties, ActorRef<TableDirectoryReply> replyTo)
            implements TableDirectoryRequest {}

    /**
     * Answered with Ranges, those from the one that holds {@code from} on.
     *
     * @param number the table's
     */
    record DescribeRanges(String entityId, long number, byte[] from, ActorRef<TableDirectoryReply> replyTo)
            implements TableDirectoryRequest {}
}
