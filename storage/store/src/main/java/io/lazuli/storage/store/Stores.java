package io.lazuli.storage.store;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;

/** The store on one node of the cluster, whatever its roles: start it once the actor system exists, on every node. */
public final class Stores implements AutoCloseable {

    private Stores() {}

    /** @param storeNode this node's replicas, empty on a node that is not a storage node */
    public static Stores start(ActorSystem<?> system, StoreSettings settings, Optional<StoreNode> storeNode) {
        throw new UnsupportedOperationException();
    }

    public RowStore rowStore() {
        throw new UnsupportedOperationException();
    }

    public LeaderBoard leaderBoard() {
        throw new UnsupportedOperationException();
    }

    /** Asks the leaders; never fails, completes within about two seconds. */
    public CompletionStage<StoreStatus> status() {
        throw new UnsupportedOperationException();
    }

    /** Fails what is still waiting. Call before the actor system and the {@link StoreNode} end. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
