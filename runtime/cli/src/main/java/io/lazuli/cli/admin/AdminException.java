package io.lazuli.cli.admin;

/** The admin API refused a request: {@code {"error":{"code","message"}}} with an HTTP status. */
public final class AdminException extends RuntimeException {

    private final int status;
    private final String code;

    AdminException(int status, String code, String message) {
        super(message, null, false, false);
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
