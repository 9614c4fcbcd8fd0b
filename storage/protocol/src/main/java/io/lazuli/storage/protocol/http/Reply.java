package io.lazuli.storage.protocol.http;

import java.util.ArrayList;
import java.util.List;

/** An answer to a request, without what every answer has. Not shared between threads while headers are added. */
public final class Reply {

    /** Of a streamed body that ends when it ends. */
    public static final long UNKNOWN_LENGTH = -1;

    private static final byte[] NO_BODY = new byte[0];

    private final int status;
    private final String contentType;
    private final byte[] body;
    private final long lengthBytes;
    private final ReplyBody stream;
    private final List<String> headers = new ArrayList<>(4);

    private Reply(int status, String contentType, byte[] body, long lengthBytes, ReplyBody stream) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.lengthBytes = lengthBytes;
        this.stream = stream;
    }

    public static Reply empty(int status) {
        return new Reply(status, null, NO_BODY, 0, null);
    }

    /** @param document given away */
    public static Reply xml(int status, byte[] document) {
        return of(status, "application/xml", document);
    }

    /** @param body given away */
    public static Reply of(int status, String contentType, byte[] body) {
        return new Reply(status, contentType, body, body.length, null);
    }

    /**
     * With a body that is sent as it becomes available; its first part is asked for before the head is sent, so that its failure is answered as an error.
     *
     * @param contentType null for none
     * @param lengthBytes or {@link #UNKNOWN_LENGTH}
     * @param body closed by whoever gets the reply, also if it is not sent
     */
    public static Reply streaming(int status, String contentType, long lengthBytes, ReplyBody body) {
        return new Reply(status, contentType, NO_BODY, lengthBytes, body);
    }

    /** To HEAD: tells of a body that is not sent. @param contentType null for none */
    public static Reply ofHead(int status, String contentType, long lengthBytes) {
        return new Reply(status, contentType, NO_BODY, lengthBytes, null);
    }

    /** Adds a header; the value must be visible ASCII. One that every answer has replaces the edge's own. */
    public Reply header(String name, String value) {
        headers.add(name);
        headers.add(value);
        return this;
    }

    public int status() {
        return status;
    }

    /** Names and values by turns. */
    public List<String> headers() {
        return headers;
    }

    /** Null if none is told. */
    public String contentType() {
        return contentType;
    }

    /** Not to be changed; empty if it is streamed or not sent. */
    public byte[] body() {
        return body;
    }

    /** As it is told, or {@link #UNKNOWN_LENGTH}. */
    public long lengthBytes() {
        return lengthBytes;
    }

    /** Null unless the body is streamed. */
    public ReplyBody stream() {
        return stream;
    }
}
