package io.lazuli.storage.partition;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.store.LeaderBoard;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.sharding.ShardCoordinator;
import org.apache.pekko.dispatch.Futures;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;

/**
 * Places shard <em>k</em> on the node that leads Raft group <em>k</em>, so that a partition's commits start in-process, and
 * moves it after the leadership. Where the leader is unknown or hosts no shards, the shard goes to (or stays at) any node:
 * the store reaches the leader from everywhere, only slower.
 *
 * <p>A shard follows its leader only after the leadership has been elsewhere for {@link #SETTLE_MILLIS}, and never from a node
 * that is unreachable. Raft notices the death of a node before the cluster does; a move that begins in between would ask the
 * dead node to hand the shard over and wait for the whole hand-off timeout, while its removal frees the shard much sooner.
 */
final class LeaderAllocation extends ShardCoordinator.AbstractShardAllocationStrategy {

    /** Longer than the failure detector needs to call a dead node unreachable. */
    static final long SETTLE_MILLIS = 3_000;

    private final LeaderBoard leaders;
    private final Address self;
    private final Supplier<Set<Address>> unreachable;
    private final Clock clock;
    /** Since when a shard has been seen elsewhere than at its leader; touched by the coordinator alone. */
    private final Map<String, Long> misplacedSinceMillis = new HashMap<>();

    /**
     * @param self this node's address, which region references of this node leave out
     * @param unreachable addresses of the members that are unreachable now
     */
    LeaderAllocation(LeaderBoard leaders, Address self, Supplier<Set<Address>> unreachable, Clock clock) {
        this.leaders = leaders;
        this.self = self;
        this.unreachable = unreachable;
        this.clock = clock;
    }

    @Override
    public Future<ActorRef> allocateShard(ActorRef requester, String shardId, Map<ActorRef, IndexedSeq<String>> shardsByRegion) {
        ActorRef region = leaderRegion(shardId, shardsByRegion.keySet()).orElseGet(() -> shardsByRegion.entrySet().stream()
                .min(Comparator.comparingInt(entry -> entry.getValue().size()))
                .map(Map.Entry::getKey).orElse(requester));
        return Futures.successful(region);
    }

    @Override
    public Future<Set<String>> rebalance(Map<ActorRef, IndexedSeq<String>> shardsByRegion, Set<String> rebalanceInProgress) {
        Set<Address> gone = unreachable.get();
        Set<String> misplaced = new HashSet<>();
        shardsByRegion.forEach((region, shards) -> {
            for (int i = 0; i < shards.size() && !gone.contains(addressOf(region)); i++) {
                String shardId = shards.apply(i);
                boolean elsewhere = leaderRegion(shardId, shardsByRegion.keySet()).filter(leader -> !leader.equals(region)).isPresent();
                if (elsewhere && !rebalanceInProgress.contains(shardId)) {
                    misplaced.add(shardId);
                }
            }
        });
        long nowMillis = clock.nanos() / 1_000_000;
        misplacedSinceMillis.keySet().retainAll(misplaced);
        misplaced.forEach(shardId -> misplacedSinceMillis.putIfAbsent(shardId, nowMillis));
        misplaced.removeIf(shardId -> nowMillis - misplacedSinceMillis.get(shardId) < SETTLE_MILLIS);
        return Futures.successful(misplaced);
    }

    private Optional<ActorRef> leaderRegion(String shardId, Set<ActorRef> regions) {
        return leaders.leaderOf(Integer.parseInt(shardId)).flatMap(leader -> regions.stream()
                .filter(region -> addressOf(region).equals(leader.member().address()))
                .findAny());
    }

    private Address addressOf(ActorRef region) {
        Address address = region.path().address();
        return address.hasLocalScope() ? self : address;
    }
}
