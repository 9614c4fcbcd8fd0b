package io.lazuli.role;

import org.apache.pekko.actor.typed.Behavior;

/**
 * A role whose instances are actors: each instance is one actor with this behavior, supervised by the cloud. It is Ready
 * when it has been started. An actor that fails, or stops without being asked to, is recycled: {@link #behavior} is called
 * anew after a back-off, on a new object in a class loader of its own.
 */
public non-sealed interface ActorRole<M> extends Role {

    /** The behavior of one instance; called once, on a thread of its own (use {@code Behaviors.setup} to begin inside of the actor). */
    Behavior<M> behavior(RoleContext context);

    /** Sent to ask the actor to stop; it is ended if it has not stopped within the role's stop timeout. Null: ended at once. */
    default M stopMessage() {
        return null;
    }
}
