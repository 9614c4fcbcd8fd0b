package io.lazuli.storage.journal;

import org.apache.pekko.actor.ActorRef;

/** An event with a reference, which only a serializer that knows the actor system can write. */
record TestEvent(String text, ActorRef ref) {}
