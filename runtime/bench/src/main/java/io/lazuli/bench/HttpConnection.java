package io.lazuli.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One connection that sends requests as bytes and reads as little of the answers as is needed: so that a client costs little
 * CPU beside the servers that it measures on the same machine. Blocking; one thread at a time; reconnects after a failure.
 */
final class HttpConnection implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int READ_TIMEOUT_MILLIS = 60_000;
    private static final int MAX_LINE_BYTES = 16 * 1024;

    private final InetSocketAddress address;
    private final String head;
    private final byte[] line = new byte[MAX_LINE_BYTES];
    private final byte[] sink = new byte[64 * 1024];
    private Socket socket;
    private InputStream in;
    private int status;
    private long bodyBytes;

    /** @param endpoint with the account as its path */
    HttpConnection(URI endpoint) {
        address = new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
        head = "HTTP/1.1\r\nHost: " + endpoint.getAuthority() + "\r\nx-ms-version: 2021-12-02\r\nAccept: application/json;odata=nometadata\r\n";
    }

    /** A request as it is sent. @param path escaped, with its query; @param headers each line with its end */
    byte[] request(String method, String path, String headers, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String length = content.length > 0 || !method.equals("GET") ? "Content-Length: " + content.length + "\r\n" : "";
        byte[] start = (method + " " + path + " " + head + headers + length + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = Arrays.copyOf(start, start.length + content.length);
        System.arraycopy(content, 0, all, start.length, content.length);
        return all;
    }

    /** Sends the request, reads the answer and returns its status; the body is skipped. */
    int exchange(byte[] request) throws IOException {
        boolean done = false;
        try {
            if (socket == null) {
                connect();
            }
            socket.getOutputStream().write(request);
            read();
            done = true;
            return status;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    /** Of the last answer. */
    long bodyBytes() {
        return bodyBytes;
    }

    private void connect() throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        socket.connect(address, CONNECT_TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), sink.length);
    }

    private void read() throws IOException {
        String statusLine = readLine();
        status = Integer.parseInt(statusLine.substring(9, 12));
        long length = 0;
        boolean chunked = false;
        boolean last = false;
        for (String header = readLine(); !header.isEmpty(); header = readLine()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(header.substring(15).trim());
            } else if (lower.startsWith("transfer-encoding:") && lower.endsWith("chunked")) {
                chunked = true;
            } else if (lower.equals("connection: close")) {
                last = true;
            }
        }
        bodyBytes = 0;
        if (chunked) {
            for (int chunk = Integer.parseInt(readLine(), 16); chunk > 0; chunk = Integer.parseInt(readLine(), 16)) {
                skip(chunk);
                readLine();
            }
            readLine();
        } else if (status != 204) {
            skip(length);
        }
        if (last) {
            close();
        }
    }

    private void skip(long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            int read = in.read(sink, 0, (int) Math.min(left, sink.length));
            if (read < 0) {
                throw new EOFException("the answer was cut off");
            }
            left -= read;
        }
        bodyBytes += bytes;
    }

    private String readLine() throws IOException {
        int length = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection was closed");
            }
            if (length == line.length) {
                throw new IOException("a header line of more than " + line.length + " bytes");
            }
            line[length++] = (byte) b;
        }
        return new String(line, 0, length > 0 && line[length - 1] == '\r' ? length - 1 : length, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
