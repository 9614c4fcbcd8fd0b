package io.lazuli.storage.partition;

import io.lazuli.kernel.NodeId;
import io.lazuli.storage.store.LeaderBoard;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.UniqueAddress;

/** A {@link LeaderBoard} that knows what the test tells it. */
final class FixedLeaders implements LeaderBoard {

    private final Map<Integer, Leader> leaders = new TreeMap<>();

    void lead(int group, Address address) {
        leaders.put(group, new Leader(group, 1, new NodeId("node-1"), new UniqueAddress(address, 1)));
    }

    @Override
    public Optional<Leader> leaderOf(int group) {
        return Optional.ofNullable(leaders.get(group));
    }

    @Override
    public Optional<Replicas> replicasOf(int group) {
        return leaderOf(group).map(leader -> new Replicas(group, leader.term(), 1, List.of(leader.node())));
    }

    @Override
    public SortedSet<Integer> groups() {
        return new TreeSet<>(leaders.keySet());
    }

    @Override
    public Subscription onChange(Consumer<Leader> listener) {
        return () -> { };
    }
}
