package io.lazuli.role;

/**
 * A role that works in a loop of its own. Each instance is one object of the class; its methods run on one virtual
 * thread, so blocking is welcome. An exception from any of them, or returning from {@link #run} while the instance is
 * not being stopped, recycles the instance: it is built anew after a back-off, in a class loader of its own.
 *
 * <p>Asked to stop, {@link RoleContext#stopping} turns true at once; a worker that goes on is interrupted some seconds
 * later, and ended when the role's stop timeout is over: with isolation {@code service} by ending its process, with
 * isolation {@code node} it is left to itself, which is one of the reasons why that is for trusted code.
 */
public non-sealed interface WorkerRole extends Role {

    /** Prepares; the instance is Ready when it returns. */
    default void onStart(RoleContext context) throws Exception {}

    /** Works until {@link RoleContext#stopping()} or an interrupt tells it to stop. */
    void run(RoleContext context) throws Exception;

    /** Cleans up after {@link #run} has ended, however it did; bounded by the role's stop timeout (default 30 s). */
    default void onStop(RoleContext context) throws Exception {}
}
