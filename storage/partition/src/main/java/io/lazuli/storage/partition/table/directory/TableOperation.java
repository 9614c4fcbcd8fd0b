package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.OperationLines;
import io.lazuli.storage.partition.blob.ContainerCommand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** One change of a directory's entries that is under way. Owned by the directory's actor ({@link ServingDirectory}). */
final class TableOperation extends OperationLines.Operation<TableDirectoryRequest> {

    /** In the place of an entry's key in operations on the service's properties; no key of an entry is empty. */
    static final String PROPERTIES = "";

    /** Key of the other entry that it is about, empty if there is none. */
    Optional<String> other = Optional.empty();
    /** Not 0 if nobody asked for it but time: when that was. */
    long purgedAtMillis;
    TablePlan plan;
    /** Ranges that have not been told yet; {@code toldRanges} have not answered. */
    final Deque<PartitionId> untoldRanges = new ArrayDeque<>();
    /** To be destroyed when all others are: until then a split that is under way may bring them into being. */
    final List<PartitionId> lastRanges = new ArrayList<>();
    int toldRanges;

    /** @param entryKey or {@link #PROPERTIES}; empty if it is a refusal */
    TableOperation(Optional<TableDirectoryRequest> request, Optional<String> entryKey) {
        super(request, entryKey);
    }

    static TableOperation of(TableDirectoryRequest.OfTable request, DirectoryKind kind) {
        TableOperation operation = new TableOperation(Optional.of(request), Optional.of(kind.keyOf(request.table())));
        if (request instanceof TableDirectoryRequest.RestoreContainer restore) {
            operation.other = Optional.of(deletedKey(restore));
        }
        return operation;
    }

    static boolean isOfContainer(TableDirectoryRequest.OfTable request) {
        return switch (request) {
            case TableDirectoryRequest.ChangeContainer change -> true;
            case TableDirectoryRequest.RestoreContainer restore -> true;
            case TableDirectoryRequest.CreateTable create -> false;
            case TableDirectoryRequest.DeleteTable delete -> false;
            case TableDirectoryRequest.SetAccessPolicies set -> false;
        };
    }

    static String deletedKey(TableDirectoryRequest.RestoreContainer restore) {
        return TableEntry.keyOfDeleted(restore.deletedName(), restore.version());
    }

    boolean deletes() {
        return plan != null
                ? does(TablePlan.Task.Kind.DESTROY)
                : request().orElse(null) instanceof TableDirectoryRequest.DeleteTable;
    }

    boolean does(TablePlan.Task.Kind kind) {
        return plan.task().filter(task -> task.kind() == kind).isPresent();
    }

    /** Whether there will be a table or container of its name. */
    boolean takesName() {
        TableDirectoryRequest asked = request().orElse(null);
        return asked instanceof TableDirectoryRequest.CreateTable || asked instanceof TableDirectoryRequest.RestoreContainer
                || asked instanceof TableDirectoryRequest.ChangeContainer change && change.command() instanceof ContainerCommand.Create;
    }
}
