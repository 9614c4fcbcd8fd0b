package io.lazuli.security;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/** A request as a server got it. */
record FakeRequest(String method, String rawPath, QueryString query, TreeMap<String, String> byName) implements SignableRequest {

    static FakeRequest of(String method, String uri, Map<String, String> headers) {
        URI parsed = URI.create(uri);
        TreeMap<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        return new FakeRequest(method, parsed.getRawPath(), QueryString.parse(parsed.getRawQuery()), byName);
    }

    @Override
    public String header(String name) {
        return byName.get(name);
    }

    @Override
    public Iterable<Map.Entry<String, String>> headers() {
        return byName.entrySet();
    }
}
