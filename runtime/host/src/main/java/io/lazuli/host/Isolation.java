package io.lazuli.host;

/** Where an instance's code runs: in the node's JVM, or in one role-host JVM per deployment and node. */
public enum Isolation { NODE, SERVICE }
