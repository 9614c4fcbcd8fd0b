package io.lazuli.storage.protocol.multipart;

import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.multipart.Multipart.Part;
import io.lazuli.storage.protocol.multipart.Multipart.Slice;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A request inside of a multipart body, a part of type {@code application/http}.
 *
 * @param method in upper case; what {@code X-HTTP-Method} says, if a POST has it
 * @param uri as sent: absolute, from the root, or relative to the account
 * @param headers of the request, with lower-case names; the part's Content-ID too, where the request has none
 * @param body empty if there is none
 */
public record HttpPart(String method, String uri, Map<String, String> headers, byte[] body) {

    private static final String TYPE = "application/http";
    private static final String CONTENT_ID = "content-id";

    /** Null if it is not there. @param name in any case */
    public String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** Echoed in the answer, null if it is not there. */
    public String contentId() {
        return headers.get(CONTENT_ID);
    }

    public static boolean isHttp(Part part) {
        String type = part.headers().get("content-type");
        if (type == null) {
            return false;
        }
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).trim().equalsIgnoreCase(TYPE);
    }

    /** @throws io.lazuli.storage.model.StorageException InvalidInput if it is no request */
    public static HttpPart read(Part part) {
        Slice content = part.content();
        int line = content.from();
        String requestLine = "";
        while (line < content.to() && requestLine.isEmpty()) {
            int next = Multipart.lineEnd(content, line);
            requestLine = Multipart.line(content, line, next).trim();
            line = next;
        }
        int uriStart = requestLine.indexOf(' ') + 1;
        int uriEnd = requestLine.lastIndexOf(' ');
        if (uriStart < 2 || uriEnd <= uriStart || !requestLine.startsWith("HTTP/1.", uriEnd + 1)) {
            throw BadRequests.invalidInput("A request in the batch has no request line.");
        }
        Part request = Multipart.part(new Slice(content.bytes(), line, content.to()));
        Map<String, String> headers = new HashMap<>(request.headers());
        if (part.headers().containsKey(CONTENT_ID)) {
            headers.putIfAbsent(CONTENT_ID, part.headers().get(CONTENT_ID));
        }
        String method = requestLine.substring(0, uriStart - 1).toUpperCase(Locale.ROOT);
        if (method.equals("POST") && headers.containsKey("x-http-method")) {
            method = headers.get("x-http-method").toUpperCase(Locale.ROOT);
        }
        return new HttpPart(method, requestLine.substring(uriStart, uriEnd).trim(), headers, body(request.content()));
    }

    /** Without the line ends that some clients write behind it. */
    private static byte[] body(Slice content) {
        int end = content.to();
        while (end > content.from() && (content.bytes()[end - 1] == '\n' || content.bytes()[end - 1] == '\r')) {
            end--;
        }
        return Arrays.copyOfRange(content.bytes(), content.from(), end);
    }
}
