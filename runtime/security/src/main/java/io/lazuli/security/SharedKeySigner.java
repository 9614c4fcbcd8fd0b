package io.lazuli.security;

import io.lazuli.kernel.Clock;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Signs requests to the storage services with an account key. Safe for use by several threads. */
public final class SharedKeySigner {

    private final String account;
    private final SigningKey key;
    private final SharedKeyScheme scheme;
    private final Clock clock;

    public SharedKeySigner(String account, SigningKey key, SharedKeyScheme scheme, Clock clock) {
        this.account = account;
        this.key = key;
        this.scheme = scheme;
        this.clock = clock;
    }

    /**
     * The headers to send: those given plus {@code x-ms-date} (unless given) and {@code Authorization}.
     *
     * @param method in capitals
     * @param headers as they will be sent, {@code x-ms-version} and for a body that is not empty {@code Content-Length} among them
     */
    public Map<String, String> sign(StorageService service, String method, URI uri, Map<String, String> headers) {
        Map<String, String> signed = new LinkedHashMap<>(headers);
        if (headers.keySet().stream().noneMatch(name -> name.equalsIgnoreCase("x-ms-date"))) {
            signed.put("x-ms-date", HttpDates.format(clock.epochMillis()));
        }
        SignableRequest request = new OutgoingRequest(method, uri, signed);
        String text = StringToSign.of(scheme, service, account, request, StringToSign.Form.PLAIN);
        signed.put("Authorization", scheme.label() + " " + account + ":" + key.signBase64(text));
        return signed;
    }

    private static final class OutgoingRequest implements SignableRequest {

        private final String method;
        private final URI uri;
        private final QueryString query;
        private final Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

        OutgoingRequest(String method, URI uri, Map<String, String> headers) {
            this.method = method.toUpperCase(Locale.ROOT);
            this.uri = uri;
            this.query = QueryString.parse(uri.getRawQuery());
            headers.forEach((name, value) -> byName.put(name, value.trim()));
        }

        @Override
        public String method() {
            return method;
        }

        @Override
        public String rawPath() {
            return uri.getRawPath() == null ? "" : uri.getRawPath();
        }

        @Override
        public QueryString query() {
            return query;
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
}
