package io.lazuli.storage.store.raft.transport;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.InvokeContext;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One group's view of its host's connections; it owns none of them. */
final class GroupRpcClient implements RpcClient {

    private volatile RaftTransport transport;
    private ReplicatorGroup replicators;

    @Override
    public void registerConnectEventListener(ReplicatorGroup replicatorGroup) {
        this.replicators = replicatorGroup;
    }

    @Override
    public boolean init(RpcOptions options) {
        RaftNodeOptions nodeOptions = (RaftNodeOptions) options;
        nodeOptions.attach(replicators);
        transport = nodeOptions.transport();
        transport.addListener(replicators);
        return true;
    }

    @Override
    public void shutdown() {
        transport.removeListener(replicators);
    }

    @Override
    public boolean checkConnection(Endpoint endpoint) {
        return checkConnection(endpoint, false);
    }

    @Override
    public boolean checkConnection(Endpoint endpoint, boolean createIfAbsent) {
        PeerLink link = transport.link(endpoint);
        if (!link.isLive() && createIfAbsent) {
            link.connect();
        }
        return link.isLive();
    }

    @Override
    public void closeConnection(Endpoint endpoint) {
        transport.link(endpoint).disconnect("closed by a group");
    }

    @Override
    public void invokeAsync(Endpoint endpoint, Object request, InvokeContext context, InvokeCallback callback, long timeoutMs)
            throws RemotingException {
        transport.link(endpoint).call((Message) request, callback, timeoutMs);
    }

    @Override
    public Object invokeSync(Endpoint endpoint, Object request, InvokeContext context, long timeoutMs)
            throws InterruptedException, RemotingException {
        CompletableFuture<Object> response = new CompletableFuture<>();
        transport.link(endpoint).call((Message) request, new InvokeCallback() {
            @Override
            public void complete(Object result, Throwable failure) {
                if (failure == null) {
                    response.complete(result);
                } else {
                    response.completeExceptionally(failure);
                }
            }

            @Override
            public Executor executor() {
                return Runnable::run;
            }
        }, timeoutMs);
        try {
            return response.get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new InvokeTimeoutException("no answer from " + endpoint + " in " + timeoutMs + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RemotingException failure ? failure : new RemotingException(e.getCause());
        }
    }
}
