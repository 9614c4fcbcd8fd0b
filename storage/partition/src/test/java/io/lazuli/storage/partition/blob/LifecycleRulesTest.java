package io.lazuli.storage.partition.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.ServiceProperties.BlobSettings;
import io.lazuli.storage.partition.ServiceValues;
import io.lazuli.storage.partition.blob.LifecycleRule.Ages;
import io.lazuli.storage.partition.blob.LifecycleRules.Action;
import io.lazuli.storage.partition.table.Ticks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LifecycleRulesTest {

    private static final long DAY = 86_400_000;
    private static final long NOW = 1_800_000_000_000L;
    private static final Ages ALL = new Ages(1, 2, 3, 4);

    @Test
    void ofSeveralThingsThatAreDueTheOneThatCostsLeastToKeepIsDone() {
        List<LifecycleRule> rules = List.of(rule(List.of(), ALL, Ages.NEVER, Ages.NEVER));
        assertEquals(Optional.empty(), due(rules, state(1, 0, null, false)), "exactly a day is not more than one");
        assertEquals(Optional.of(Action.TO_COOL), due(rules, state(1.5, 0, null, false)));
        assertEquals(Optional.of(Action.TO_COLD), due(rules, state(2.5, 0, AccessTier.COOL, false)));
        assertEquals(Optional.of(Action.TO_ARCHIVE), due(rules, state(3.5, 0, AccessTier.COLD, false)));
        assertEquals(Optional.of(Action.DELETE), due(rules, state(4.5, 0, AccessTier.ARCHIVE, false)));
    }

    @Test
    void nothingIsDoneTwiceOrBackOrWhatWouldBeRefused() {
        List<LifecycleRule> rules = List.of(rule(List.of(), ALL, Ages.NEVER, Ages.NEVER));
        assertEquals(Optional.empty(), due(rules, state(1.5, 0, AccessTier.COOL, false)));
        assertEquals(Optional.empty(), due(rules, state(2.5, 0, AccessTier.COLD, false)));
        assertEquals(Optional.empty(), due(rules, state(3.5, 0, AccessTier.ARCHIVE, false)));
        assertEquals(Optional.of(Action.TO_ARCHIVE), due(rules, state(9, 0, null, true)), "a legal hold forbids deletion");
    }

    @Test
    void rulesAreForTheirPrefixesAndSortsOfStates() {
        assertEquals(Optional.empty(), due(List.of(rule(List.of("c/x", "d"), ALL, ALL, ALL)), state(9, 0, null, false)));
        assertEquals(Optional.of(Action.DELETE), due(List.of(rule(List.of("d", "c/na"), ALL, ALL, ALL)), state(9, 0, null, false)));
        List<LifecycleRule> ofSnapshots = List.of(rule(List.of(), Ages.NEVER, new Ages(null, null, null, 5), Ages.NEVER));
        assertEquals(Optional.empty(), due(ofSnapshots, state(9, 0, null, false)));
        assertEquals(Optional.empty(), due(ofSnapshots, state(9, Ticks.ofEpochMillis(NOW - 4 * DAY), null, false)));
        assertEquals(Optional.of(Action.DELETE), due(ofSnapshots, state(9, Ticks.ofEpochMillis(NOW - 6 * DAY), null, false)));
        LifecycleRule off = new LifecycleRule("r", false, List.of(), List.of(BlobKind.BLOCK), ALL, ALL, ALL);
        assertEquals(Optional.empty(), due(List.of(off), state(9, 0, null, false)));
    }

    @Test
    void rulesAreKeptWithTheAccountsSettings() {
        ServiceProperties properties = ServiceProperties.initial().with(BlobSettings.INITIAL.withLifecycle(List.of(
                rule(List.of("c/"), ALL, Ages.NEVER, new Ages(null, null, 7, null)))));
        assertEquals(properties, ServiceValues.properties(ServiceValues.propertiesValue(properties)));
    }

    private static LifecycleRule rule(List<String> prefixes, Ages base, Ages snapshot, Ages version) {
        return new LifecycleRule("r", true, prefixes, List.of(BlobKind.BLOCK), base, snapshot, version);
    }

    private static Optional<Action> due(List<LifecycleRule> rules, BlobState state) {
        return LifecycleRules.due(rules, "c", state, NOW);
    }

    private static BlobState state(double days, long snapshotTicks, AccessTier tier, boolean legalHold) {
        long modified = Ticks.ofEpochMillis(NOW - (long) (days * DAY));
        return new BlobState("name", BlobKind.BLOCK, 1, snapshotTicks, 0, false, modified, modified, "\"0x1\"", BlobHeaders.NONE, Map.of(),
                Map.of(), LeaseState.NONE, 0, false, tier, false, 0, null, null, null, legalHold, null, 0, false, false,
                new BlobContent.Inline(1, 5));
    }
}
