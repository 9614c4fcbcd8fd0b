package io.lazuli.fabric.deployment;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.kernel.wire.WireMessage;

/** A deployment's answer to a {@link DeploymentRequest}. */
public sealed interface DeploymentReply extends WireMessage {

    /** Done, durably; or nothing was to do. @param state afterwards */
    record Done(DeploymentState state) implements DeploymentReply {}

    /** Refused, nothing has changed. @param message one line for the person who asked */
    record Refused(FabricErrorCode code, String message) implements DeploymentReply {}
}
