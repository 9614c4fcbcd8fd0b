package io.lazuli.fabric;

/** Why the fabric refused a request. */
public enum FabricErrorCode {
    INVALID_NAME,
    INVALID_PACKAGE,
    PACKAGE_TOO_LARGE,
    INVALID_COUNT,
    DEPLOYMENT_ALREADY_EXISTS,
    DEPLOYMENT_NOT_FOUND,
    ROLE_NOT_FOUND,
    INSTANCE_NOT_FOUND,
    TOO_MANY_DEPLOYMENTS,
    /** The instance's node does not run it yet or any more, so there is nothing to read. */
    INSTANCE_NOT_RUNNING,
    /** Controller, journal, package store or node did not answer in time; whether something changed is not known. */
    UNAVAILABLE,
    ACCOUNT_NOT_FOUND,
    ACCOUNT_ALREADY_EXISTS,
    /** Its data are still being deleted; the name becomes free when they are gone. */
    ACCOUNT_BEING_DELETED,
    /** It is in the nodes' configuration and can be changed only there. */
    ACCOUNT_CONFIGURED,
    TOO_MANY_ACCOUNTS
}
