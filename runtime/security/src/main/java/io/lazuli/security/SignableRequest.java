package io.lazuli.security;

import java.util.Map;

/** What SharedKey signs of a request. Servers and clients each have their own. */
public interface SignableRequest {

    /** In capitals. */
    String method();

    /** The path exactly as in the request line, escaped, beginning with a slash, without the query. */
    String rawPath();

    QueryString query();

    /** The header's value without surrounding blanks, several of one name joined by commas; null if absent. Names ignore case. */
    String header(String name);

    /** All headers, each line for itself. */
    Iterable<Map.Entry<String, String>> headers();
}
