package io.lazuli.storage.protocol.http;

import io.lazuli.security.AccountName;
import io.lazuli.security.PercentCoding;
import io.lazuli.security.QueryString;
import io.lazuli.security.StorageService;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request's line and {@code Host} ask for. Host-style, {@code account.queue.host} names the account and the whole path is
 * below it; with any other host, an IP address for instance, the path begins with the account: {@code /account/segment/segment}.
 * {@code account-secondary} is the account's secondary location in both. {@code account.web.host}, also {@code account.z1.web.host} as addresses
 * of web sites have a zone, is the account's static web site.
 *
 * @param rawPath as sent, still escaped
 * @param account without {@code -secondary}
 * @param hostStyle whether the host names the account
 * @param authority host and port as the client named them, empty if it named none
 * @param rawBelowAccount the path below the account as sent, without the slash that it begins with; empty if there is none
 * @param website whether the account's web site is asked, not a storage service
 * @param segments the path below the account, split before it was unescaped; a single slash at the end counts for nothing
 */
public record RequestTarget(
        String rawPath, String account, boolean secondary, boolean hostStyle, boolean website, String authority, String rawBelowAccount,
        List<String> segments, QueryString query) {

    static final int MAX_SEGMENTS = 256;

    private static final String SECONDARY = "-secondary";
    private static final String ACCOUNT_LABEL_REGEX = AccountName.REGEX + "(" + SECONDARY + ")?";
    private static final Pattern ACCOUNT_LABEL = Pattern.compile(ACCOUNT_LABEL_REGEX);
    private static final Pattern WEBSITE_HOST = Pattern.compile("(" + ACCOUNT_LABEL_REGEX + ")(\\.z[0-9]{1,3})?\\.web\\..+");

    /**
     * @param uri of the request line, in origin form or absolute
     * @param host the {@code Host} header, or null; an absolute URI has its own
     * @param service which host names must name to name an account
     * @throws IllegalArgumentException if the URI is neither, or has a broken escape
     */
    public static RequestTarget parse(String uri, String host, StorageService service) {
        int start = pathStart(uri);
        int question = uri.indexOf('?', start);
        String rawPath = uri.substring(start, question < 0 ? uri.length() : question);
        QueryString query = question < 0 ? QueryString.empty() : QueryString.parse(uri.substring(question + 1));
        String authority = start > 0 ? uri.substring(uri.indexOf("://") + 3, start) : host == null ? "" : host;
        String ofHost = accountOfHost(authority, service);
        if (ofHost != null) {
            return of(rawPath, ofHost, true, false, authority, 1, query);
        }
        Matcher website = WEBSITE_HOST.matcher(authority.toLowerCase(Locale.ROOT));
        if (service == StorageService.BLOB && website.matches()) {
            return of(rawPath, website.group(1), true, true, authority, 1, query);
        }
        int accountEnd = rawPath.indexOf('/', 1);
        String ofPath = PercentCoding.decode(rawPath.substring(1, accountEnd < 0 ? rawPath.length() : accountEnd));
        return of(rawPath, ofPath, false, false, authority, accountEnd < 0 ? rawPath.length() : accountEnd + 1, query);
    }

    private static RequestTarget of(
            String rawPath, String named, boolean hostStyle, boolean website, String authority, int below, QueryString query) {
        boolean secondary = named.endsWith(SECONDARY);
        String account = secondary ? named.substring(0, named.length() - SECONDARY.length()) : named;
        return new RequestTarget(
                rawPath, account, secondary, hostStyle, website, authority, rawPath.substring(Math.min(below, rawPath.length())),
                segments(rawPath, below), query);
    }

    RequestTarget withoutQuery() {
        return new RequestTarget(rawPath, account, secondary, hostStyle, website, authority, rawBelowAccount, segments, QueryString.empty());
    }

    /** The account that {@code account.service.…} names, perhaps with {@code -secondary}; null if the host is of another form. */
    private static String accountOfHost(String authority, StorageService service) {
        int first = authority.indexOf('.');
        int second = authority.indexOf('.', first + 1);
        if (first < 0 || second < 0 || second == authority.length() - 1
                || !authority.regionMatches(true, first + 1, service.label(), 0, second - first - 1)
                || second - first - 1 != service.label().length()) {
            return null;
        }
        String label = authority.substring(0, first).toLowerCase(Locale.ROOT);
        return ACCOUNT_LABEL.matcher(label).matches() ? label : null;
    }

    /** The account's address as the client sees it, without a slash at the end. */
    String accountEndpoint(boolean https) {
        String root = (https ? "https://" : "http://") + authority;
        return hostStyle ? root : root + "/" + account + (secondary ? SECONDARY : "");
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
