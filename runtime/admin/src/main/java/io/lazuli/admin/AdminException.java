package io.lazuli.admin;

/** What a client is answered instead of a result: {@code {"error":{"code","message"}}} with an HTTP status. */
public final class AdminException extends RuntimeException {

    private final int status;
    private final String code;

    /** @param code one word, e.g. {@code QueueNotFound}; @param message one line for people */
    public AdminException(int status, String code, String message) {
        super(message);
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
