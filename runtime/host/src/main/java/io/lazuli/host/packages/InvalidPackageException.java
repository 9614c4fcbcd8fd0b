package io.lazuli.host.packages;

/** A role package, or what was asked of it when deploying, was refused; the message is one line for the person who deploys. */
public final class InvalidPackageException extends Exception {

    /** Why. {@link #TOO_LARGE} has an HTTP status of its own, the others are all the deployer's to mend in the package or the command. */
    public enum Code {
        NOT_A_JAR,
        TOO_LARGE,
        UNSAFE_ENTRY,
        NO_SERVICE_CONF,
        INVALID_SERVICE_CONF,
        NO_ROLES,
        ROLE_NAME_CLASH,
        UNKNOWN_ROLE,
        UNKNOWN_CLASS,
        UNUSABLE_CLASS,
        WRONG_KIND,
        OUT_OF_RANGE,
        INVALID_SETTING,
        MISSING_SETTING
    }

    private final Code code;

    public InvalidPackageException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
