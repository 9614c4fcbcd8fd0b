package io.lazuli.storage.partition.table.directory;

/** Everything that a {@link TableDirectory} receives. */
public sealed interface TableDirectoryCommand
        permits TableDirectoryMessage, TableDirectoryCommand.Stop, TableDirectory.Internal {

    /** Of the shard: stop. */
    enum Stop implements TableDirectoryCommand {
        STOP
    }
}
