package io.lazuli.role;

/** What a package can hold: one of {@link WorkerRole} and {@link ActorRole}. Implementations need a public no-argument constructor. */
public sealed interface Role permits WorkerRole, ActorRole {}
