package io.lazuli.storage.store.raft;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * One replica of one Raft group, whatever library is behind it. Entries are opaque bytes that the
 * {@link RaftStateMachine} applies in the same order on every replica.
 *
 * <p>Stages complete on a thread of the library; dependents must be short.
 */
public interface RaftGroup extends AutoCloseable {

    int group();

    /**
     * Appends an entry at the leader. Completes, after the entry is fsynced on a majority and applied here, with the
     * index and what the state machine answered. Fails with {@link NotLeaderException} if this replica does not lead
     * (nothing was appended) or {@link RaftException} (outcome unknown, unless it says otherwise).
     *
     * @param entry at most {@link RaftSettings#maxEntryBytes}; given away
     */
    CompletionStage<Applied> submit(byte[] entry);

    /**
     * Linearizable read barrier (read index, one round for all who wait); works on followers too. Completes with an index
     * that this replica has applied, so that a read of its state from now on sees all that was acknowledged before the
     * call. The index may be that of an entry without data, which {@link RaftStateMachine#appliedIndex} never reaches.
     * Fails with {@link RaftException} when no quorum confirmed it in time.
     */
    CompletionStage<Long> readBarrier();

    RaftStatus status();

    /** Adds a voter that starts empty; completes when it has caught up and the change is committed. One change at a time. */
    CompletionStage<Void> addPeer(RaftPeer peer);

    CompletionStage<Void> removePeer(RaftPeer peer);

    /** Asks {@code peer} to lead; completes when this replica has handed over, fails if it does not lead. */
    CompletionStage<Void> transferLeadership(RaftPeer peer);

    /** Takes a snapshot now and purges the log behind the one before. */
    CompletionStage<Void> snapshot();

    @Override
    void close();

    /** @param result what the state machine returned for the entry */
    record Applied(long index, byte[] result) {}

    /** A replica's address on the Raft port, {@code host:port}. */
    record RaftPeer(String address) {}

    /**
     * @param leader the leader as this replica knows it, or null
     * @param peers the voters of the newest configuration; on the leader that began to change them, the former ones until the change is done, because
     *     the group needs a majority of those, too, so long. A leader that ends what another began tells the new ones from its beginning on
     * @param peerLags entries that each voter is behind the leader's last log index; only the leader knows it, else empty
     * @param failure why this replica has stopped until a restart, or null while it is in service
     */
    record RaftStatus(
            int group, boolean leading, long term, RaftPeer leader, List<RaftPeer> peers,
            long appliedIndex, long lastLogIndex, List<PeerLag> peerLags, String failure) {}

    record PeerLag(RaftPeer peer, long lagEntries, boolean alive) {}
}
