package io.lazuli.storage.protocol.http;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cross-origin resource sharing by an account's rules: the first rule that matches a request decides. Pure functions.
 * Source: "Cross-Origin Resource Sharing (CORS) support for Azure Storage".
 */
public final class Cors {

    private static final String ANY = "*";

    /** What every answer may carry beside the headers of its own. */
    private static final List<String> COMMON_HEADERS = List.of(
            "x-ms-request-id", "x-ms-version", "x-ms-client-request-id", "Server", "Date", "Content-Type", "Content-Length");

    private Cors() {}

    /** An allowed or exposed header is a name, or a prefix followed by an asterisk. */
    public record Rule(
            List<String> allowedOrigins, List<String> allowedMethods, List<String> allowedHeaders, List<String> exposedHeaders,
            int maxAgeSeconds) {

        private boolean allowsOrigin(String origin) {
            return allowedOrigins.contains(ANY) || allowedOrigins.contains(origin);
        }

        private boolean allowsMethod(String method) {
            return allowedMethods.contains(method);
        }

        private boolean allowsHeaders(List<String> names) {
            return names.stream().allMatch(name -> allowedHeaders.stream().anyMatch(pattern -> matches(pattern, name)));
        }
    }

    /**
     * The answer to an OPTIONS request.
     *
     * @throws StorageException CorsPreflightFailure if no rule matches, InvalidHeaderValue if it is no preflight request
     */
    public static Reply preflight(List<Rule> rules, ServiceRequest request) {
        String origin = required(request, "Origin");
        String method = required(request, "Access-Control-Request-Method");
        String headers = request.header("Access-Control-Request-Headers");
        List<String> names = headers == null ? List.of() : split(headers);
        for (Rule rule : rules) {
            if (rule.allowsOrigin(origin) && rule.allowsMethod(method) && rule.allowsHeaders(names)) {
                Reply reply = Reply.empty(200);
                allowOrigin(rule, origin, reply);
                reply.header("Access-Control-Allow-Methods", method);
                if (headers != null) {
                    reply.header("Access-Control-Allow-Headers", headers);
                }
                return reply.header("Access-Control-Max-Age", Integer.toString(rule.maxAgeSeconds));
            }
        }
        throw new StorageException(StorageErrorCode.CORS_PREFLIGHT_FAILURE);
    }

    /** The answer to any other request from another origin, with what its browser needs to let the page see it. */
    public static Reply decorate(List<Rule> rules, ServiceRequest request, Reply reply) {
        String origin = request.header("Origin");
        for (Rule rule : rules) {
            if (rule.allowsOrigin(origin) && rule.allowsMethod(request.method())) {
                allowOrigin(rule, origin, reply);
                List<String> exposed = exposed(rule, reply);
                if (!exposed.isEmpty()) {
                    reply.header("Access-Control-Expose-Headers", String.join(",", exposed));
                }
                return reply;
            }
        }
        return rules.isEmpty() ? reply : reply.header("Vary", "Origin");
    }

    private static void allowOrigin(Rule rule, String origin, Reply reply) {
        if (rule.allowedOrigins.contains(ANY)) {
            reply.header("Access-Control-Allow-Origin", ANY);
        } else {
            reply.header("Access-Control-Allow-Origin", origin)
                    .header("Access-Control-Allow-Credentials", "true")
                    .header("Vary", "Origin");
        }
    }

    /** Names as the rule has them; a prefix stands for the answer's headers that begin so. */
    private static List<String> exposed(Rule rule, Reply reply) {
        List<String> exposed = new ArrayList<>();
        for (String pattern : rule.exposedHeaders) {
            if (!pattern.endsWith(ANY)) {
                exposed.add(pattern);
            }
        }
        List<String> answered = new ArrayList<>(COMMON_HEADERS);
        for (int i = 0; i < reply.headers().size(); i += 2) {
            answered.add(reply.headers().get(i));
        }
        for (String name : answered) {
            boolean byPrefix = rule.exposedHeaders.stream().anyMatch(pattern -> pattern.endsWith(ANY) && matches(pattern, name));
            if (byPrefix && exposed.stream().noneMatch(name::equalsIgnoreCase)) {
                exposed.add(name);
            }
        }
        return exposed;
    }

    private static boolean matches(String pattern, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String lowerPattern = pattern.toLowerCase(Locale.ROOT);
        return lowerPattern.endsWith(ANY)
                ? lower.startsWith(lowerPattern.substring(0, lowerPattern.length() - 1))
                : lower.equals(lowerPattern);
    }

    private static List<String> split(String list) {
        List<String> parts = new ArrayList<>();
        for (String part : list.split(",")) {
            if (!part.isBlank()) {
                parts.add(part.trim());
            }
        }
        return parts;
    }

    private static String required(ServiceRequest request, String header) {
        String value = request.header(header);
        if (value == null || value.isEmpty()) {
            throw BadRequests.invalidHeader(header, "");
        }
        return value;
    }
}
