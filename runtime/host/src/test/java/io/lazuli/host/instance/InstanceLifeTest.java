package io.lazuli.host.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.host.HostSettings.RestartSettings;
import io.lazuli.host.InstanceState;
import io.lazuli.host.instance.InstanceLife.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InstanceLifeTest {

    private static final RestartSettings SETTINGS = new RestartSettings(1_000, 60_000, 30_000, 5);

    private final InstanceLife life = new InstanceLife(SETTINGS, 0);

    @Test
    void startsAndBecomesReady() {
        assertEquals(List.of(new Step.StartCode(1)), life.begin());
        assertEquals(InstanceState.STARTING, life.state());
        assertEquals(List.of(), life.ready(1, 700));
        assertEquals(InstanceState.READY, life.state());
        assertEquals(700, life.sinceMillis());
        assertEquals(0, life.restartCount());
    }

    @Test
    void aCrashIsRestartedAfterABackoffWithItsErrorKept() {
        life.ready(1, 100);
        assertEquals(List.of(new Step.WaitBackoff(1_000)), life.ended(1, "java.lang.IllegalStateException:\n  no\tluck", 200));
        assertEquals(InstanceState.CYCLING, life.state());
        assertEquals("java.lang.IllegalStateException: no luck", life.lastError());
        assertEquals(List.of(new Step.StartCode(2)), life.backoffOver(1_200));
        assertEquals(InstanceState.STARTING, life.state());
        assertEquals(1, life.restartCount());
    }

    @Test
    void quickEndsDoubleTheBackoffUntilTheInstanceIsShownAsFailed() {
        List<Long> backoffs = new ArrayList<>();
        List<InstanceState> states = new ArrayList<>();
        for (int run = 1; run <= 7; run++) {
            backoffs.add(crash(run, run));
            states.add(life.state());
            life.backoffOver(run);
        }
        assertEquals(List.of(1_000L, 2_000L, 4_000L, 8_000L, 60_000L, 60_000L, 60_000L), backoffs);
        assertEquals(List.of(InstanceState.CYCLING, InstanceState.FAILED), List.of(states.get(3), states.get(4)));
        assertEquals(InstanceState.FAILED, life.state(), "a retry of a failed instance is shown as Failed until it is Ready");
        assertEquals(7, life.restartCount());
        life.ready(8, 100);
        assertEquals(InstanceState.READY, life.state());
    }

    @Test
    void aRunThatWasReadyForAWhileResetsTheBackoff() {
        crash(1, 0);
        life.backoffOver(0);
        crash(2, 0);
        life.backoffOver(0);
        life.ready(3, 1_000);
        assertEquals(1_000, crash(3, 31_000));
        life.backoffOver(40_000);
        assertEquals(2_000, crash(4, 40_000));
    }

    @Test
    void beingReadyTooShortlyDoesNotReset() {
        crash(1, 0);
        life.backoffOver(0);
        life.ready(2, 1_000);
        assertEquals(2_000, crash(2, 30_999));
    }

    @Test
    void theBackoffNeverExceedsItsMaximum() {
        InstanceLife patient = new InstanceLife(new RestartSettings(1_000, 5_000, 30_000, 100), 0);
        long last = 0;
        for (int run = 1; run < 90; run++) {
            last = ((Step.WaitBackoff) patient.ended(run, "x", 0).getFirst()).millis();
            assertTrue(last <= 5_000);
            patient.backoffOver(0);
        }
        assertEquals(5_000, last);
    }

    @Test
    void stoppingRunningCodeWaitsForItsEnd() {
        life.ready(1, 10);
        assertEquals(List.of(new Step.StopCode(1)), life.stop(20));
        assertEquals(InstanceState.STOPPING, life.state());
        assertEquals(List.of(), life.stop(21));
        assertEquals(List.of(new Step.Finish()), life.ended(1, "", 30));
        assertEquals(InstanceState.STOPPED, life.state());
        assertEquals("", life.lastError());
        assertEquals(List.of(), life.stopTimeout(99));
    }

    @Test
    void codeThatDoesNotStopInTimeIsEnded() {
        life.ready(1, 10);
        life.stop(20);
        assertEquals(List.of(new Step.EndCode(1), new Step.Finish()), life.stopTimeout(30_020));
        assertEquals(InstanceState.STOPPED, life.state());
        assertEquals(List.of(), life.ended(1, "late", 40_000));
    }

    @Test
    void stoppingDuringABackoffFinishesAtOnce() {
        crash(1, 0);
        assertEquals(List.of(new Step.Finish()), life.stop(10));
        assertEquals(List.of(), life.backoffOver(1_000));
        assertEquals(InstanceState.STOPPED, life.state());
    }

    @Test
    void whatIsHeardOfAnOlderRunIsIgnored() {
        crash(1, 0);
        life.backoffOver(1_000);
        assertEquals(List.of(), life.ended(1, "again", 1_001));
        assertEquals(List.of(), life.ready(1, 1_002));
        assertEquals(InstanceState.STARTING, life.state());
        assertEquals(List.of(), life.backoffOver(1_003));
        assertEquals(1, life.restartCount());
    }

    @Test
    void becomingReadyWhileStoppingDoesNotShow() {
        life.stop(5);
        life.ready(1, 6);
        assertEquals(InstanceState.STOPPING, life.state());
    }

    @Test
    void theErrorIsBounded() {
        life.ended(1, "x".repeat(10_000), 0);
        assertEquals(InstanceLife.MAX_ERROR_CHARS, life.lastError().length());
    }

    @Test
    void whateverHappensAStoppedInstanceStaysStoppedAndRunsNeverOverlap() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            InstanceLife any = new InstanceLife(SETTINGS, 0);
            List<Step> steps = new ArrayList<>(any.begin());
            boolean running = true;
            for (int now = 1; now < 60; now++) {
                long run = Math.max(1, any.run() - random.nextInt(2));
                boolean current = run == any.run();
                List<Step> next = switch (random.nextInt(6)) {
                    case 0 -> any.ready(run, now);
                    case 1 -> {
                        running &= !current;
                        yield any.ended(run, "e", now);
                    }
                    case 2 -> any.stop(now);
                    case 3 -> any.stopTimeout(now);
                    default -> any.backoffOver(now);
                };
                for (Step step : next) {
                    if (step instanceof Step.StartCode) {
                        assertTrue(!running, "two runs at once, seed " + seed);
                        running = true;
                    }
                    running &= !(step instanceof Step.EndCode);
                }
                boolean finishedBefore = steps.contains(new Step.Finish());
                assertTrue(!finishedBefore || next.isEmpty(), "something after the end, seed " + seed);
                assertEquals(finishedBefore || next.contains(new Step.Finish()), any.state() == InstanceState.STOPPED, "seed " + seed);
                steps.addAll(next);
            }
        }
    }

    private long crash(long run, long nowMillis) {
        return ((Step.WaitBackoff) life.ended(run, "crash", nowMillis).getFirst()).millis();
    }
}
