package io.lazuli.fabric.controller;

import io.lazuli.fabric.durable.DurableRecord;

/** What the controller must remember over a crash; kept in the journal for as long as the cloud lives. */
public sealed interface DirectoryEvent extends DurableRecord {

    /** A controller has started. @param epoch greater than that of every controller before */
    record EpochRaised(long epoch) implements DirectoryEvent {}

    /** Somebody is about to deploy. @param registration number that tells this registration of the name from later ones */
    record NameRegistered(String name, String packageDigest, long registration, long atMillis) implements DirectoryEvent {}

    record NameForgotten(String name, long registration) implements DirectoryEvent {}
}
