package io.lazuli.storage.protocol.blob;

import io.lazuli.security.QueryString;
import io.lazuli.security.SignableRequest;
import java.util.Map;
import java.util.TreeMap;

/** A request's head without a request. */
record FakeHead(String method, String rawPath, QueryString query, Map<String, String> all) implements SignableRequest {

    /** @param namesAndValues of headers, by turns */
    static FakeHead of(String method, String query, String... namesAndValues) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new FakeHead(method, "/account/pictures/cat.png", QueryString.parse(query), headers);
    }

    @Override
    public String header(String name) {
        return all.get(name);
    }

    @Override
    public Iterable<Map.Entry<String, String>> headers() {
        return all.entrySet();
    }
}
