package io.lazuli.storage.protocol.http;

import io.lazuli.kernel.Failures;
import io.lazuli.security.KeysUnknownException;
import io.lazuli.security.RefusedException;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where whatever went wrong becomes an answer: status, {@code x-ms-error-code}, body. Source: "Status and error codes". */
public final class ErrorReplies {

    private static final Logger log = LoggerFactory.getLogger(ErrorReplies.class);

    /** Where a client that sends no credentials, or others than ours, learns which are wanted. */
    private static final String CHALLENGE = "SharedKey realm=\"storage\"";

    private ErrorReplies() {}

    /** What the client may know: a fault of ours becomes InternalError and a line in the log. */
    public static StorageException toStorageException(Throwable failure, String requestId) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof StorageException expected) {
            return expected;
        }
        if (cause instanceof RefusedException refused) {
            return refusal(refused);
        }
        if (cause instanceof KeysUnknownException) {
            return new StorageException(StorageErrorCode.SERVER_BUSY);
        }
        log.error("request {} failed", requestId, cause);
        return new StorageException(StorageErrorCode.INTERNAL_ERROR);
    }

    /** In the form of the service that was asked. @param request null if its head could not be read */
    static Reply reply(
            StorageProtocol protocol, ServiceRequest request, StorageException failure, String requestId, long nowMillis,
            long retryAfterMillis) {
        StorageErrorCode error = failure.error();
        Reply reply = protocol.errorReply(request, failure, requestId, nowMillis)
                .header("x-ms-error-code", error.code());
        if (error == StorageErrorCode.SERVER_BUSY) {
            reply.header("Retry-After", Long.toString(Math.max(1, retryAfterMillis / 1000)));
        }
        if (error.status() == 401) {
            reply.header("WWW-Authenticate", CHALLENGE);
        }
        return reply;
    }

    /** The error as blobs and queues have it. */
    public static Reply xml(StorageException failure, String requestId, long nowMillis) {
        XmlWriter xml = new XmlWriter(512)
                .open("Error")
                .element("Code", failure.error().code())
                .element("Message", failure.error().message() + "\nRequestId:" + requestId + "\nTime:" + Instant.ofEpochMilli(nowMillis));
        failure.details().forEach(xml::element);
        return Reply.xml(failure.error().status(), xml.close("Error").toBytes());
    }

    private static StorageException refusal(RefusedException refused) {
        StorageErrorCode code = switch (refused.reason()) {
            case NO_CREDENTIALS -> StorageErrorCode.NO_AUTHENTICATION_INFORMATION;
            case UNSUPPORTED_SCHEME -> StorageErrorCode.UNSUPPORTED_AUTHENTICATION;
            case MALFORMED_CREDENTIALS -> StorageErrorCode.INVALID_AUTHENTICATION_INFO;
            case AUTHENTICATION_FAILED -> StorageErrorCode.AUTHENTICATION_FAILED;
            case OPERATION -> StorageErrorCode.AUTHORIZATION_FAILURE;
            case SERVICE -> StorageErrorCode.AUTHORIZATION_SERVICE_MISMATCH;
            case RESOURCE_TYPE -> StorageErrorCode.AUTHORIZATION_RESOURCE_TYPE_MISMATCH;
            case PERMISSION -> StorageErrorCode.AUTHORIZATION_PERMISSION_MISMATCH;
            case SOURCE_IP -> StorageErrorCode.AUTHORIZATION_SOURCE_IP_MISMATCH;
            case PROTOCOL -> StorageErrorCode.AUTHORIZATION_PROTOCOL_MISMATCH;
        };
        if (refused.detail() == null) {
            return new StorageException(code);
        }
        return new StorageException(
                code, Map.of(refused.reason() == RefusedException.Reason.SOURCE_IP ? "SourceIP" : "AuthenticationErrorDetail", refused.detail()));
    }
}
