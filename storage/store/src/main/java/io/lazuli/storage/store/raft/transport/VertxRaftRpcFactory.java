package io.lazuli.storage.store.raft.transport;

import com.alipay.sofa.jraft.rpc.RaftRpcFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.SPI;

/**
 * Gives the consensus library our transport in place of its own, which deserializes Java objects. Found by the library's
 * service loader; the highest priority wins. Servers are opened by {@link RaftTransport}, one for all groups of a host.
 */
@SPI(priority = 100)
public final class VertxRaftRpcFactory implements RaftRpcFactory {

    /** Nothing to do: what may travel is {@link FrameType}'s fixed table. */
    @Override
    public void registerProtobufSerializer(String className, Object... args) {}

    @Override
    public RpcClient createRpcClient(ConfigHelper<RpcClient> helper) {
        return new GroupRpcClient();
    }

    @Override
    public RpcServer createRpcServer(Endpoint endpoint, ConfigHelper<RpcServer> helper) {
        throw new UnsupportedOperationException("the Raft port is opened by RaftTransport");
    }
}
