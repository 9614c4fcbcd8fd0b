package io.lazuli.storage.store.raft.transport;

import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowResponse;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import java.util.HashMap;
import java.util.Map;

/**
 * The whole of what may travel on the Raft port: the consensus library's protobuf messages, by number. Nothing else is
 * ever decoded. The numbers are part of the protocol: never reuse one.
 */
enum FrameType {
    APPEND_ENTRIES(1, AppendEntriesRequest.class, AppendEntriesRequest.parser()),
    REQUEST_VOTE(2, RequestVoteRequest.class, RequestVoteRequest.parser()),
    TIMEOUT_NOW(3, TimeoutNowRequest.class, TimeoutNowRequest.parser()),
    READ_INDEX(4, ReadIndexRequest.class, ReadIndexRequest.parser()),
    INSTALL_SNAPSHOT(5, InstallSnapshotRequest.class, InstallSnapshotRequest.parser()),
    GET_FILE(6, GetFileRequest.class, GetFileRequest.parser()),
    PING(7, PingRequest.class, PingRequest.parser()),

    APPEND_ENTRIES_RESPONSE(65, AppendEntriesResponse.class, AppendEntriesResponse.parser()),
    REQUEST_VOTE_RESPONSE(66, RequestVoteResponse.class, RequestVoteResponse.parser()),
    TIMEOUT_NOW_RESPONSE(67, TimeoutNowResponse.class, TimeoutNowResponse.parser()),
    READ_INDEX_RESPONSE(68, ReadIndexResponse.class, ReadIndexResponse.parser()),
    INSTALL_SNAPSHOT_RESPONSE(69, InstallSnapshotResponse.class, InstallSnapshotResponse.parser()),
    GET_FILE_RESPONSE(70, GetFileResponse.class, GetFileResponse.parser()),
    ERROR_RESPONSE(71, ErrorResponse.class, ErrorResponse.parser());

    private static final int FIRST_RESPONSE = 65;
    private static final FrameType[] BY_NUMBER = new FrameType[128];
    private static final Map<Class<?>, FrameType> BY_CLASS = new HashMap<>();

    static {
        for (FrameType type : values()) {
            BY_NUMBER[type.number] = type;
            BY_CLASS.put(type.messageClass, type);
        }
    }

    private final int number;
    private final Class<? extends Message> messageClass;
    private final Parser<? extends Message> parser;

    <M extends Message> FrameType(int number, Class<M> messageClass, Parser<M> parser) {
        this.number = number;
        this.messageClass = messageClass;
        this.parser = parser;
    }

    static FrameType numbered(int number) throws ProtocolViolation {
        FrameType type = number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
        if (type == null) {
            throw new ProtocolViolation("no message has type number " + number);
        }
        return type;
    }

    static FrameType of(Object message) {
        FrameType type = BY_CLASS.get(message.getClass());
        if (type == null) {
            throw new IllegalArgumentException("not a message of the Raft port: " + message.getClass().getName());
        }
        return type;
    }

    int number() {
        return number;
    }

    boolean isRequest() {
        return number < FIRST_RESPONSE;
    }

    /** Decodes a message that may keep {@code body} instead of copying its parts: the array is given away. */
    Message parse(byte[] body) throws ProtocolViolation {
        CodedInputStream in = UnsafeByteOperations.unsafeWrap(body).newCodedInput();
        in.enableAliasing(true);
        try {
            return parser.parseFrom(in);
        } catch (InvalidProtocolBufferException e) {
            throw new ProtocolViolation("no valid " + messageClass.getSimpleName() + ", it cannot be decoded: " + e.getMessage());
        }
    }
}
