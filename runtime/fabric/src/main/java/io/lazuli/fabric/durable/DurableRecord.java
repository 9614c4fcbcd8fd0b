package io.lazuli.fabric.durable;

/** Marks what the fabric keeps in the journal: Pekko hands such objects to {@link FabricDurableSerializer}. */
public interface DurableRecord {}
