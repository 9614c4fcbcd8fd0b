package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.blob.ContainerCommand;
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

    /** A change of one table's or container's entry; changes of the same one happen one after the other. Names of tables ignore case. */
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

    /** Of a container, in whose account's other directory it is. Answered with Container, or with the errors of {@link ContainerCommand}. */
    record ChangeContainer(String entityId, String container, ContainerCommand command, ActorRef<TableDirectoryReply> replyTo) implements OfTable {

        @Override
        public String table() {
            return container;
        }
    }

    /**
     * Answered with Container; ContainerNotFound if no such one is kept, ContainerAlreadyExists, ContainerBeingDeleted of the new name.
     *
     * @param version tells it from others of the same name
     */
    record RestoreContainer(String entityId, String deletedName, String version, String newName, ActorRef<TableDirectoryReply> replyTo)
            implements OfTable {

        @Override
        public String table() {
            return newName;
        }
    }

    /** Begins to end the containers deleted softly whose retention is over by {@code nowMillis}, some hundreds at most. Answered with Done, before that. */
    record PurgeDeleted(String entityId, long nowMillis, ActorRef<TableDirectoryReply> replyTo) implements TableDirectoryRequest {}

    /** Wakes the directory, which then finishes what was interrupted. Answered with Done, before that. */
    record Resume(String entityId, ActorRef<TableDirectoryReply> replyTo) implements TableDirectoryRequest {}

    /** Answered with Done, or with Outdated, and nothing changed, if the properties are not as expected. */
    record SetServiceProperties(String entityId, ServiceProperties expected, ServiceProperties properties, ActorRef<TableDirectoryReply> replyTo)
            implements TableDirectoryRequest {}

    /**
     * Answered with Ranges, those from the one that holds {@code from} on.
     *
     * @param number the table's
     */
    record DescribeRanges(String entityId, long number, byte[] from, ActorRef<TableDirectoryReply> replyTo)
            implements TableDirectoryRequest {}
}
