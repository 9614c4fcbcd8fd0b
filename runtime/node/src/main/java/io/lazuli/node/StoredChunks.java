package io.lazuli.node;

import io.lazuli.admin.ChunkView;
import io.lazuli.storage.chunk.ChunkNodeStatus;
import io.lazuli.storage.chunk.ChunkUpkeep;
import io.lazuli.storage.chunk.local.LocalStatus;
import io.lazuli.storage.chunk.local.ScrubReport;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The chunks of all storage nodes as the management API shows them. Keeps no state. */
record StoredChunks(ChunkUpkeep upkeep) implements ChunkView {

    @Override
    public CompletionStage<List<NodeChunks>> chunks() {
        return upkeep.status().thenApply(nodes -> nodes.entrySet().stream()
                .map(node -> new NodeChunks(node.getKey().value(), node.getValue().map(StoredChunks::held)))
                .toList());
    }

    private static HeldChunks held(ChunkNodeStatus status) {
        LocalStatus local = status.local();
        ScrubReport scrub = local.scrub();
        List<ChunkNodeStatus.GroupProgress> own = status.groups().stream().filter(ChunkNodeStatus.GroupProgress::voter).toList();
        return new HeldChunks(
                local.notWritable(), local.chunksByGroup().values().stream().mapToLong(Long::longValue).sum(), local.chunkBytes(),
                local.extents(), local.extentBytes(), local.freeBytes(),
                own.stream().mapToLong(ChunkNodeStatus.GroupProgress::missingChunks).sum(),
                own.stream().mapToLong(ChunkNodeStatus.GroupProgress::comparedAtMillis).min().orElse(0),
                scrub.damagedNow(), scrub.damagedFound(), scrub.lostFound(), scrub.repaired(), status.repairs().fetchedChunks(),
                scrub.verifiedBytes(), scrub.lastPassEndedMillis(), status.refusedForClock());
    }
}
