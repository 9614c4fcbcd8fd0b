package io.lazuli.role;

/**
 * A role that works in a loop of its own. Each instance is one object of the class; its methods run on one virtual
 * thread, so blocking is welcome. An exception from any of them, or returning from {@link #run} while the instance is
 * not being stopped, recycles the instance: it is built anew after a back-off.
 */
public non-sealed interface WorkerRole extends Role {

    /** Prepares; the instance is Ready when it returns. */
    default void onStart(RoleContext context) throws Exception {}

    /** Works until {@link RoleContext#stopping()} or an interrupt tells it to stop. */
    void run(RoleContext context) throws Exception;

    /** Cleans up after {@link #run} has ended; bounded by the role's stop timeout (default 30 s). */
    default void onStop(RoleContext context) throws Exception {}
}
