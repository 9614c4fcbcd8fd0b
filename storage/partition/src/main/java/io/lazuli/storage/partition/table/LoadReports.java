package io.lazuli.storage.partition.table;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Tells now and then what a range weighs and how busy it is: at once when it opens, then every interval while it is written to, and once after. */
final class LoadReports {

    private final String partition;
    private final Consumer<RangeReport> reports;
    private final long intervalNanos;
    private long toldChanges;
    private long reportedNanos;
    private double writesPerSecond;

    LoadReports(String partition, Consumer<RangeReport> reports, long intervalMillis, long nowNanos) {
        this.partition = partition;
        this.reports = reports;
        this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMillis);
        this.reportedNanos = nowNanos;
    }

    void opened(RangeState<?> state) {
        tell(state);
    }

    void tick(RangeState<?> state, long nowNanos) {
        long elapsedNanos = nowNanos - reportedNanos;
        if (elapsedNanos < intervalNanos) {
            return;
        }
        long changed = state.changes() - toldChanges;
        boolean newsworthy = changed > 0 || writesPerSecond > 0;
        writesPerSecond = changed * (double) TimeUnit.SECONDS.toNanos(1) / elapsedNanos;
        toldChanges = state.changes();
        reportedNanos = nowNanos;
        if (newsworthy) {
            tell(state);
        }
    }

    /** As of the last interval. */
    double writesPerSecond() {
        return writesPerSecond;
    }

    private void tell(RangeState<?> state) {
        if (state.live()) {
            reports.accept(new RangeReport(partition, state.size().entities(), state.size().bytes(), writesPerSecond));
        }
    }
}
