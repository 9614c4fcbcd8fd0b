package io.lazuli.storage.conformance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The short form of {@link TableSplitFire}: some 20,000 entities, ranges of half a megabyte, one node killed in the middle. */
class TableSplitFireIT {

    @Test
    void everyAcknowledgedEntityIsFoundInOrderAfterSplitsAndAKilledNode() throws Exception {
        TableSplitFire fire = new TableSplitFire();
        fire.entities = 20_000;
        fire.partitionKeys = 50;
        fire.writers = 8;
        fire.batch = 20;
        fire.textChars = 200;
        fire.splitBytes = 512 * 1024;
        fire.downSeconds = 5;
        fire.portOffset = 900;
        TableSplitFire.Outcome outcome = fire.burn();
        System.out.println(outcome);
        assertEquals(List.of(), outcome.problems());
        assertEquals(20_000, outcome.acknowledged() + outcome.unknown());
        assertTrue(outcome.ranges().values().stream().mapToInt(Integer::intValue).sum() >= 2, "no range was split");
    }
}
