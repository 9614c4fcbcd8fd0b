package io.lazuli.storage.protocol.http;

import io.lazuli.security.PercentCoding;
import io.lazuli.security.QueryString;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request line asks for, path-style: {@code /account/segment/segment?query}, or {@code /account-secondary/…} for the
 * account's secondary location.
 *
 * @param rawPath as sent, still escaped
 * @param account without {@code -secondary}
 * @param segments the path after the account, split before it was unescaped; a single slash at the end counts for nothing
 */
record RequestTarget(String rawPath, String account, boolean secondary, List<String> segments, QueryString query) {

    static final int MAX_SEGMENTS = 64;

    private static final String SECONDARY = "-secondary";

    /**
     * @param uri of the request line, in origin form or absolute
     * @throws IllegalArgumentException if it is neither, or has a broken escape
     */
    static RequestTarget parse(String uri) {
        int start = pathStart(uri);
        int question = uri.indexOf('?', start);
        String rawPath = uri.substring(start, question < 0 ? uri.length() : question);
        QueryString query = question < 0 ? QueryString.empty() : QueryString.parse(uri.substring(question + 1));
        int accountEnd = rawPath.indexOf('/', 1);
        String account = PercentCoding.decode(rawPath.substring(1, accountEnd < 0 ? rawPath.length() : accountEnd));
        boolean secondary = account.endsWith(SECONDARY);
        return new RequestTarget(
                rawPath,
                secondary ? account.substring(0, account.length() - SECONDARY.length()) : account,
                secondary,
                accountEnd < 0 ? List.of() : segments(rawPath, accountEnd + 1),
                query);
    }

    private static int pathStart(String uri) {
        if (uri.startsWith("/")) {
            return 0;
        }
        int scheme = uri.indexOf("://");
        int path = scheme < 0 ? -1 : uri.indexOf('/', scheme + 3);
        if (path < 0) {
            throw new IllegalArgumentException("neither a path nor an absolute URI with one");
        }
        return path;
    }

    private static List<String> segments(String rawPath, int from) {
        List<String> segments = new ArrayList<>(4);
        int start = from;
        while (start < rawPath.length()) {
            int end = rawPath.indexOf('/', start);
            if (end < 0) {
                end = rawPath.length();
            }
            if (segments.size() == MAX_SEGMENTS) {
                throw new IllegalArgumentException("more than " + MAX_SEGMENTS + " segments");
            }
            segments.add(PercentCoding.decode(rawPath.substring(start, end)));
            start = end + 1;
        }
        return segments;
    }
}
