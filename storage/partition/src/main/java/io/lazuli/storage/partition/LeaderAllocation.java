package io.lazuli.storage.partition;

import io.lazuli.storage.store.LeaderBoard;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 */
final class LeaderAllocation extends ShardCoordinator.AbstractShardAllocationStrategy {

    private final LeaderBoard leaders;
    private final Address self;

    /** @param self this node's address, which region references of this node leave out */
    LeaderAllocation(LeaderBoard leaders, Address self) {
        this.leaders = leaders;
        this.self = self;
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
        Set<String> misplaced = new HashSet<>();
        shardsByRegion.forEach((region, shards) -> {
            for (int i = 0; i < shards.size(); i++) {
                String shardId = shards.apply(i);
                boolean elsewhere = leaderRegion(shardId, shardsByRegion.keySet()).filter(leader -> !leader.equals(region)).isPresent();
                if (elsewhere && !rebalanceInProgress.contains(shardId)) {
                    misplaced.add(shardId);
                }
            }
        });
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
