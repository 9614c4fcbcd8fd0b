package io.lazuli.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.lazuli.cli.ByteCount;
import io.lazuli.cli.Table;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The bytes of blobs by node, for people. */
final class ChunkTable {

    private ChunkTable() {}

    static String of(JsonNode nodes) {
        Table table = new Table("NODE", "CHUNKS", "CONTENT", "FILES", "ON DISK", "FREE", "MISSING", "DAMAGED", "MENDED", "FETCHED", "VERIFIED", "ALL VERIFIED", "");
        for (JsonNode node : nodes) {
            if (node.path("answered").asBoolean()) {
                table.row(
                        node.path("node").asText(), node.path("chunks").asText(), bytes(node, "contentBytes"), node.path("files").asText(),
                        bytes(node, "fileBytes"), bytes(node, "freeBytes"), missing(node), node.path("damagedChunks").asText(),
                        node.path("repairedChunks").asText(), node.path("fetchedChunks").asText(), bytes(node, "verifiedBytes"),
                        time(node.path("scrubbedAtMillis").asLong()), remark(node));
            } else {
                table.row(node.path("node").asText(), "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "does not answer");
            }
        }
        return table.toString();
    }

    /** With how much is there of what should be, while it is being fetched. */
    private static String missing(JsonNode node) {
        long missing = node.path("missingChunks").asLong();
        long held = node.path("chunks").asLong();
        if (node.path("comparedAtMillis").asLong() == 0) {
            return "?";
        }
        return missing == 0 ? "0" : missing + " (" + 100 * held / (held + missing) + "% there)";
    }

    private static String remark(JsonNode node) {
        String notWritable = node.path("notWritable").asText();
        return notWritable.isEmpty() && node.path("refusedForClock").asLong() > 0 ? "clocks differ" : notWritable;
    }

    private static String bytes(JsonNode node, String name) {
        return ByteCount.of(node.path(name).asDouble());
    }

    private static String time(long epochMillis) {
        return epochMillis == 0 ? "not yet" : Instant.ofEpochMilli(epochMillis).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
