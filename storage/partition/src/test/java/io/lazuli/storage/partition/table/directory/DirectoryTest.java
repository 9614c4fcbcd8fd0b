package io.lazuli.storage.partition.table.directory;

import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.SettingsReader;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.ActorTest;
import io.lazuli.storage.partition.MemoryRowStore;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;

/** Tests of a directory over rows in memory, with groups 0 and 1, whose ranges are the test. */
abstract class DirectoryTest extends ActorTest {

    static final RangeReply DONE = new RangeReply.Done();

    final MemoryRowStore store = new MemoryRowStore();
    /** Directories that readers have found something unfinished in. */
    final List<PartitionId> unfinished = new ArrayList<>();
    final TableDirectoryReader reader;
    TestProbe<TableDirectoryReply> probe;
    TestProbe<RangeRequest> ranges;
    ActorRef<TableDirectoryCommand> directory;
    private final PartitionId id;
    private final TableDirectorySettings settings;

    DirectoryTest(PartitionId id, TableDirectorySettings settings) {
        this.id = id;
        this.settings = settings;
        this.reader = new TableDirectoryReader(DirectoryKind.of(id.kind()), store, unfinished::add);
    }

    /** Those of a directory that looks after its ranges without delay and does not mistake a slow machine for a lost answer. */
    static TableDirectorySettings settings(String more) {
        return TableDirectorySettings.of(new SettingsReader(ConfigFactory.parseString(more)
                .withFallback(ConfigFactory.parseString(
                        "check-interval = 10ms, range-timeout = 1 minute, min-restart-backoff = 10ms, max-restart-backoff = 20ms"))
                .atPath("lazuli.partition.table-directory").withFallback(ConfigFactory.load())).under("lazuli.partition.table-directory"), 60_000);
    }

    Clock clock() {
        return Clock.system();
    }

    /** Whether a container holds an immutable blob. */
    CompletionStage<Boolean> search(String account, long number) {
        throw new AssertionError("container " + number + " of " + account + " is searched");
    }

    @BeforeEach
    void spawnDirectory() {
        probe = kit.createTestProbe();
        ranges = kit.createTestProbe();
        directory = spawn();
    }

    ActorRef<TableDirectoryCommand> spawn() {
        return kit.spawn(TableDirectory.create(
                id, new TableDirectory.Needs(store, ranges.ref(), () -> new TreeSet<>(Set.of(0, 1)), settings, clock(), this::search), Optional.empty()));
    }

    void respawn() {
        directory.tell(TableDirectoryCommand.Stop.STOP);
        probe.expectTerminated(directory);
        probe = kit.createTestProbe();
        directory = spawn();
    }

    TableDirectoryReply ask(TableDirectoryRequest request) {
        directory.tell(request);
        return probe.receiveMessage();
    }

    static TableDirectoryReply refused(StorageErrorCode error) {
        return new TableDirectoryReply.Refused(error);
    }
}
