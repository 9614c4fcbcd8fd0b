package io.lazuli.host.instance;

import io.lazuli.host.HostSettings.RestartSettings;
import io.lazuli.host.InstanceState;
import java.util.List;

/**
 * Decides over the life of one instance on this node; {@link RoleInstance} does what it says. Pure: the time is passed in,
 * nothing is waited for. Nothing of it survives the node's process: after that the controller assigns anew.
 *
 * <pre>
 *              ready                      stop                      ended, or stop timeout
 *  STARTING ─────────▶ READY      any ─────────▶ STOPPING ─────────────────────────────────▶ STOPPED
 *     │ ▲                │           └── no code running ──────────────────────────────────▶ STOPPED
 *     │ └ back-off over ─┼─ CYCLING
 *     └──── ended ───────┴───▶ CYCLING, or FAILED if it was the n-th quick end in a row
 *
 *  FAILED: the next run starts after the longest back-off, and FAILED is shown until one is READY.
 * </pre>
 *
 * <p>A run is <em>quick</em> if it ended before it had been READY for {@code reset-after}. The back-off doubles with each
 * quick end in a row, and begins anew after a run that was not quick. Returning from {@code run} counts as ending: a
 * worker is meant to work until it is told to stop.
 *
 * <p>Each run has a number that grows; what is heard of an older run is ignored.
 */
public final class InstanceLife {

    /** Longest error that is kept; the whole of it is in the instance's log. */
    static final int MAX_ERROR_CHARS = 300;

    /** What is to be done next. */
    public sealed interface Step {
        record StartCode(long run) implements Step {}

        record StopCode(long run) implements Step {}

        /** The code has not stopped in time: make an end of it. */
        record EndCode(long run) implements Step {}

        /** Call {@link InstanceLife#backoffOver} after this. */
        record WaitBackoff(long millis) implements Step {}

        /** The instance has stopped for good. */
        record Finish() implements Step {}
    }

    private final RestartSettings settings;
    private InstanceState state = InstanceState.STARTING;
    private long sinceMillis;
    private long run = 1;
    private boolean codeRuns = true;
    private boolean ready;
    private long readyAtMillis;
    private int quickEnds;
    private String lastError = "";

    public InstanceLife(RestartSettings settings, long nowMillis) {
        this.settings = settings;
        this.sinceMillis = nowMillis;
    }

    /** The first step; to be called once. */
    public List<Step> begin() {
        return List.of(new Step.StartCode(run));
    }

    public List<Step> ready(long run, long nowMillis) {
        if (run == this.run && codeRuns && !ready) {
            ready = true;
            readyAtMillis = nowMillis;
            if (state != InstanceState.STOPPING) {
                enter(InstanceState.READY, nowMillis);
            }
        }
        return List.of();
    }

    /** The code of a run has ended. @param error why, for people; ignored when it was asked to stop */
    public List<Step> ended(long run, String error, long nowMillis) {
        if (run != this.run || !codeRuns) {
            return List.of();
        }
        codeRuns = false;
        if (state == InstanceState.STOPPING) {
            return finish(nowMillis);
        }
        lastError = oneLine(error);
        boolean quick = !ready || nowMillis - readyAtMillis < settings.resetAfterMillis();
        quickEnds = quick ? quickEnds + 1 : 1;
        boolean failed = quick && quickEnds >= settings.failedAfter();
        enter(failed ? InstanceState.FAILED : InstanceState.CYCLING, nowMillis);
        return List.of(new Step.WaitBackoff(failed ? settings.maxBackoffMillis() : backoffMillis(quickEnds)));
    }

    public List<Step> backoffOver(long nowMillis) {
        boolean waiting = !codeRuns && (state == InstanceState.CYCLING || state == InstanceState.FAILED);
        if (!waiting) {
            return List.of();
        }
        run++;
        codeRuns = true;
        ready = false;
        if (state == InstanceState.CYCLING) {
            enter(InstanceState.STARTING, nowMillis);
        }
        return List.of(new Step.StartCode(run));
    }

    public List<Step> stop(long nowMillis) {
        if (state == InstanceState.STOPPING || state == InstanceState.STOPPED) {
            return List.of();
        }
        if (!codeRuns) {
            return finish(nowMillis);
        }
        enter(InstanceState.STOPPING, nowMillis);
        return List.of(new Step.StopCode(run));
    }

    public List<Step> stopTimeout(long nowMillis) {
        if (state != InstanceState.STOPPING) {
            return List.of();
        }
        codeRuns = false;
        lastError = "did not stop in time and was ended";
        enter(InstanceState.STOPPED, nowMillis);
        return List.of(new Step.EndCode(run), new Step.Finish());
    }

    public InstanceState state() {
        return state;
    }

    /** When it entered its state, epoch milliseconds. */
    public long sinceMillis() {
        return sinceMillis;
    }

    public int restartCount() {
        return (int) Math.min(run - 1, Integer.MAX_VALUE);
    }

    /** One line, empty if there was none. */
    public String lastError() {
        return lastError;
    }

    /** The number of the newest run. */
    long run() {
        return run;
    }

    boolean isCurrent(long run) {
        return run == this.run && codeRuns;
    }

    private List<Step> finish(long nowMillis) {
        enter(InstanceState.STOPPED, nowMillis);
        return List.of(new Step.Finish());
    }

    private long backoffMillis(int quickEndsInARow) {
        long millis = settings.minBackoffMillis();
        for (int i = 1; i < quickEndsInARow && millis < settings.maxBackoffMillis(); i++) {
            millis *= 2;
        }
        return Math.min(millis, settings.maxBackoffMillis());
    }

    private void enter(InstanceState next, long nowMillis) {
        if (state != next) {
            state = next;
            sinceMillis = nowMillis;
        }
    }

    private static String oneLine(String error) {
        String line = error.strip().replaceAll("\\s+", " ");
        return line.length() <= MAX_ERROR_CHARS ? line : line.substring(0, MAX_ERROR_CHARS - 1) + "…";
    }
}
