package io.lazuli.host;

/** An instance's life, as {@code ps} shows it. */
public enum InstanceState { STARTING, READY, STOPPING, STOPPED, CYCLING, FAILED }
