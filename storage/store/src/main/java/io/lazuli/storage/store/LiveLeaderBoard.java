package io.lazuli.storage.store;

import io.lazuli.kernel.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/** The {@link LeaderBoard} that {@link LeaderBoardActor} fills: an immutable picture, exchanged whole with each change. */
final class LiveLeaderBoard implements LeaderBoard {

    private static final Picture EMPTY = new Picture(Map.of(), Map.of(), Map.of(), Map.of(), Collections.emptySortedSet());

    private final CopyOnWriteArrayList<Consumer<Leader>> listeners = new CopyOnWriteArrayList<>();
    private volatile Picture picture = EMPTY;

    /** @param access how to call the leader, of no use on the leader itself */
    record Entry(Leader leader, GroupAccess access) {}

    private record Picture(
            Map<Integer, Entry> leaders, Map<Integer, Replicas> replicas, Map<NodeId, ActorRef<StoreKeeper.Command>> keepers,
            Map<NodeId, Map<Integer, Set<NodeId>>> whole, SortedSet<Integer> groups) {}

    @Override
    public Optional<Leader> leaderOf(int group) {
        return entryOf(group).map(Entry::leader);
    }

    @Override
    public Optional<Replicas> replicasOf(int group) {
        return Optional.ofNullable(picture.replicas().get(group));
    }

    @Override
    public SortedSet<Integer> groups() {
        return picture.groups();
    }

    @Override
    public Subscription onChange(Consumer<Leader> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    Optional<Entry> entryOf(int group) {
        return Optional.ofNullable(picture.leaders().get(group));
    }

    /** Of the storage node as last heard, this node's own included. */
    Optional<ActorRef<StoreKeeper.Command>> keeperOf(NodeId node) {
        return Optional.ofNullable(picture.keepers().get(node));
    }

    /** By storage node and group that it has all bytes of, the nodes that it has compared with; as last heard. */
    Map<NodeId, Map<Integer, Set<NodeId>>> whole() {
        return picture.whole();
    }

    /** How many groups each node leads; nodes that lead none are absent. */
    SortedMap<NodeId, Integer> leaderships() {
        SortedMap<NodeId, Integer> counts = new TreeMap<>();
        picture.leaders().values().forEach(entry -> counts.merge(entry.leader().node(), 1, Integer::sum));
        return counts;
    }

    /** A group that is complete, whether or not its leader has been heard of yet. */
    synchronized void learnGroup(int group) {
        SortedSet<Integer> known = new TreeSet<>(picture.groups());
        known.add(group);
        picture = new Picture(picture.leaders(), picture.replicas(), picture.keepers(), picture.whole(), Collections.unmodifiableSortedSet(known));
    }

    /** @param voted the voters of the groups that the node leads
     * @param wholeNow see {@link #whole} */
    synchronized void heard(
            NodeId node, ActorRef<StoreKeeper.Command> keeper, List<Entry> led, List<Replicas> voted, Map<Integer, Set<NodeId>> wholeNow,
            Collection<Integer> groups) {
        Picture old = picture;
        Map<Integer, Entry> leaders = new TreeMap<>(old.leaders());
        Map<Integer, Replicas> replicas = new TreeMap<>(old.replicas());
        Map<NodeId, ActorRef<StoreKeeper.Command>> keepers = new TreeMap<>(old.keepers());
        SortedSet<Integer> known = new TreeSet<>(old.groups());
        Map<NodeId, Map<Integer, Set<NodeId>>> whole = new TreeMap<>(old.whole());
        keepers.put(node, keeper);
        whole.put(node, Map.copyOf(wholeNow));
        known.addAll(groups);
        List<Leader> changes = new ArrayList<>();
        for (Entry entry : led) {
            Leader leader = entry.leader();
            known.add(leader.group());
            Entry before = leaders.get(leader.group());
            if (before == null || before.leader().term() < leader.term()) {
                leaders.put(leader.group(), entry);
                changes.add(leader);
            }
        }
        for (Replicas heard : voted) {
            replicas.merge(heard.group(), heard, (before, now) -> before.term() <= now.term() ? now : before);
        }
        picture = new Picture(Map.copyOf(leaders), Map.copyOf(replicas), Map.copyOf(keepers), Map.copyOf(whole), Collections.unmodifiableSortedSet(known));
        changes.forEach(leader -> listeners.forEach(listener -> listener.accept(leader)));
    }
}
