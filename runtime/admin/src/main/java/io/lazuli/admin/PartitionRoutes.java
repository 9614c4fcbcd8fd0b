package io.lazuli.admin;

import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletionStage;

/** Shows the range partitions. Keeps no state. */
final class PartitionRoutes {

    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1_000;

    private final PartitionView partitions;

    PartitionRoutes(PartitionView partitions) {
        this.partitions = partitions;
    }

    CompletionStage<Answer> list(RoutingContext request) {
        int maxTables = (int) Parameters.number(request, "maxTables", DEFAULT_PAGE, 1, MAX_PAGE);
        return partitions.ranges(Parameters.text(request, "marker", ""), maxTables).thenApply(page -> Answer.ok(AdminJson.partitions(page)));
    }
}
