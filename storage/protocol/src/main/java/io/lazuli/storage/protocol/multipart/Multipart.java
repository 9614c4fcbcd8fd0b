package io.lazuli.storage.protocol.multipart;

import io.lazuli.storage.protocol.http.BadRequests;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Multipart bodies (RFC 2046, 5.1): a body's parts lie between lines with its boundary, the last of them closing. Lines end with CRLF
 * or LF alone. A body without the closing line was cut off, and is refused whole.
 */
public final class Multipart {

    /** A request line or header: an address with two keys of the largest size in escaped UTF-8, a projection and a filter. */
    static final int MAX_LINE_BYTES = 64 * 1024;
    static final int MAX_HEADERS = 64;
    /** RFC 2046, 5.1.1. */
    static final int MAX_BOUNDARY_CHARS = 70;

    /** Bytes of a body, {@code to} exclusive. */
    public record Slice(byte[] bytes, int from, int to) {}

    /** @param headers with lower-case names; those that are given twice joined by a comma */
    public record Part(Map<String, String> headers, Slice content) {}

    private enum Delimiter {
        NONE,
        OPENING,
        CLOSING
    }

    private Multipart() {}

    /**
     * The boundary that a Content-Type names.
     *
     * @param contentType null if there is none
     * @throws io.lazuli.storage.model.StorageException InvalidInput if it is not multipart/mixed with a boundary
     */
    public static String boundary(String contentType) {
        String[] parts = contentType == null ? new String[] {""} : contentType.split(";");
        if (parts[0].trim().equalsIgnoreCase("multipart/mixed")) {
            for (int i = 1; i < parts.length; i++) {
                String parameter = parts[i].trim();
                if (parameter.regionMatches(true, 0, "boundary=", 0, "boundary=".length())) {
                    String boundary = unquoted(parameter.substring("boundary=".length()).trim());
                    if (!boundary.isEmpty() && boundary.length() <= MAX_BOUNDARY_CHARS) {
                        return boundary;
                    }
                }
            }
        }
        throw BadRequests.invalidInput("The Content-Type must be multipart/mixed with a boundary.");
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** At most {@code maxParts + 1}, so that the caller sees that there are too many. @throws io.lazuli.storage.model.StorageException InvalidInput if malformed */
    public static List<Slice> split(Slice body, String boundary, int maxParts) {
        byte[] delimiter = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        List<Slice> parts = new ArrayList<>();
        int partStart = -1;
        for (int line = body.from; line < body.to; line = lineEnd(body, line)) {
            Delimiter kind = delimiterAt(body, line, delimiter);
            if (kind == Delimiter.NONE) {
                continue;
            }
            if (partStart >= 0) {
                parts.add(new Slice(body.bytes, partStart, beforeLineEnd(body, partStart, line)));
            }
            if (kind == Delimiter.CLOSING || parts.size() > maxParts) {
                return parts;
            }
            partStart = lineEnd(body, line);
        }
        throw BadRequests.invalidInput("The multipart body with the boundary '" + boundary + "' has no end.");
    }

    /** Headers up to an empty line, then the content. @throws io.lazuli.storage.model.StorageException InvalidInput if malformed */
    public static Part part(Slice part) {
        Map<String, String> headers = new HashMap<>();
        int line = part.from;
        while (line < part.to) {
            int next = lineEnd(part, line);
            String text = line(part, line, next);
            line = next;
            if (text.isEmpty()) {
                break;
            }
            int colon = text.indexOf(':');
            if (colon < 1 || headers.size() >= MAX_HEADERS) {
                throw BadRequests.invalidInput(colon < 1 ? "A line in a part of the batch is no header." : "A part of the batch has too many headers.");
            }
            headers.merge(text.substring(0, colon).trim().toLowerCase(Locale.ROOT), text.substring(colon + 1).trim(), (first, second) -> first + "," + second);
        }
        return new Part(headers, new Slice(part.bytes, line, part.to));
    }

    /** The text of the line without its end. */
    static String line(Slice body, int line, int next) {
        if (next - line > MAX_LINE_BYTES) {
            throw BadRequests.invalidInput("A line in a part of the batch is longer than " + MAX_LINE_BYTES + " bytes.");
        }
        int end = next == body.to && body.bytes[next - 1] != '\n' ? next : beforeLineEnd(body, line, next);
        return new String(body.bytes, line, end - line, StandardCharsets.UTF_8);
    }

    /** Where the next line begins. */
    static int lineEnd(Slice body, int line) {
        int i = line;
        while (i < body.to && body.bytes[i] != '\n') {
            i++;
        }
        return Math.min(body.to, i + 1);
    }

    private static Delimiter delimiterAt(Slice body, int line, byte[] delimiter) {
        int i = line;
        for (byte expected : delimiter) {
            if (i >= body.to || body.bytes[i++] != expected) {
                return Delimiter.NONE;
            }
        }
        boolean closing = i + 1 < body.to && body.bytes[i] == '-' && body.bytes[i + 1] == '-';
        i += closing ? 2 : 0;
        while (i < body.to && (body.bytes[i] == ' ' || body.bytes[i] == '\t' || body.bytes[i] == '\r')) {
            i++;
        }
        boolean alone = i == body.to || body.bytes[i] == '\n';
        return !alone ? Delimiter.NONE : closing ? Delimiter.CLOSING : Delimiter.OPENING;
    }

    /** The line end before a boundary belongs to the boundary. */
    private static int beforeLineEnd(Slice body, int start, int next) {
        int end = next;
        if (end > start && body.bytes[end - 1] == '\n') {
            end--;
            if (end > start && body.bytes[end - 1] == '\r') {
                end--;
            }
        }
        return end;
    }
}
