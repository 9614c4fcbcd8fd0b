package io.lazuli.node;

import com.typesafe.config.Config;
import io.lazuli.admin.ManagedCloud;
import io.lazuli.fabric.Fabric;
import io.lazuli.fabric.FabricService;
import io.lazuli.fabric.FabricSettings;
import io.lazuli.fabric.account.AccountKeyCache;
import io.lazuli.fabric.account.AccountSettings;
import io.lazuli.fabric.account.Accounts;
import io.lazuli.host.HostSettings;
import io.lazuli.host.NodeAgent;
import io.lazuli.host.NodeAgentProtocol;
import io.lazuli.host.PackageSource;
import io.lazuli.host.StorageAccess;
import io.lazuli.kernel.Asking;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.MemberFacts;
import io.lazuli.security.ConfiguredAccounts;
import io.lazuli.security.ConnectionString;
import io.lazuli.storage.journal.JournalStore;
import io.lazuli.storage.chunk.ChunkNode;
import io.lazuli.storage.chunk.ChunkSettings;
import io.lazuli.storage.chunk.Chunks;
import io.lazuli.storage.chunk.local.DiskChunks;
import io.lazuli.storage.partition.PartitionSettings;
import io.lazuli.storage.partition.Partitions;
import io.lazuli.storage.store.StoreNode;
import io.lazuli.storage.store.StoreSettings;
import io.lazuli.storage.store.Stores;
import io.lazuli.storage.store.raft.RaftHost;
import io.lazuli.storage.store.raft.RaftSettings;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a node's parts in the order in which they need each other: replicas, actor system and membership, store,
 * journal, partitions, fabric, accounts, node agent, front ends. What was started is ended again if a later part fails.
 */
