package io.lazuli.storage.protocol.multipart;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An answer inside of a multipart body, as official clients read it: line by line, looking for header names in this spelling.
 *
 * @param headers names and values by turns, Content-Type included if there is a body; values are one line each
 * @param body empty if there is none
 */
public record HttpAnswer(int status, List<String> headers, byte[] body) {

    /** What most of them take. */
    public static final int EXPECTED_BYTES = 768;

    /** Writes the part that it is, after the boundary. @param contentId of the part, null if it has none */
    public void write(String contentId, ByteArrayOutputStream out) {
        StringBuilder head = new StringBuilder(EXPECTED_BYTES).append("Content-Type: application/http\r\n");
        head.append(contentId == null ? "Content-Transfer-Encoding: binary" : "Content-ID: " + oneLine(contentId));
        head.append("\r\n\r\nHTTP/1.1 ").append(status).append(' ').append(reason(status)).append("\r\n");
        for (int i = 0; i < headers.size(); i += 2) {
            head.append(headers.get(i)).append(": ").append(oneLine(headers.get(i + 1))).append("\r\n");
        }
        out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        out.writeBytes(body);
        out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** A value that came from the client must not begin a header of its own. */
    private static String oneLine(String value) {
        return value.replace('\r', ' ').replace('\n', ' ');
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 412 -> "Precondition Failed";
            case 413 -> "Request Entity Too Large";
            case 415 -> "Unsupported Media Type";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            default -> "Unknown";
        };
    }
}
