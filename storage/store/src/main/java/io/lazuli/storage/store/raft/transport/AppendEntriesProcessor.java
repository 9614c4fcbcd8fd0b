package io.lazuli.storage.store.raft.transport;

import com.alipay.sofa.jraft.rpc.RaftServerService;
import com.alipay.sofa.jraft.rpc.RpcRequestClosure;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.impl.core.NodeRequestProcessor;
import com.google.protobuf.Message;

/**
 * Hands a leader's entries to the follower. In place of the library's own processor, which keeps a thread and a queue of
 * responses for each pair of peers and group and loses both, for all groups, when a connection closes. It needs neither:
 * {@link SerialLane} keeps a group's requests in order, the log answers in the order of its writes, and the leader sorts
 * responses by their number.
 */
final class AppendEntriesProcessor extends NodeRequestProcessor<AppendEntriesRequest> {

    AppendEntriesProcessor() {
        super(null, AppendEntriesResponse.getDefaultInstance());
    }

    @Override
    protected String getPeerId(AppendEntriesRequest request) {
        return request.getPeerId();
    }

    @Override
    protected String getGroupId(AppendEntriesRequest request) {
        return request.getGroupId();
    }

    @Override
    protected Message processRequest0(RaftServerService node, AppendEntriesRequest request, RpcRequestClosure done) {
        return node.handleAppendEntriesRequest(request, done);
    }

    @Override
    public String interest() {
        return AppendEntriesRequest.class.getName();
    }
}
