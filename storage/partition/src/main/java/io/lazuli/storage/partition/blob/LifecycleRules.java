package io.lazuli.storage.partition.blob;

import io.lazuli.storage.partition.blob.LifecycleRule.Ages;
import io.lazuli.storage.partition.table.Ticks;
import java.util.List;
import java.util.Optional;

/** Decides what an account's rules want done with one state of a blob. Where several are due, the one that costs least to keep wins. */
public final class LifecycleRules {

    private static final long MILLIS_OF_DAY = 86_400_000;

    /** In the order in which they win. */
    public enum Action {
        DELETE,
        TO_ARCHIVE,
        TO_COLD,
        TO_COOL
    }

    private LifecycleRules() {}

    /** Empty if there is nothing to do, or if it would be refused anyway. */
    public static Optional<Action> due(List<LifecycleRule> rules, String container, BlobState state, long nowMillis) {
        if (!state.exists() || state.copy() != null && state.copy().status() == BlobState.CopyStatus.PENDING) {
            return Optional.empty();
        }
        Action due = null;
        for (LifecycleRule rule : rules) {
            if (rule.enabled() && rule.kinds().contains(state.kind()) && matches(rule, container + "/" + state.name())) {
                Optional<Action> action = due(agesOf(rule, state), state, nowMillis);
                if (action.isPresent() && (due == null || action.get().compareTo(due) < 0)) {
                    due = action.get();
                }
            }
        }
        return Optional.ofNullable(due);
    }

    private static boolean matches(LifecycleRule rule, String path) {
        return rule.prefixes().isEmpty() || rule.prefixes().stream().anyMatch(path::startsWith);
    }

    private static Ages agesOf(LifecycleRule rule, BlobState state) {
        if (state.snapshotTicks() != 0) {
            return rule.snapshot();
        }
        return isFormerVersion(state) ? rule.version() : rule.baseBlob();
    }

    private static boolean isFormerVersion(BlobState state) {
        return state.versionTicks() != 0 && !state.isCurrentVersion();
    }

    private static Optional<Action> due(Ages ages, BlobState state, long nowMillis) {
        long since = state.snapshotTicks() != 0 ? state.snapshotTicks() : isFormerVersion(state) ? state.versionTicks() : state.modifiedTicks();
        long age = nowMillis - Ticks.toEpochMillis(since);
        if (isOver(ages.deleteDays(), age) && mayBeDeleted(state, nowMillis)) {
            return Optional.of(Action.DELETE);
        }
        AccessTier tier = state.tier() == null ? AccessTier.HOT : state.tier();
        if (state.kind() != BlobKind.BLOCK || tier == AccessTier.ARCHIVE) {
            return Optional.empty();
        }
        if (isOver(ages.toArchiveDays(), age)) {
            return Optional.of(Action.TO_ARCHIVE);
        }
        if (isOver(ages.toColdDays(), age)) {
            return tier == AccessTier.COLD ? Optional.empty() : Optional.of(Action.TO_COLD);
        }
        return isOver(ages.toCoolDays(), age) && tier == AccessTier.HOT ? Optional.of(Action.TO_COOL) : Optional.empty();
    }

    private static boolean mayBeDeleted(BlobState state, long nowMillis) {
        boolean isProtected = state.legalHold() || state.immutability() != null && state.immutability().untilMillis() > nowMillis;
        return !isProtected && state.snapshotCount() == 0;
    }

    private static boolean isOver(Integer days, long ageMillis) {
        return days != null && ageMillis > days * MILLIS_OF_DAY;
    }
}
