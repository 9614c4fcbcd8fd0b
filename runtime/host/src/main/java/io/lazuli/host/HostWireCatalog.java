package io.lazuli.host;

import io.lazuli.host.packages.PackageManifest;
import io.lazuli.host.packages.RoleManifest;
import io.lazuli.kernel.wire.WireCatalog;

/** Messages of this module that travel between nodes: 1300–1399. A number never changes its meaning. */
public final class HostWireCatalog implements WireCatalog {

    @Override
    public void register(Registrar registrar) {
        registrar
                .message(1300, InstanceKey.class)
                .message(1301, InstanceSpec.class)
                .message(1302, InstanceState.class)
                .message(1303, InstanceStatus.class)
                .message(1304, Isolation.class)
                .message(1305, RoleKind.class)
                .message(1306, NodeReport.class)
                .message(1307, NodeAgentProtocol.Assign.class)
                .message(1308, NodeAgentProtocol.PeerInfo.class)
                .message(1309, NodeAgentProtocol.Report.class)
                .message(1310, NodeAgentProtocol.ReadLog.class)
                .message(1311, NodeAgentProtocol.LogPage.class)
                .message(1312, PackageManifest.class)
                .message(1313, RoleManifest.class);
    }
}
