package io.lazuli.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lazuli.cli.ByteCount;
import io.lazuli.cli.Table;
import io.lazuli.cli.admin.AdminClient;
import java.util.Locale;

/** The ranges of the cloud's tables, for people. */
final class PartitionTable {

    private static final int KEY_CHARS = 24;

    private PartitionTable() {}

    static ArrayNode ranges(AdminClient admin) {
        ArrayNode ranges = JsonNodeFactory.instance.arrayNode();
        String marker = "";
        do {
            JsonNode page = admin.get("/partitions" + (marker.isEmpty() ? "" : "?marker=" + AdminClient.encode(marker)));
            page.path("ranges").forEach(ranges::add);
            marker = page.path("nextMarker").asText("");
        } while (!marker.isEmpty());
        return ranges;
    }

    static String of(ArrayNode ranges) {
        Table table = new Table("ACCOUNT", "TABLE", "FROM", "TO", "STATE", "GROUP", "NODE", "ENTITIES", "SIZE", "WRITES/S", "READS/S");
        for (JsonNode range : ranges) {
            table.row(
                    range.path("account").asText(), range.path("table").asText(), key(range.path("low").asText()),
                    key(range.path("high").asText()), range.path("state").asText(), range.path("group").asText(),
                    range.path("node").asText("-"), range.path("entities").asText(), ByteCount.of(range.path("bytes").asDouble()),
                    perSecond(range.path("writesPerSecond").asDouble()), perSecond(range.path("readsPerSecond").asDouble()));
        }
        return table.toString();
    }

    private static String key(String key) {
        return key.isEmpty() ? "-" : key.length() <= KEY_CHARS ? key : key.substring(0, KEY_CHARS - 1) + "…";
    }

    private static String perSecond(double rate) {
        return String.format(Locale.ROOT, rate < 10 ? "%.1f" : "%.0f", rate);
    }
}
