package io.lazuli.role;

import org.apache.pekko.actor.typed.Behavior;

/** A role whose instances are actors: each instance is one actor with this behavior, supervised by the cloud. */
public non-sealed interface ActorRole<M> extends Role {

    /** The behavior of one instance; called anew after every restart. */
    Behavior<M> behavior(RoleContext context);

    /** Sent to ask the actor to stop; it is ended if it has not stopped within the role's stop timeout. Null: ended at once. */
    default M stopMessage() {
        return null;
    }
}
