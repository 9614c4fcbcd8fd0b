package io.lazuli.storage.journal;

import com.typesafe.config.Config;
import io.lazuli.storage.model.PartitionId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import scala.Option;
import scala.concurrent.Future;

/**
 * The Pekko Persistence snapshot store on the replicated store; Pekko creates it from {@code lazuli.journal.snapshots}, one
 * per node. A persistence id's snapshots live in the partition of its events and are written under the same epoch, so a
 * replaced writer can neither overwrite nor delete them.
 *
 * <p>Loading is the first thing a recovery does, so it claims the epoch: nothing that this snapshot needs can be deleted by a
 * predecessor between here and the replay. It keeps no state of its own; {@link SnapshotRows} does the work.
 */
public final class RowSnapshotStore extends SnapshotStore {

    private final ActorSystem system = context().system();
    private final JournalStore store = JournalStore.get(Adapter.toTyped(system));
    private final Executor executor = context().dispatcher();
    private final Payloads payloads = new Payloads(system);
    private final SnapshotRows snapshots = new SnapshotRows(store, executor);

    public RowSnapshotStore(Config config) {}

    @Override
    public Future<Optional<SelectedSnapshot>> doLoadAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return Stages.toFuture(snapshots.load(PersistencePartition.of(persistenceId), selectionOf(criteria)).thenApplyAsync(
                found -> found.map(snapshot -> toSelected(persistenceId, snapshot)), executor));
    }

    @Override
    public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
        PartitionId partition = PersistencePartition.of(metadata.persistenceId());
        try {
            Optional<StoredPayload> stored =
                    metadata.metadata().isDefined() ? Optional.of(payloads.write(metadata.metadata().get())) : Optional.empty();
            return Stages.toFuture(snapshots.save(
                    partition, metadata.sequenceNr(), metadata.timestamp(), payloads.write(snapshot), stored));
        } catch (Exception e) {
            return Stages.toFuture(CompletableFuture.failedFuture(e));
        }
    }

    @Override
    public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
        SnapshotRows.Selection one =
                new SnapshotRows.Selection(metadata.sequenceNr(), metadata.sequenceNr(), Long.MIN_VALUE, Long.MAX_VALUE);
        return Stages.toFuture(snapshots.delete(PersistencePartition.of(metadata.persistenceId()), one));
    }

    @Override
    public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return Stages.toFuture(snapshots.delete(PersistencePartition.of(persistenceId), selectionOf(criteria)));
    }

    private static SnapshotRows.Selection selectionOf(SnapshotSelectionCriteria criteria) {
        return new SnapshotRows.Selection(
                criteria.minSequenceNr(), criteria.maxSequenceNr(), criteria.minTimestamp(), criteria.maxTimestamp());
    }

    private SelectedSnapshot toSelected(String persistenceId, SnapshotRows.Found found) {
        StoredSnapshot stored = found.stored();
        Option<Object> metadata = Option.apply(stored.metadata().map(payloads::read).orElse(null));
        Object snapshot = payloads.read(new StoredPayload(stored.serializerId(), stored.manifest(), found.data()));
        return SelectedSnapshot.create(
                SnapshotMetadata.apply(persistenceId, found.sequenceNr(), stored.timestampMillis(), metadata), snapshot);
    }
}
