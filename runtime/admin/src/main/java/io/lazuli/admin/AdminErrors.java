package io.lazuli.admin;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.FabricException;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where failures become answers. What is nobody's fault but ours is logged and answered without detail. */
final class AdminErrors {

    private static final Logger LOG = LoggerFactory.getLogger(AdminErrors.class);

    static Answer answer(Throwable failure) {
        return switch (failure) {
            case CompletionException wrapped when wrapped.getCause() != null -> answer(wrapped.getCause());
            case AdminException known -> answer(known.status(), known.code(), known.getMessage());
            case FabricException refused -> answer(status(refused.code()), code(refused.code()), refused.getMessage());
            case TimeoutException late -> answer(503, "Unavailable", "the cloud did not answer in time; try again");
            default -> {
                LOG.error("a management request has failed", failure);
                yield answer(500, "InternalError", "the request has failed on the server; its log says why");
            }
        };
    }

    static Answer answer(int status, String code, String message) {
        return new Answer(status, new JsonObject().put("error", new JsonObject().put("code", code).put("message", message)));
    }

    static AdminException busy(String what) {
        return new AdminException(503, "ServerBusy", what + "; try again in a moment");
    }

    static AdminException invalid(String message) {
        return new AdminException(400, "InvalidRequest", message);
    }

    private static int status(FabricErrorCode code) {
        return switch (code) {
            case INVALID_NAME, INVALID_PACKAGE, INVALID_COUNT -> 400;
            case DEPLOYMENT_NOT_FOUND, ROLE_NOT_FOUND, INSTANCE_NOT_FOUND, ACCOUNT_NOT_FOUND -> 404;
            case DEPLOYMENT_ALREADY_EXISTS, TOO_MANY_DEPLOYMENTS, INSTANCE_NOT_RUNNING, ACCOUNT_ALREADY_EXISTS, ACCOUNT_BEING_DELETED,
                    ACCOUNT_CONFIGURED, TOO_MANY_ACCOUNTS -> 409;
            case PACKAGE_TOO_LARGE -> 413;
            case UNAVAILABLE -> 503;
        };
    }

    private static String code(FabricErrorCode code) {
        return switch (code) {
            case INVALID_NAME -> "InvalidName";
            case INVALID_PACKAGE -> "InvalidPackage";
            case INVALID_COUNT -> "InvalidCount";
            case DEPLOYMENT_NOT_FOUND -> "DeploymentNotFound";
            case ROLE_NOT_FOUND -> "RoleNotFound";
            case INSTANCE_NOT_FOUND -> "InstanceNotFound";
            case DEPLOYMENT_ALREADY_EXISTS -> "DeploymentAlreadyExists";
            case TOO_MANY_DEPLOYMENTS -> "TooManyDeployments";
            case INSTANCE_NOT_RUNNING -> "InstanceNotRunning";
            case PACKAGE_TOO_LARGE -> "PackageTooLarge";
            case UNAVAILABLE -> "Unavailable";
            case ACCOUNT_NOT_FOUND -> "AccountNotFound";
            case ACCOUNT_ALREADY_EXISTS -> "AccountAlreadyExists";
            case ACCOUNT_BEING_DELETED -> "AccountBeingDeleted";
            case ACCOUNT_CONFIGURED -> "AccountConfigured";
            case TOO_MANY_ACCOUNTS -> "TooManyAccounts";
        };
    }

    private AdminErrors() {}
}
