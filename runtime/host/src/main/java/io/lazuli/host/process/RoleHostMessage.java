package io.lazuli.host.process;

import io.lazuli.host.HostSettings.QueueSettings;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.NodeAgentProtocol.PeerInfo;
import io.lazuli.host.StorageAccess;
import io.lazuli.host.code.CodeSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * What a node and a role host tell each other, one JSON object a line: the role host reads its standard input and writes
 * its standard output. Only these two speak it, and both are of the same build, so it has no versions. {@link RoleHostLine}
 * writes and reads it.
 */
sealed interface RoleHostMessage {

    /** What the node says. */
    sealed interface ToRoleHost extends RoleHostMessage {}

    /** What the role host says. */
    sealed interface FromRoleHost extends RoleHostMessage {}

    /** The first message, once. @param nodePid whose death ends the role host */
    record Configure(
            long nodePid, Path logDirectory, long logMaxBytes, long heartbeatIntervalMillis, StorageAccess access, QueueSettings queue)
            implements ToRoleHost {}

    record StartCode(CodeSpec code) implements ToRoleHost {}

    record StopCode(InstanceKey key, long run) implements ToRoleHost {}

    /** Gives one run up. */
    record EndCode(InstanceKey key, long run) implements ToRoleHost {}

    record Peers(List<PeerInfo> peers) implements ToRoleHost {
        public Peers {
            peers = List.copyOf(peers);
        }
    }

    /** The answer to Configure. */
    record Up() implements FromRoleHost {}

    record Heartbeat() implements FromRoleHost {}

    record CodeReady(InstanceKey key, long run) implements FromRoleHost {}

    /** @param error empty if it was asked to stop @param givenUp whether it may run on until the role host ends */
    record CodeEnded(InstanceKey key, long run, String error, boolean givenUp) implements FromRoleHost {}
}
