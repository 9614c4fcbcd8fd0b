package io.lazuli.fabric;

/** A request that the fabric refused; the message is one line for the person who asked. */
public final class FabricException extends RuntimeException {

    private final FabricErrorCode code;

    public FabricException(FabricErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public FabricException(FabricErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public FabricErrorCode code() {
        return code;
    }
}
