package io.lazuli.host.code;

import io.lazuli.host.InstanceKey;
import io.lazuli.host.NodeAgentProtocol.PeerInfo;
import io.lazuli.role.RoleContext.Peer;
import java.util.List;

/** The instances of the cloud as this process last heard of them; written by one, read by any thread of role code. */
public final class PeerBoard {

    private volatile List<PeerInfo> peers = List.of();

    public void set(List<PeerInfo> peers) {
        this.peers = List.copyOf(peers);
    }

    /** The other instances of the same deployment. */
    List<Peer> peersOf(InstanceKey self) {
        return peers.stream()
                .filter(peer -> peer.key().deployment().equals(self.deployment()) && !peer.key().equals(self))
                .map(peer -> new Peer(peer.key().toString(), peer.key().role(), peer.key().index(), peer.node(), peer.state().word()))
                .toList();
    }
}
