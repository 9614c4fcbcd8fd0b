package io.lazuli.security;

/** A request is not who or what it must be; carries no stack trace because it is an answer, not a fault. */
public final class RefusedException extends RuntimeException {

    public enum Reason {
        /** Nothing in the request says who asks. */
        NO_CREDENTIALS,
        /** The {@code Authorization} header names a scheme that is not offered. */
        UNSUPPORTED_SCHEME,
        /** The {@code Authorization} header is not in its form. */
        MALFORMED_CREDENTIALS,
        /** Wrong, outdated or incomplete credentials. */
        AUTHENTICATION_FAILED,
        /** The signature is good, but no signature of its kind covers this operation. */
        OPERATION,
        /** The signature is good, but does not cover this service, resource type, permission, source address or protocol. */
        SERVICE,
        RESOURCE_TYPE,
        PERMISSION,
        SOURCE_IP,
        PROTOCOL
    }

    private final Reason reason;
    private final String detail;

    /** @param detail for the client, or null */
    RefusedException(Reason reason, String detail) {
        super(detail == null ? reason.name() : reason + ": " + detail, null, false, false);
        this.reason = reason;
        this.detail = detail;
    }

    public static RefusedException failed(String detail) {
        return new RefusedException(Reason.AUTHENTICATION_FAILED, detail);
    }

    public Reason reason() {
        return reason;
    }

    /** What is wrong, for the client; null if the reason says it all. */
    public String detail() {
        return detail;
    }
}
