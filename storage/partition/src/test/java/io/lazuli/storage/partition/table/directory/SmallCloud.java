package io.lazuli.storage.partition.table.directory;

import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.SettingsReader;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.MemoryRowStore;
import io.lazuli.storage.partition.table.EntityLogic;
import io.lazuli.storage.partition.table.RangeCommand;
import io.lazuli.storage.partition.table.RangePartition;
import io.lazuli.storage.partition.table.RangeReport;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.partition.table.RangeSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One account's table directory and its ranges, real ones, without a cluster, over rows in memory; the directory's actor can be made
 * to die just before or just after it tells a range something, and another one opens at once.
 */
final class SmallCloud {

    static final PartitionId DIRECTORY = DirectoryKind.TABLES.directoryOf("account");
    private static final SettingsReader SETTINGS = new SettingsReader(ConfigFactory.parseString("""
            table { report-interval = 100ms, tick-interval = 10ms, min-restart-backoff = 10ms, max-restart-backoff = 20ms, page-rows = 7 }
            table-directory { check-interval = 10ms, range-timeout = 1s, move-timeout = 5s, split-bytes = 64 KiB, split-operations-per-second = 1000000,
              merge-after = 300ms,
              move-again-after = 300ms, min-restart-backoff = 10ms, max-restart-backoff = 20ms }
            """).atPath("lazuli.partition").withFallback(ConfigFactory.load())).under("lazuli.partition");

    private sealed interface Host {

        record Tell(TableDirectoryMessage message) implements Host {}

        enum Die implements Host {
            DIE
        }
    }

    final MemoryRowStore store = new MemoryRowStore();
    final ActorRef<RangeRequest> ranges;
    /** What the directory tells ranges comes by here. */
    private final ActorRef<RangeRequest> orders;
    private final ActorRef<Host> host;
    private final AtomicInteger ordersUntilDeath = new AtomicInteger(-1);
    private volatile boolean diesBefore;

    SmallCloud(ActorTestKit kit) {
        ranges = kit.spawn(router());
        orders = kit.spawn(Behaviors.receiveMessage(this::ordered));
        host = kit.spawn(host());
    }

    /** The actor dies when it tells a range something for the {@code order}-th time from now, before that arrives or after. */
    void dieAtOrder(int order, boolean before) {
        diesBefore = before;
        ordersUntilDeath.set(order);
    }

    void tell(TableDirectoryMessage message) {
        host.tell(new Host.Tell(message));
    }

    private Behavior<RangeRequest> ordered(RangeRequest order) {
        boolean dies = ordersUntilDeath.decrementAndGet() == 0;
        if (dies) {
            host.tell(Host.Die.DIE);
        }
        if (!dies || !diesBefore) {
            ranges.tell(order);
        }
        return Behaviors.same();
    }

    private Behavior<RangeRequest> router() {
        Map<String, ActorRef<RangeCommand>> actors = new HashMap<>();
        RangePartition.Needs needs = new RangePartition.Needs(store, new EntityLogic(), RangeSettings.of(SETTINGS.under("table")), Clock.system(), this::reported);
        return Behaviors.setup(context -> Behaviors.receiveMessage(request -> {
            actors.computeIfAbsent(request.entityId(), id ->
                    context.spawnAnonymous(RangePartition.create(PartitionId.parse(id), needs, Optional.empty()))).tell(request);
            return Behaviors.same();
        }));
    }

    private void reported(RangeReport report) {
        tell(new TableDirectoryMessage.Report(DIRECTORY.toString(), report));
    }

    private Behavior<Host> host() {
        TableDirectory.Needs needs = new TableDirectory.Needs(store, orders, () -> new TreeSet<>(Set.of(0, 1)),
                TableDirectorySettings.of(SETTINGS.under("table-directory"), 10_000), Clock.system());
        return Behaviors.setup(context -> serving(context.spawnAnonymous(TableDirectory.create(DIRECTORY, needs, Optional.empty())), needs));
    }

    private Behavior<Host> serving(ActorRef<TableDirectoryCommand> directory, TableDirectory.Needs needs) {
        return Behaviors.receive((context, message) -> {
            if (message instanceof Host.Tell tell) {
                directory.tell(tell.message());
                return Behaviors.same();
            }
            context.stop(directory);
            return serving(context.spawnAnonymous(TableDirectory.create(DIRECTORY, needs, Optional.empty())), needs);
        });
    }
}
