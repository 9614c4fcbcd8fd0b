package io.lazuli.host;

/** Which kind of role a package's class is. */
public enum RoleKind { WORKER, ACTOR }
