package io.lazuli.fabric;

/** Why the fabric refused a request. */
public enum FabricErrorCode {
    INVALID_NAME,
    INVALID_PACKAGE,
    INVALID_COUNT,
    INVALID_SETTING,
    DEPLOYMENT_ALREADY_EXISTS,
    DEPLOYMENT_NOT_FOUND,
    ROLE_NOT_FOUND,
    INSTANCE_NOT_FOUND,
    TOO_MANY_DEPLOYMENTS,
    /** The instance's node does not run it yet or any more, so there is nothing to read. */
    INSTANCE_NOT_RUNNING,
    /** No controller, journal or package store answered; nothing is known to have changed. Try again. */
    UNAVAILABLE
}
