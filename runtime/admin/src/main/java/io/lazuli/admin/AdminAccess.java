package io.lazuli.admin;

import io.lazuli.kernel.SettingsException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Who may use the API. With a token: whoever has it. Without: programs on this machine, so the API is bound to loopback
 * alone, and what a web page of somebody else makes a browser send is refused.
 */
final class AdminAccess {

    private static final String BEARER = "Bearer ";

    private final Optional<String> token;

    AdminAccess(Optional<String> token) {
        this.token = token;
    }

    /** @throws SettingsException if the API must not be bound to this host with these settings */
    static void checkBinding(AdminSettings settings, String host) {
        if (isLoopback(host)) {
            return;
        }
        if (settings.development()) {
            throw new SettingsException("lazuli.node.host",
                    "in development mode the management API is bound to a loopback address only, not to '" + host + "'");
        }
        if (settings.token().isEmpty()) {
            throw new SettingsException("lazuli.admin.token",
                    "must be set, since the management API is bound to '" + host + "', which other machines can reach");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new SettingsException("lazuli.node.host", "'" + host + "' is no address of this machine");
        }
    }

    /** @throws AdminException 401 or 403 if this request is not for us */
    void check(HttpServerRequest request) {
        if (token.isPresent()) {
            String given = Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION)).orElse("");
            if (!given.regionMatches(true, 0, BEARER, 0, BEARER.length()) || !same(given.substring(BEARER.length()).strip(), token.get())) {
                throw new AdminException(401, "Unauthorized", "the request needs the header 'Authorization: Bearer <lazuli.admin.token>'");
            }
            return;
        }
        HostAndPort authority = request.authority();
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        boolean foreign = origin != null && (authority == null || !origin.equals(request.scheme() + "://" + authority));
        if (foreign || authority == null || !isLocalName(authority.host())) {
            throw new AdminException(403, "Forbidden", "without a token the management API serves programs on this machine only");
        }
    }

    private static boolean isLocalName(String host) {
        return host.equals("localhost") || host.endsWith(".localhost") || host.equals("[::1]") || host.equals("::1")
                || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    private static boolean same(String given, String expected) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }
}