final class NodeStart {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStart.class);
    /** Packages that move to or from the store at one time; further ones wait. */
    private static final int PACKAGE_TRANSFERS = 2;
    private static final Duration SPAWN_TIMEOUT = Duration.ofSeconds(10);
    /** Ends before Pekko's phase {@code before-service-unbind} does. */
    private static final Duration STOP_INSTANCES_TIMEOUT = Duration.ofSeconds(9);

    private final Config config;
    private final NodeSettings settings;
    private final NodeDirectory directory;
    private final Joining joining;
    private final MemberFacts facts;
    private final ConfiguredAccounts accounts;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    NodeStart(Config config, NodeSettings settings, NodeDirectory directory, Joining joining) {
        this.config = config;
        this.settings = settings;
        this.directory = directory;
        this.joining = joining;
        this.facts = new MemberFacts(
                directory.id(), settings.roles(),
                settings.isStorage() ? Optional.of(raftAddress().toString()) : Optional.empty(),
                settings.isStorage() ? Optional.of(new HostPort(settings.host(), settings.ports().chunk()).toString()) : Optional.empty(),
                settings.configuredFaultDomain().isEmpty() ? directory.id().value() : settings.configuredFaultDomain());
        this.accounts = ConfiguredAccounts.of(config);
    }

    Node run() {
        try {
            return start();
        } catch (RuntimeException e) {
            closeStarted();
            throw e;
        }
    }

    private Node start() {
        LOG.info("node {} of cloud {} starts in {}", directory.id(), settings.cloudName(), directory.root());
        Optional<StoreNode> storeNode = settings.isStorage() ? Optional.of(openReplicas()) : Optional.empty();
        ChunkSettings chunkSettings = ChunkSettings.of(config);
        Optional<ChunkNode> chunkNode = settings.isStorage() ? Optional.of(openChunks(chunkSettings)) : Optional.empty();
        ActorSystem<NodeGuardian.Spawn<?>> system = createSystem();
        Node node = new Node(system, this::closeStarted);
        started.push(node::leaveAndAwait);
        List<Address> seeds = joining.seeds().stream()
                .map(seed -> new Address("pekko", system.name(), seed.host(), seed.port()))
                .toList();
        Cluster.get(system).manager().tell(new JoinSeedNodes(seeds));
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());

        ActorRef<Roster.Command> roster = spawn(system, Roster.create(card()), "roster", DispatcherSelector.defaultDispatcher());
        spawn(system, MemberMemory.create(directory), "members", DispatcherSelector.blocking());
        StoreSettings storeSettings = StoreSettings.of(config);
        Stores stores = Stores.start(
                system, storeSettings, storeNode, () -> chunkNode.map(ChunkNode::wholeGroups).orElse(Map.of()));
        JournalStore.get(system).provide(stores.rowStore());
        Chunks chunks = Chunks.start(system, chunkSettings, settings.cloudName(), facts.node(), stores.leaderBoard(), chunkNode);
        Web web = Web.start(config, settings);
        started.push(web);
        Partitions.Services services = Partitions.start(
                system, stores.rowStore(), stores.leaderBoard(), chunks.store(), web.copySources(), PartitionSettings.of(config), Clock.system());
        ExecutorService transfers = Executors.newFixedThreadPool(PACKAGE_TRANSFERS, Thread.ofPlatform().daemon().name("package-transfer-", 1).factory());
        started.push(transfers::shutdownNow);
        PackageSource packages = new StoredPackages(stores.rowStore(), directory.host().resolve("packages"), transfers);
        FabricService fabric = Fabric.start(system, FabricSettings.of(config), packages, Clock.system(), blocking);
        Accounts cloudAccounts = Accounts.start(
                system, AccountSettings.of(config), accounts.names(), new StoredAccountData(services),
                Clock.system(), new SecureRandom());
        services.blobUpkeep().start(chunks.upkeep());
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        if (settings.isCompute()) {
            ActorRef<NodeAgentProtocol.Command> agent =
                    spawn(system, agent(packages), "agent", DispatcherSelector.defaultDispatcher());
            shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "instances", () -> done(
                    Asking.<NodeAgentProtocol.Command, Done>ask(agent, NodeAgent.StopAll::new, STOP_INSTANCES_TIMEOUT, system)));
        }
        if (settings.isEdge()) {
            AccountKeyCache cache = cloudAccounts.newCache();
            spawn(system, cloudAccounts.feed(facts.node(), cache), "account-keys", DispatcherSelector.defaultDispatcher());
            CloudAccounts all = new CloudAccounts(accounts, cache, cloudAccounts.service(), services.blobs()::findImmutable);
            String home = accounts.home().account();
            ClusterView view = new ClusterView(
                    system, settings, roster, stores, storeSettings.maxGroups(), services.queues(), home, fabric, all::areKnown);
            FrontEnds frontEnds = FrontEnds.start(web, config, settings, services, all, new ManagedCloud(
                    view, fabric, new AccountQueues(services.queues(), home), all,
                    new TablePartitions(services.tables(), all, stores.leaderBoard()),
                    new StoredChunks(chunks.upkeep()), new AccountBlobSettings(services.blobs(), all)));
            shutdown.addTask(CoordinatedShutdown.PhaseServiceUnbind(), "front-ends", () -> done(frontEnds.stop()));
        }
        storeNode.ifPresent(replicas -> shutdown.addTask(
                CoordinatedShutdown.PhaseBeforeClusterShutdown(), "hand-over-leadership", () -> done(replicas.prepareLeave())));
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "store", () -> {
            chunks.close();
            stores.close();
            return done(CompletableFuture.completedFuture(null));
        });
        LOG.info("node {} has started; it joins by way of {}", directory.id(), joining.seeds());
        return node;
    }

    private StoreNode openReplicas() {
        try {
            RaftSettings raftSettings = RaftSettings.of(config, settings.cloudName(), settings.host(), settings.ports().raft());
            RaftHost raft = RaftHost.start(raftSettings);
            started.push(raft);
            HostPort self = settings.clusterAddress();
            boolean form = joining.seeds().equals(List.of(self)) && directory.members().stream().allMatch(self::equals);
            StoreNode replicas = StoreNode.start(
                    StoreSettings.of(config), directory.id(), raftAddress().toString(), directory.store(), form, raft::open);
            started.push(replicas);
            return replicas;
        } catch (IOException e) {
            throw new NodeStartException("cannot open the store in " + directory.store() + " on port " + settings.ports().raft()
                    + ": " + e.getMessage());
        }
    }

    private ChunkNode openChunks(ChunkSettings chunkSettings) {
        try {
            ChunkNode chunks = ChunkNode.start(
                    chunkSettings, settings.cloudName(), directory.id(), settings.host(), settings.ports().chunk(),
                    DiskChunks.open(directory.chunks(), chunkSettings.local(), Clock.system()), Clock.system());
            started.push(chunks);
            return chunks;
        } catch (IOException e) {
            throw new NodeStartException("cannot open the chunks in " + directory.chunks() + " on port " + settings.ports().chunk()
                    + ": " + e.getMessage());
        }
    }

    private ActorSystem<NodeGuardian.Spawn<?>> createSystem() {
        try {
            return ActorSystem.create(
                    NodeGuardian.create(), "lazuli-" + settings.cloudName(), ClusterConfig.of(settings, facts, joining, config));
        } catch (RuntimeException e) {
            if (NodeStartException.rootOf(e) instanceof java.net.BindException bind) {
                throw new NodeStartException("cannot bind the cluster address " + settings.clusterAddress() + ": " + bind.getMessage());
            }
            throw e;
        }
    }

    private Behavior<NodeAgentProtocol.Command> agent(PackageSource packages) {
        return NodeAgent.create(HostSettings.of(config), facts.node(), facts.faultDomain(), directory.root(), packages, storageAccess());
    }

    private StorageAccess storageAccess() {
        ConfiguredAccounts.Credential home = accounts.home();
        List<ConnectionString> connections = settings.roleQueueEndpoints().stream()
                .map(endpoint -> ConnectionString.ofQueue(home.account(), home.key(), endpoint.host(), endpoint.port()))
                .toList();
        ConnectionString first = connections.getFirst();
        ConnectionString tables = settings.roleTableEndpoint().map(endpoint -> first.withTables(endpoint.host(), endpoint.port())).orElse(first);
        String text = settings.roleBlobEndpoint().map(endpoint -> tables.withBlobs(endpoint.host(), endpoint.port())).orElse(tables).text();
        return new StorageAccess(
                text, connections.stream().map(connection -> connection.queueEndpoint().orElseThrow()).toList(),
                home.account(), home.key());
    }

    private Roster.NodeCard card() {
        Map<String, String> endpoints = new TreeMap<>();
        endpoints.put("cluster", settings.clusterAddress().toString());
        facts.raftAddress().ifPresent(address -> endpoints.put("raft", address));
        facts.chunkAddress().ifPresent(address -> endpoints.put("chunk", address));
        if (settings.isEdge()) {
            endpoints.put("blob", "http://" + new HostPort(settings.host(), settings.ports().blob()));
            endpoints.put("queue", "http://" + new HostPort(settings.host(), settings.ports().queue()));
            endpoints.put("table", "http://" + new HostPort(settings.host(), settings.ports().table()));
            endpoints.put("admin", "http://" + new HostPort(settings.host(), settings.ports().admin()));
        }
        return new Roster.NodeCard(
                facts.node(), ProcessHandle.current().pid(), System.currentTimeMillis(), settings.clusterAddress().toString(),
                Set.copyOf(settings.roles()), facts.faultDomain(), endpoints);
    }

    private HostPort raftAddress() {
        return new HostPort(settings.host(), settings.ports().raft());
    }

    private static <T> ActorRef<T> spawn(
            ActorSystem<NodeGuardian.Spawn<?>> system, Behavior<T> behavior, String name, DispatcherSelector dispatcher) {
        CompletionStage<ActorRef<T>> spawned = Asking.<NodeGuardian.Spawn<?>, ActorRef<T>>ask(
                system, replyTo -> new NodeGuardian.Spawn<>(behavior, name, dispatcher, replyTo), SPAWN_TIMEOUT, system);
        return await(spawned, SPAWN_TIMEOUT.toMillis(), "the actor " + name);
    }

    static <T> T await(CompletionStage<T> stage, long timeoutMillis, String what) {
        try {
            return stage.toCompletableFuture().get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeStartException("interrupted while starting " + what);
        } catch (ExecutionException e) {
            throw new NodeStartException("cannot start " + what + ": " + NodeStartException.rootOf(e).getMessage());
        } catch (TimeoutException e) {
            throw new NodeStartException(what + " did not start within " + timeoutMillis + " ms");
        }
    }

    private static CompletionStage<Done> done(CompletionStage<?> stage) {
        return stage.handle((value, failure) -> {
            if (failure != null) {
                LOG.warn("a part of the node did not end in order", failure);
            }
            return Done.getInstance();
        });
    }

    private void closeStarted() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                LOG.warn("a part of the node did not close", e);
            }
        }
    }
}
