package io.lazuli.storage.protocol.http;

import io.lazuli.security.SasVerifier;
import io.lazuli.security.QueryString;
import io.lazuli.security.SignableRequest;
import io.lazuli.security.StorageService;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;

/** The head of a request to a storage service, parsed once: where it goes, in which version, under which id. Event loop only. */
public final class ServiceRequest implements SignableRequest {

    /** The longest {@code x-ms-client-request-id}. */
    public static final int MAX_CLIENT_REQUEST_ID_CHARS = 1024;

    private static final int MAX_TIMEOUT_DIGITS = 6;

    private final HttpServerRequest http;
    private final String method;
    private final MultiMap headers;
    private final String requestId;
    private final RequestTarget target;
    private final ServiceVersion version;

    /** @throws StorageException if the request line or a header that every operation has is wrong */
    ServiceRequest(HttpServerRequest http, String requestId, StorageService service) {
        this.http = http;
        this.method = http.method().name();
        this.headers = http.headers();
        this.requestId = requestId;
        this.target = target(http.uri(), headers.get("Host"), service);
        this.version = versionOf(target.query());
        String clientRequestId = headers.get("x-ms-client-request-id");
        if (clientRequestId != null && !isClientRequestId(clientRequestId)) {
            throw new StorageException(StorageErrorCode.INVALID_HEADER_VALUE, Map.of("HeaderName", "x-ms-client-request-id"));
        }
    }

    private ServiceRequest(ServiceRequest batch, String method, String uri, MultiMap headers, StorageService service) {
        this.http = batch.http;
        this.method = method;
        this.headers = headers;
        this.requestId = batch.requestId;
        this.target = target(uri, batch.headers.get("Host"), service);
        this.version = batch.version;
    }

    private static RequestTarget target(String uri, String host, StorageService service) {
        try {
            return RequestTarget.parse(uri, host, service);
        } catch (IllegalArgumentException e) {
            throw new StorageException(StorageErrorCode.REQUEST_URL_FAILED_TO_PARSE);
        }
    }

    /**
     * A request inside of this one's body: with a line and headers of its own, of the same client and in the same version.
     *
     * @throws StorageException RequestUrlFailedToParse
     */
    public ServiceRequest part(String partMethod, String uri, Map<String, String> partHeaders, StorageService service) {
        return new ServiceRequest(this, partMethod, uri, MultiMap.caseInsensitiveMultiMap().addAll(partHeaders), service);
    }

    private ServiceRequest(ServiceRequest whole, MultiMap headers, RequestTarget target) {
        this.http = whole.http;
        this.method = whole.method;
        this.headers = headers;
        this.requestId = whole.requestId;
        this.target = target;
        this.version = whole.version;
    }

    /** For the same path of the same account. */
    public ServiceRequest withoutQuery() {
        return new ServiceRequest(this, headers, target.withoutQuery());
    }

    /** The same, that says nothing but its path. */
    public ServiceRequest withoutQueryAndHeaders() {
        return new ServiceRequest(this, MultiMap.caseInsensitiveMultiMap(), target.withoutQuery());
    }

    /** Of the version that executes the request: {@code api-version}, else the header, else the signature's. */
    private ServiceVersion versionOf(QueryString query) {
        String header = headers.get("x-ms-version");
        if (header != null && ServiceVersion.parse(header) == null) {
            throw new StorageException(
                    StorageErrorCode.INVALID_HEADER_VALUE, Map.of("HeaderName", "x-ms-version", "HeaderValue", header));
        }
        boolean signed = SasVerifier.isSigned(query);
        String chosen = signed && query.first("api-version") != null ? query.first("api-version") : header;
        if (chosen == null && signed) {
            chosen = query.first("sv");
        }
        if (chosen == null) {
            return ServiceVersion.DEFAULT;
        }
        ServiceVersion parsed = ServiceVersion.parse(chosen);
        if (parsed == null) {
            throw new StorageException(
                    StorageErrorCode.INVALID_QUERY_PARAMETER_VALUE,
                    Map.of("QueryParameterName", query.first("api-version") != null ? "api-version" : "sv", "QueryParameterValue", chosen));
        }
        return parsed;
    }

    /** Whether it is short enough and of visible characters, so that it may be echoed. */
    static boolean isClientRequestId(String id) {
        boolean visible = id.length() <= MAX_CLIENT_REQUEST_ID_CHARS;
        for (int i = 0; visible && i < id.length(); i++) {
            visible = id.charAt(i) >= ' ' && id.charAt(i) < 0x7F;
        }
        return visible;
    }

    public String requestId() {
        return requestId;
    }

    public ServiceVersion version() {
        return version;
    }

    public String account() {
        return target.account();
    }

    /** Whether the account's secondary location is asked. */
    public boolean secondary() {
        return target.secondary();
    }

    /** For what changes something. @throws StorageException InsufficientAccountPermissions if the secondary location is asked */
    public void requirePrimary() {
        if (secondary()) {
            throw new StorageException(
                    StorageErrorCode.INSUFFICIENT_ACCOUNT_PERMISSIONS, Map.of("Reason", "Write operations are not allowed."));
        }
    }

    /** Whether the account's static web site is asked, not one of its services. */
    public boolean website() {
        return target.website();
    }

    /** The path below the account, unescaped. */
    public List<String> segments() {
        return target.segments();
    }

    /** The path below the account as it was sent, still escaped, without the slash that it begins with. */
    public String rawBelowAccount() {
        return target.rawBelowAccount();
    }

    /** Of the client's end of the connection. */
    public String remoteAddress() {
        return http.remoteAddress().hostAddress();
    }

    public boolean isHttps() {
        return http.isSSL();
    }

    /**
     * The account's address as the client sees it, without a slash at the end, e.g. {@code http://127.0.0.1:10001/devstoreaccount1} or
     * {@code http://devstoreaccount1.queue.localhost:10001}.
     */
    public String accountEndpoint() {
        return target.accountEndpoint(isHttps());
    }

    /** The client's {@code timeout} in seconds where it is shorter than ours. Source: "Setting timeouts for Queue Storage operations". */
    long timeoutMillis(long ownMillis) {
        String asked = query().first("timeout");
        if (asked == null || asked.isEmpty() || asked.length() > MAX_TIMEOUT_DIGITS || !asked.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return ownMillis;
        }
        long askedMillis = Long.parseLong(asked) * 1000;
        return askedMillis > 0 ? Math.min(ownMillis, askedMillis) : ownMillis;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String rawPath() {
        return target.rawPath();
    }

    @Override
    public QueryString query() {
        return target.query();
    }

    @Override
    public String header(String name) {
        String value = headers.get(name);
        if (value == null) {
            return null;
        }
        List<String> all = headers.getAll(name);
        return all.size() == 1 ? value : String.join(",", all);
    }

    @Override
    public Iterable<Map.Entry<String, String>> headers() {
        return headers;
    }
}
