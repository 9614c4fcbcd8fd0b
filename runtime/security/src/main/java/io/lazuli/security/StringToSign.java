package io.lazuli.security;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Builds what SharedKey and SharedKeyLite sign. Source: "Authorize with Shared Key" of the Azure Storage REST reference.
 * Pure functions.
 *
 * <p>The reference leaves room, and official clients use it differently: they sort names by collation (underscore before
 * digits, hyphens ignored), one splits comma lists in query values before sorting, none folds blanks in header values. A
 * server therefore tries the {@link Form}s in turn; they are nearly always the same text.
 */
final class StringToSign {

    enum Form {
        /** As clients send it: names by collation, values as they are. */
        PLAIN,
        /** The same with comma lists in query values taken apart and sorted. */
        SPLIT_LISTS,
        /**
         * To the letter of the reference: names by character code, runs of blanks in header values made one, an account's secondary location
         * signed as its primary where the path names it.
         */
        LITERAL
    }

    /** From this version on an empty body signs no length. */
    private static final String EMPTY_LENGTH_SINCE = "2015-02-21";
    /** From this version on headers without a value are signed too. */
    private static final String EMPTY_HEADERS_SINCE = "2016-05-31";

    private static final String SECONDARY = "-secondary";

    private static final String[] STANDARD_HEADERS = {
        "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date",
        "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range"
    };

    private static final Comparator<String> COLLATION =
            Comparator.comparing(StringToSign::collationKey).thenComparing(Comparator.naturalOrder());

    private StringToSign() {}

    static String of(SharedKeyScheme scheme, StorageService service, String account, SignableRequest request, Form form) {
        StringBuilder out = new StringBuilder(512);
        switch (scheme) {
            case SHARED_KEY -> {
                out.append(request.method()).append('\n');
                if (service == StorageService.TABLE) {
                    appendHeader(out, request, "Content-MD5");
                    appendHeader(out, request, "Content-Type");
                    out.append(date(request)).append('\n');
                } else {
                    appendStandardHeaders(out, request);
                    appendCanonicalHeaders(out, request, form);
                }
            }
            case SHARED_KEY_LITE -> {
                if (service == StorageService.TABLE) {
                    out.append(date(request)).append('\n');
                } else {
                    out.append(request.method()).append('\n');
                    appendHeader(out, request, "Content-MD5");
                    appendHeader(out, request, "Content-Type");
                    out.append(dateUnlessOwn(request)).append('\n');
                    appendCanonicalHeaders(out, request, form);
                }
            }
        }
        out.append('/').append(account).append(path(account, request.rawPath(), form));
        if (scheme == SharedKeyScheme.SHARED_KEY && service != StorageService.TABLE) {
            appendCanonicalQuery(out, request.query(), form);
        } else {
            String comp = request.query().first("comp");
            if (comp != null) {
                out.append("?comp=").append(comp);
            }
        }
        return out.toString();
    }

    private static String path(String account, String rawPath, Form form) {
        if (rawPath.isEmpty()) {
            return "/";
        }
        String secondary = "/" + account + SECONDARY;
        boolean named = rawPath.startsWith(secondary) && (rawPath.length() == secondary.length() || rawPath.charAt(secondary.length()) == '/');
        return form == Form.LITERAL && named ? "/" + account + rawPath.substring(secondary.length()) : rawPath;
    }

    private static void appendStandardHeaders(StringBuilder out, SignableRequest request) {
        for (String name : STANDARD_HEADERS) {
            String value = switch (name) {
                case "Content-Length" -> contentLength(request);
                case "Date" -> dateUnlessOwn(request);
                default -> orEmpty(request.header(name));
            };
            out.append(value).append('\n');
        }
    }

    private static void appendHeader(StringBuilder out, SignableRequest request, String name) {
        out.append(orEmpty(request.header(name))).append('\n');
    }

    private static String contentLength(SignableRequest request) {
        String length = orEmpty(request.header("Content-Length"));
        return length.equals("0") && isVersionSince(request, EMPTY_LENGTH_SINCE) ? "" : length;
    }

    /** The {@code Date} header, or nothing where {@code x-ms-date} is signed with the other headers of its kind. */
    private static String dateUnlessOwn(SignableRequest request) {
        return request.header("x-ms-date") == null ? orEmpty(request.header("Date")) : "";
    }

    private static String date(SignableRequest request) {
        String own = request.header("x-ms-date");
        return own == null ? orEmpty(request.header("Date")) : own;
    }

    private static void appendCanonicalHeaders(StringBuilder out, SignableRequest request, Form form) {
        boolean emptyToo = isVersionSince(request, EMPTY_HEADERS_SINCE);
        Map<String, String> own = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : request.headers()) {
            String name = header.getKey();
            if (name.regionMatches(true, 0, "x-ms-", 0, 5)) {
                String value = form == Form.LITERAL ? foldBlanks(header.getValue().trim()) : header.getValue().trim();
                own.merge(name.toLowerCase(Locale.ROOT), value, (first, second) -> first + "," + second);
            }
        }
        String[] names = own.keySet().toArray(String[]::new);
        Arrays.sort(names, form == Form.LITERAL ? Comparator.naturalOrder() : COLLATION);
        for (String name : names) {
            String value = own.get(name);
            if (emptyToo || !value.isEmpty()) {
                out.append(name).append(':').append(value).append('\n');
            }
        }
    }

    private static void appendCanonicalQuery(StringBuilder out, QueryString query, Form form) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (QueryString.Parameter parameter : query.parameters()) {
            List<String> ofName = values.computeIfAbsent(parameter.name().toLowerCase(Locale.ROOT), name -> new ArrayList<>(1));
            if (form == Form.SPLIT_LISTS) {
                for (String part : parameter.rawValue().split(",")) {
                    ofName.add(PercentCoding.decode(part));
                }
            } else {
                ofName.add(parameter.value());
            }
        }
        String[] names = values.keySet().toArray(String[]::new);
        Arrays.sort(names, form == Form.LITERAL ? Comparator.naturalOrder() : COLLATION);
        for (String name : names) {
            List<String> ofName = values.get(name);
            ofName.sort(form == Form.LITERAL ? Comparator.naturalOrder() : COLLATION);
            out.append('\n').append(name).append(':').append(String.join(",", ofName));
        }
    }

    /** Hyphens do not count, and an underscore comes before digits and letters. */
    private static String collationKey(String name) {
        if (name.indexOf('-') < 0 && name.indexOf('_') < 0) {
            return name;
        }
        return name.replace("-", "").replace('_', ' ');
    }

    private static String foldBlanks(String value) {
        StringBuilder out = new StringBuilder(value.length());
        boolean inBlanks = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
            if (!blank) {
                out.append(c);
            } else if (!inBlanks) {
                out.append(' ');
            }
            inBlanks = blank;
        }
        return out.toString();
    }

    private static boolean isVersionSince(SignableRequest request, String version) {
        String own = request.header("x-ms-version");
        return own != null && own.compareTo(version) >= 0;
    }

    private static String orEmpty(String value) {
        return value == null ? "" : value;
    }
}
