package io.lazuli.host;

import io.lazuli.kernel.NodeId;
import io.lazuli.kernel.wire.WireMessage;
import java.util.List;

/** What one node agent runs. @param controllerEpoch of the newest assignment it has obeyed, 0 if none */
public record NodeReport(NodeId node, String faultDomain, long controllerEpoch, int maxInstances, List<InstanceStatus> instances)
        implements WireMessage {

    public NodeReport {
        instances = List.copyOf(instances);
    }
}
