package io.lazuli.admin;

import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletionStage;

/** Shows the bytes of blobs by node. Keeps no state. */
final class ChunkRoutes {

    private final ChunkView chunks;

    ChunkRoutes(ChunkView chunks) {
        this.chunks = chunks;
    }

    CompletionStage<Answer> list(RoutingContext request) {
        return chunks.chunks().thenApply(nodes -> Answer.ok(AdminJson.chunks(nodes)));
    }
}
