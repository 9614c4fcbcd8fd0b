package io.lazuli.security;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an Azure Storage SDK needs to reach an account, in the form that they all read:
 * {@code DefaultEndpointsProtocol=http;AccountName=…;AccountKey=…;QueueEndpoint=…;}.
 *
 * @param key Base64
 * @param queueEndpoint with the account as its path, e.g. {@code http://127.0.0.1:10001/devstoreaccount1}; so the others
 */
public record ConnectionString(
        String account, String key, Optional<URI> blobEndpoint, Optional<URI> queueEndpoint, Optional<URI> tableEndpoint) {

    /** For an account whose queue service answers at {@code http://host:port}. */
    public static ConnectionString ofQueue(String account, String key, String host, int port) {
        return new ConnectionString(account, key, Optional.empty(), Optional.of(endpoint(account, host, port)), Optional.empty());
    }

    /** The same account, whose table service answers at {@code http://host:port}. */
    public ConnectionString withTables(String host, int port) {
        return new ConnectionString(account, key, blobEndpoint, queueEndpoint, Optional.of(endpoint(account, host, port)));
    }

    /** The same account, whose blob service answers at {@code http://host:port}. */
    public ConnectionString withBlobs(String host, int port) {
        return new ConnectionString(account, key, Optional.of(endpoint(account, host, port)), queueEndpoint, tableEndpoint);
    }

    /** The account's path-style endpoint at a service's host and port. */
    public static URI endpoint(String account, String host, int port) {
        String literal = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        return URI.create("http://" + literal + ":" + port + "/" + account);
    }

    /** @throws IllegalArgumentException if the text is no connection string with an account name and key; the message does not repeat it */
    public static ConnectionString parse(String text) {
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String part : text.split(";")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                fields.put(part.substring(0, equals).trim(), part.substring(equals + 1).trim());
            }
        }
        if (!fields.containsKey("AccountName") || !fields.containsKey("AccountKey")) {
            throw new IllegalArgumentException("a connection string must have AccountName and AccountKey");
        }
        return new ConnectionString(
                fields.get("AccountName"), fields.get("AccountKey"),
                uri(fields, "BlobEndpoint"), uri(fields, "QueueEndpoint"), uri(fields, "TableEndpoint"));
    }

    /** The text that SDKs read; contains the key. */
    public String text() {
        StringBuilder out = new StringBuilder();
        String scheme = queueEndpoint.or(this::blobEndpoint).or(this::tableEndpoint).map(URI::getScheme).orElse("http");
        out.append("DefaultEndpointsProtocol=").append(scheme)
                .append(";AccountName=").append(account)
                .append(";AccountKey=").append(key).append(';');
        blobEndpoint.ifPresent(uri -> out.append("BlobEndpoint=").append(uri).append(';'));
        queueEndpoint.ifPresent(uri -> out.append("QueueEndpoint=").append(uri).append(';'));
        tableEndpoint.ifPresent(uri -> out.append("TableEndpoint=").append(uri).append(';'));
        return out.toString();
    }

    /** Without the key, so that it may be logged. */
    @Override
    public String toString() {
        return "ConnectionString[" + account + ", blob=" + blobEndpoint + ", queue=" + queueEndpoint + ", table=" + tableEndpoint + "]";
    }

    private static Optional<URI> uri(Map<String, String> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(URI::create);
    }
}
