package io.lazuli.storage.model;

/**
 * The documented errors of the storage services, each with its HTTP status and message: the one place where they are made.
 * Sources: "Common REST API error codes" and "Queue service error codes" of the Azure Storage REST reference.
 */
public enum StorageErrorCode {
    ACCOUNT_ALREADY_EXISTS("AccountAlreadyExists", 409, "The specified account already exists."),
    AUTHENTICATION_FAILED("AuthenticationFailed", 403, "Server failed to authenticate the request. Make sure the value of the Authorization header is formed correctly including the signature."),
    QUEUE_NOT_FOUND("QueueNotFound", 404, "The specified queue does not exist."),
    QUEUE_ALREADY_EXISTS("QueueAlreadyExists", 409, "The specified queue already exists."),
    QUEUE_BEING_DELETED("QueueBeingDeleted", 409, "The specified queue is being deleted."),
    MESSAGE_NOT_FOUND("MessageNotFound", 404, "The specified message does not exist."),
    MESSAGE_TOO_LARGE("MessageTooLarge", 400, "The message exceeds the maximum allowed size."),
    POP_RECEIPT_MISMATCH("PopReceiptMismatch", 400, "The specified pop receipt did not match the pop receipt for a dequeued message."),
    SERVER_BUSY("ServerBusy", 503, "The server is currently unable to receive requests. Please retry your request."),
    OPERATION_TIMED_OUT("OperationTimedOut", 500, "The operation could not be completed within the permitted time."),
    INTERNAL_ERROR("InternalError", 500, "The server encountered an internal error. Please retry the request.");

    private final String code;
    private final int status;
    private final String message;

    StorageErrorCode(String code, int status, String message) {
        this.code = code;
        this.status = status;
        this.message = message;
    }

    public String code() {
        return code;
    }

    public int status() {
        return status;
    }

    public String message() {
        return message;
    }
}
