package io.lazuli.storage.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.kernel.ManualClock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.EmptyLocalActorRef;
import org.apache.pekko.actor.RootActorPath;
import org.junit.jupiter.api.Test;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Vector;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

class LeaderAllocationTest {

    private static final Address SELF = new Address("pekko", "lazuli", "127.0.0.1", 25520);
    private static final Address OTHER = new Address("pekko", "lazuli", "127.0.0.1", 25620);
    private static final ActorRef LOCAL_REGION = region(new Address("pekko", "lazuli"));
    private static final ActorRef OTHER_REGION = region(OTHER);

    private final FixedLeaders leaders = new FixedLeaders();
    private final Set<Address> unreachable = new HashSet<>();
    private final ManualClock clock = new ManualClock(0);
    private final LeaderAllocation allocation = new LeaderAllocation(leaders, SELF, () -> unreachable, clock);

    @Test
    void shardGoesToTheNodeThatLeadsItsGroup() {
        leaders.lead(1, SELF);
        leaders.lead(2, OTHER);
        var regions = Map.of(LOCAL_REGION, shards(), OTHER_REGION, shards());
        assertEquals(LOCAL_REGION, now(allocation.allocateShard(OTHER_REGION, "1", regions)));
        assertEquals(OTHER_REGION, now(allocation.allocateShard(LOCAL_REGION, "2", regions)));
    }

    @Test
    void shardWithoutKnownLeaderGoesToTheEmptierNode() {
        var regions = Map.of(LOCAL_REGION, shards("4", "5"), OTHER_REGION, shards("6"));
        assertEquals(OTHER_REGION, now(allocation.allocateShard(LOCAL_REGION, "1", regions)));
    }

    @Test
    void shardWhoseLeaderHostsNoShardsGoesElsewhereAndStaysThere() {
        leaders.lead(1, OTHER);
        assertEquals(LOCAL_REGION, now(allocation.allocateShard(LOCAL_REGION, "1", Map.of(LOCAL_REGION, shards()))));
        assertEquals(Set.of(), now(allocation.rebalance(Map.of(LOCAL_REGION, shards("1")), Set.of())));
    }

    @Test
    void shardFollowsItsLeaderOnceAndNotWhileItMoves() {
        leaders.lead(1, SELF);
        leaders.lead(2, OTHER);
        leaders.lead(3, OTHER);
        var regions = Map.of(LOCAL_REGION, shards("1", "2", "7"), OTHER_REGION, shards("3"));
        assertEquals(Set.of(), now(allocation.rebalance(regions, Set.of())));
        clock.advanceMillis(LeaderAllocation.SETTLE_MILLIS);
        assertEquals(Set.of("2"), now(allocation.rebalance(regions, Set.of())));
        assertEquals(Set.of(), now(allocation.rebalance(regions, Set.of("2"))));
    }

    @Test
    void leadershipThatComesBackMovesNothing() {
        leaders.lead(2, OTHER);
        var regions = Map.of(LOCAL_REGION, shards("2"), OTHER_REGION, shards());
        assertEquals(Set.of(), now(allocation.rebalance(regions, Set.of())));
        leaders.lead(2, SELF);
        assertEquals(Set.of(), now(allocation.rebalance(regions, Set.of())));
        leaders.lead(2, OTHER);
        clock.advanceMillis(LeaderAllocation.SETTLE_MILLIS);
        assertEquals(Set.of(), now(allocation.rebalance(regions, Set.of())));
    }

    @Test
    void aNodeThatIsUnreachableIsNotAskedToHandOver() {
        leaders.lead(3, SELF);
        var regions = Map.of(LOCAL_REGION, shards(), OTHER_REGION, shards("3"));
        unreachable.add(OTHER);
        assertEquals(Set.of(), now(allocation.rebalance(regions, Set.of())));
        clock.advanceMillis(LeaderAllocation.SETTLE_MILLIS);
        assertEquals(Set.of(), now(allocation.rebalance(regions, Set.of())));
    }

    @Test
    void shardIsTheGroupOfThePartitionId() {
        var extractor = new GroupMessageExtractor<String, String>(request -> request);
        assertEquals("12", extractor.shardId("12.q.account.with.dots-7"));
        assertEquals("0", extractor.shardId("0.a.devstoreaccount1"));
    }

    private static ActorRef region(Address address) {
        return new EmptyLocalActorRef(null, new RootActorPath(address, "/").child("region"), null);
    }

    private static <T> T now(Future<T> future) {
        return future.value().get().get();
    }

    private static IndexedSeq<String> shards(String... ids) {
        return Vector.from(CollectionConverters.asScala(List.of(ids)));
    }
}
