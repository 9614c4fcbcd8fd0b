package io.lazuli.storage.partition;

import io.lazuli.storage.model.PartitionId;
import java.util.function.Function;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;

/**
 * One shard is one Raft group: the number before the first dot of a {@link PartitionId}'s text, which is the entity id. So a
 * group more changes nothing for the others.
 */
final class GroupMessageExtractor<E extends M, M> extends ShardingMessageExtractor<E, M> {

    private final Function<E, String> entityId;

    GroupMessageExtractor(Function<E, String> entityId) {
        this.entityId = entityId;
    }

    @Override
    public String entityId(E request) {
        return entityId.apply(request);
    }

    @Override
    public String shardId(String entityId) {
        int dot = entityId.indexOf('.');
        if (dot < 1) {
            throw new IllegalArgumentException("not a partition id: " + entityId);
        }
        return entityId.substring(0, dot);
    }

    @Override
    public M unwrapMessage(E request) {
        return request;
    }
}
