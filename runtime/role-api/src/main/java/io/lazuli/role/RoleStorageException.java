package io.lazuli.role;

/** The storage service refused a request or could not be reached. */
public final class RoleStorageException extends RuntimeException {

    private final int status;
    private final String code;

    /** @param status the HTTP status, or 0 if there was no answer; @param code the service's error code, or empty */
    public RoleStorageException(int status, String code, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }
}
