package io.lazuli.storage.partition.table.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerDecisions;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.ContainerState.PublicAccess;
import io.lazuli.storage.partition.table.directory.TableEntry.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a directory that has just begun to serve says of containers that a former owner had begun to delete, before it has gone on with that. */
class ContainerPlanTest {

    private static final long NOW_MILLIS = 1_700_000_000_000L;
    private static final ContainerState MADE =
            ContainerDecisions.created("pictures", 7, new ContainerCommand.Create(Map.of(), PublicAccess.NONE), NOW_MILLIS);
    private static final ContainerState MARKED = assertInstanceOf(ContainerDecisions.Outcome.Changed.class,
            ContainerDecisions.decide(MADE, new ContainerCommand.MarkImmutability(7), NOW_MILLIS)).state();

    /** Its deletion may yet be refused: a client that repeats its request must not take it for gone. */
    @Test
    void containerWhoseDeletionIsUndecidedIsNotSaidToBeGone() {
        for (State state : List.of(State.CLOSING, State.REOPENING)) {
            for (ContainerCommand command : List.of(new ContainerCommand.Delete(BlobConditions.NONE, 0),
                    new ContainerCommand.SetMetadata(Map.of(), BlobConditions.NONE), new ContainerCommand.MarkImmutability(7))) {
                assertEquals(TablePlan.refuse(StorageErrorCode.SERVER_BUSY), planOf(new TableEntry(state, MARKED), command));
            }
        }
    }

    @Test
    void containerThatIsBeingDeletedIsGone() {
        ContainerCommand delete = new ContainerCommand.Delete(BlobConditions.NONE, 0);
        for (State state : List.of(State.CLOSING, State.DELETING)) {
            assertEquals(TablePlan.refuse(StorageErrorCode.CONTAINER_NOT_FOUND), planOf(new TableEntry(state, MADE), delete));
        }
        assertEquals(TablePlan.refuse(StorageErrorCode.CONTAINER_NOT_FOUND), planOf(new TableEntry(State.DELETING, MARKED), delete));
    }

    private static TablePlan planOf(TableEntry entry, ContainerCommand command) {
        return ContainerPlan.change(
                Optional.of(entry), entry.name(), command, new ContainerPlan.Place("account", 8, 0), NOW_MILLIS);
    }
}
