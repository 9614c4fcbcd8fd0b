package io.lazuli.host.code;

import io.lazuli.host.log.InstanceLog;
import io.lazuli.role.WorkerRole;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One run of a worker on one virtual thread: load, onStart, run, onStop. Asked to stop, the worker sees it at once and is
 * interrupted after a while; onStop is never interrupted by us before the run is given up. When run has ended by itself,
 * onStop has the stop timeout before the run is given up.
 */
final class WorkerCode implements InstanceCode {

    private final CodeSpec spec;
    private final InstanceContext context;
    private final InstanceLog log;
    private final CodeEvents events;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Object phase = new Object();
    /** In onStart or run, where an interrupt tells it to stop. Guarded by {@code phase}. */
    private boolean interruptible = true;
    private final Thread thread;

    private WorkerCode(CodeSpec spec, InstanceContext context, InstanceLog log, CodeEvents events) {
        this.spec = spec;
        this.context = context;
        this.log = log;
        this.events = events;
        this.thread = Thread.ofVirtual().name(spec.key().toString()).unstarted(this::live);
    }

    static WorkerCode start(CodeSpec spec, InstanceContext context, InstanceLog log, CodeEvents events) {
        WorkerCode code = new WorkerCode(spec, context, log, events);
        code.thread.start();
        return code;
    }

    @Override
    public void stop() {
        context.stop();
        after(Math.min(spec.interruptAfterMillis(), spec.stopTimeoutMillis() / 2), this::interruptWork);
    }

    @Override
    public void end() {
        thread.interrupt();
        finish("did not stop in time and was given up", true);
    }

    private void live() {
        RoleOutput.to(log);
        log.write("INFO", "starting, run " + spec.run());
        String error = "";
        try (LoadedRole<WorkerRole> loaded = LoadedRole.load(spec, WorkerRole.class)) {
            loaded.role().onStart(context);
            error = work(loaded.role());
            endWork();
            cleanUp(loaded.role());
        } catch (Throwable e) {
            endWork();
            error = failed("failed", e);
        }
        finish(error, false);
    }

    /** @return why it ended, empty if it was to stop */
    private String work(WorkerRole role) {
        if (context.stopping()) {
            return "";
        }
        try {
            events.ready();
            role.run(context);
            return context.stopping() ? "" : "returned from run";
        } catch (Throwable e) {
            if (context.stopping()) {
                log.write("INFO", "run ended while stopping, by " + Errors.describe(e));
                return "";
            }
            return failed("run failed", e);
        }
    }

    private void cleanUp(WorkerRole role) throws Exception {
        if (!context.stopping()) {
            after(spec.stopTimeoutMillis(), this::end);
        }
        role.onStop(context);
    }

    private String failed(String what, Throwable thrown) {
        log.write("ERROR", what, thrown);
        return Errors.describe(thrown);
    }

    private void interruptWork() {
        synchronized (phase) {
            if (interruptible) {
                thread.interrupt();
            }
        }
    }

    private void endWork() {
        synchronized (phase) {
            interruptible = false;
            Thread.interrupted();
        }
    }

    private void finish(String error, boolean givenUp) {
        if (ended.compareAndSet(false, true)) {
            log.close();
            events.ended(error, givenUp);
        }
    }

    private void after(long millis, Runnable action) {
        Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, task -> Thread.ofVirtual().start(task));
        later.execute(() -> {
            if (!ended.get()) {
                action.run();
            }
        });
    }
}
