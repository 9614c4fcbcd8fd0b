package io.lazuli.storage.store;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import io.lazuli.storage.store.raft.RaftGroup.RaftPeer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A group of the cloud beside group 0, as group 0 remembers it. Its voters at the start are written down before any of them
 * opens, so that they all start alike whatever crashes in between. Key: the group's number, 4 bytes. Value: version(1)=1
 * state(1) peerCount(1) (length(2) utf8)*, big-endian.
 *
 * @param open true once every initial peer has opened its replica
 */
record GroupRow(int group, boolean open, List<RaftPeer> initialPeers) {

    static final PartitionId PARTITION = new PartitionId(0, PartitionKind.MAP, "groups");

    private static final byte VERSION = 1;
    private static final byte CREATING = 1;
    private static final byte OPEN = 2;

    GroupRow {
        initialPeers = List.copyOf(initialPeers);
    }

    GroupRow opened() {
        return new GroupRow(group, true, initialPeers);
    }

    RowOp.Put put() {
        return new RowOp.Put(ByteBuffer.allocate(Integer.BYTES).putInt(group).array(), encodeValue());
    }

    byte[] encodeValue() {
        List<byte[]> addresses = initialPeers.stream().map(peer -> peer.address().getBytes(StandardCharsets.UTF_8)).toList();
        int size = 3 + addresses.stream().mapToInt(address -> Short.BYTES + address.length).sum();
        ByteBuffer target = ByteBuffer.allocate(size).put(VERSION).put(open ? OPEN : CREATING).put((byte) addresses.size());
        addresses.forEach(address -> target.putShort((short) address.length).put(address));
        return target.array();
    }

    static GroupRow decode(Row row) {
        ByteBuffer source = ByteBuffer.wrap(row.value());
        byte version = source.get();
        if (version != VERSION) {
            throw new MalformedEntryException("a group row of version " + version);
        }
        boolean open = source.get() == OPEN;
        int count = source.get();
        List<RaftPeer> peers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] address = new byte[Short.toUnsignedInt(source.getShort())];
            source.get(address);
            peers.add(new RaftPeer(new String(address, StandardCharsets.UTF_8)));
        }
        return new GroupRow(ByteBuffer.wrap(row.key()).getInt(), open, peers);
    }
}
