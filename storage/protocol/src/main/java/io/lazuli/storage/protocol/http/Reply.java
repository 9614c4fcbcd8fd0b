package io.lazuli.storage.protocol.http;

import java.util.ArrayList;
import java.util.List;

/** An answer to a request, without what every answer has. Not shared between threads while headers are added. */
public final class Reply {

    private static final byte[] NO_BODY = new byte[0];

    private final int status;
    private final String contentType;
    private final byte[] body;
    private final List<String> headers = new ArrayList<>(4);

    private Reply(int status, String contentType, byte[] body) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
    }

    public static Reply empty(int status) {
        return new Reply(status, null, NO_BODY);
    }

    /** @param document given away */
    public static Reply xml(int status, byte[] document) {
        return new Reply(status, "application/xml", document);
    }

    /** @param body given away */
    public static Reply of(int status, String contentType, byte[] body) {
        return new Reply(status, contentType, body);
    }

    /** Adds a header; the value must be visible ASCII. */
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

    /** Null if there is no body. */
    public String contentType() {
        return contentType;
    }

    /** Not to be changed. */
    public byte[] body() {
        return body;
    }
}
