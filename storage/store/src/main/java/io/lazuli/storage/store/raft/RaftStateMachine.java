package io.lazuli.storage.store.raft;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What a group replicates. All methods except {@link #appliedIndex} are called by one thread of the group at a time.
 * An exception from {@link #apply} stops the replica: it must be thrown only where going on would corrupt data.
 */
public interface RaftStateMachine {

    /** The index whose effects are durable together with the data; entries at or below it are not applied again. */
    long appliedIndex();

    /** Applies one entry and returns its answer for the submitter (never null). */
    byte[] apply(long index, ByteBuffer entry);

    /** Called after a run of {@link #apply} calls, before their submitters are answered: the place to write what was gathered. */
    void flushApplied();

    /** Writes a whole, fsynced copy of the state, with its applied index, into the existing empty directory. */
    void saveSnapshot(Path directory) throws java.io.IOException;

    /** Replaces the state by a copy made by {@link #saveSnapshot}; the old state stays whole until the new one is. */
    void loadSnapshot(Path directory) throws java.io.IOException;

    /** This replica has begun ({@code true}) or ceased to lead; entries of earlier terms are applied before it begins. */
    void onLeadership(boolean leading, long term);
}
