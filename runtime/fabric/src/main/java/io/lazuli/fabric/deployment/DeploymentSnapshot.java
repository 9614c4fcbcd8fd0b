package io.lazuli.fabric.deployment;

import io.lazuli.fabric.durable.DurableRecord;

/** A deployment's state as it is kept in the snapshot store, where its format must outlive that of the wire. */
public record DeploymentSnapshot(DeploymentState state) implements DurableRecord {}
