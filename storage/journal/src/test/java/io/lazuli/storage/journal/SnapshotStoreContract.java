package io.lazuli.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.DeleteSnapshotSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol.DeleteSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.DeleteSnapshots;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotResult;
import org.apache.pekko.persistence.SnapshotProtocol.SaveSnapshot;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.Option;

/** What Pekko Persistence demands of a snapshot store, all optional capabilities included. Each test finds snapshots 11 to 15. */
abstract class SnapshotStoreContract {

    private final String pid = "contract-" + UUID.randomUUID();
    private TestKit sender;
    private List<SnapshotMetadata> saved;

    protected abstract ActorSystem system();

    protected abstract ActorRef snapshotStore();

    @BeforeEach
    void saveFiveSnapshots() {
        sender = new TestKit(system());
        saved = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            saved.add(save(new SnapshotMetadata(pid, i + 10, 0), "s-" + i));
        }
    }

    @Test
    void unknownPersistenceIdHasNoSnapshot() {
        tell(new LoadSnapshot("unknown-" + pid, SnapshotSelectionCriteria.latest(), Long.MAX_VALUE));
        assertEquals(new LoadSnapshotResult(Option.empty(), Long.MAX_VALUE), sender.expectMsgClass(LoadSnapshotResult.class));
    }

    @Test
    void criteriaThatMatchNothingLoadNothing() {
        expectNone(SnapshotSelectionCriteria.create(Long.MAX_VALUE, 100), Long.MAX_VALUE);
        expectNone(SnapshotSelectionCriteria.create(7, Long.MAX_VALUE), Long.MAX_VALUE);
        expectNone(SnapshotSelectionCriteria.latest(), 7);
        expectNone(SnapshotSelectionCriteria.create(Long.MAX_VALUE, Long.MAX_VALUE, 16, 0), Long.MAX_VALUE);
        expectNone(SnapshotSelectionCriteria.create(Long.MAX_VALUE, Long.MAX_VALUE, 0, Long.MAX_VALUE), Long.MAX_VALUE);
        expectNone(SnapshotSelectionCriteria.none(), Long.MAX_VALUE);
    }

    @Test
    void newestMatchingSnapshotIsLoaded() {
        expectSnapshot(5, SnapshotSelectionCriteria.latest(), Long.MAX_VALUE);
        expectSnapshot(3, SnapshotSelectionCriteria.create(13, Long.MAX_VALUE), Long.MAX_VALUE);
        expectSnapshot(3, SnapshotSelectionCriteria.latest(), 13);
        expectSnapshot(3, SnapshotSelectionCriteria.create(13, saved.get(2).timestamp()), Long.MAX_VALUE);
        expectSnapshot(3, SnapshotSelectionCriteria.create(Long.MAX_VALUE, saved.get(2).timestamp()), 13);
        expectSnapshot(5, SnapshotSelectionCriteria.create(Long.MAX_VALUE, Long.MAX_VALUE, 14, 0), Long.MAX_VALUE);
    }

    @Test
    void singleSnapshotIsDeletedBySequenceNumberWhateverItsTimestamp() {
        SnapshotMetadata third = new SnapshotMetadata(pid, 13, 0);
        TestKit published = new TestKit(system());
        system().eventStream().subscribe(published.getRef(), DeleteSnapshot.class);
        tell(new DeleteSnapshot(third));
        published.fishForMessage(published.getRemainingOrDefault(), "the deletion", new DeleteSnapshot(third)::equals);
        sender.expectMsg(new DeleteSnapshotSuccess(third));
        expectSnapshot(2, SnapshotSelectionCriteria.create(13, Long.MAX_VALUE), Long.MAX_VALUE);
        expectSnapshot(5, SnapshotSelectionCriteria.latest(), Long.MAX_VALUE);
    }

    @Test
    void allMatchingSnapshotsAreDeleted() {
        SnapshotSelectionCriteria upToThird = SnapshotSelectionCriteria.create(13, saved.get(2).timestamp());
        TestKit published = new TestKit(system());
        system().eventStream().subscribe(published.getRef(), DeleteSnapshots.class);
        tell(new DeleteSnapshots(pid, upToThird));
        published.fishForMessage(published.getRemainingOrDefault(), "the deletion", new DeleteSnapshots(pid, upToThird)::equals);
        sender.expectMsg(new DeleteSnapshotsSuccess(upToThird));
        expectNone(upToThird, Long.MAX_VALUE);
        expectSnapshot(4, SnapshotSelectionCriteria.create(14, saved.get(3).timestamp()), Long.MAX_VALUE);
    }

    @Test
    void snapshotThatIsTooYoungIsNotDeleted() {
        SnapshotSelectionCriteria older = SnapshotSelectionCriteria.create(14, saved.get(3).timestamp() - 1);
        tell(new DeleteSnapshots(pid, older));
        sender.expectMsg(new DeleteSnapshotsSuccess(older));
        expectSnapshot(4, SnapshotSelectionCriteria.create(14, saved.get(3).timestamp()), Long.MAX_VALUE);
    }

    @Test
    void snapshotWithTheSameSequenceNumberIsReplaced() {
        assertEquals(15, save(saved.get(4), "modified").sequenceNr());
        SelectedSnapshot loaded = load(SnapshotSelectionCriteria.create(15, Long.MAX_VALUE), Long.MAX_VALUE).get();
        assertEquals("modified", loaded.snapshot());
        assertEquals(15, loaded.metadata().sequenceNr());
    }

    @Test
    void bigSnapshotIsSavedAndLoaded() {
        String big = "0123456789".repeat(1000);
        save(new SnapshotMetadata(pid, 100, 0), big);
        assertEquals(big, load(SnapshotSelectionCriteria.latest(), Long.MAX_VALUE).get().snapshot());
    }

    @Test
    void snapshotGoesThroughItsOwnSerializerAndBack() {
        TestEvent snapshot = new TestEvent("state", sender.getRef());
        save(new SnapshotMetadata(pid, 100, 0), snapshot);
        SelectedSnapshot loaded = load(SnapshotSelectionCriteria.latest(), Long.MAX_VALUE).get();
        assertEquals(snapshot, loaded.snapshot());
        assertEquals(100, loaded.metadata().sequenceNr());
    }

    @Test
    void metadataComeBack() {
        save(new SnapshotMetadata(pid, 100, 0).withMetadata("meta"), "state");
        SelectedSnapshot loaded = load(SnapshotSelectionCriteria.latest(), Long.MAX_VALUE).get();
        assertEquals("state", loaded.snapshot());
        assertEquals("meta", loaded.metadata().metadata().get());
    }

    private SnapshotMetadata save(SnapshotMetadata metadata, Object snapshot) {
        tell(new SaveSnapshot(metadata, snapshot));
        return sender.expectMsgClass(SaveSnapshotSuccess.class).metadata();
    }

    private Option<SelectedSnapshot> load(SnapshotSelectionCriteria criteria, long toSequenceNr) {
        tell(new LoadSnapshot(pid, criteria, toSequenceNr));
        LoadSnapshotResult result = sender.expectMsgClass(LoadSnapshotResult.class);
        assertEquals(toSequenceNr, result.toSequenceNr());
        return result.snapshot();
    }

    private void expectNone(SnapshotSelectionCriteria criteria, long toSequenceNr) {
        assertTrue(load(criteria, toSequenceNr).isEmpty(), criteria + " up to " + toSequenceNr);
    }

    private void expectSnapshot(int number, SnapshotSelectionCriteria criteria, long toSequenceNr) {
        SelectedSnapshot loaded = load(criteria, toSequenceNr).get();
        assertEquals("s-" + number, loaded.snapshot());
        assertEquals(saved.get(number - 1), loaded.metadata());
    }

    private void tell(Object request) {
        snapshotStore().tell(request, sender.getRef());
    }
}
