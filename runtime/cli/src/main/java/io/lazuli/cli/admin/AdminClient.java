package io.lazuli.cli.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.lazuli.cli.CliException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Speaks the management API of a cloud through whichever node answers first: a node that is down or not ready is passed
 * over. A request that may not be repeated (POST) goes to another node only if the first surely did not begin it.
 */
public final class AdminClient {

    /** A node on this machine or network that is up accepts a connection much faster. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    /** Longer than a cloud that is getting over the death of a node lets its clients wait. */
    private static final Duration QUICK_TIMEOUT = Duration.ofSeconds(15);
    /** Submitting a package stores it on a majority of the nodes. */
    private static final Duration UPLOAD_TIMEOUT = Duration.ofSeconds(120);
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final String TIMED_OUT = "OperationTimedOut";

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT).build();
    private final List<String> endpoints;
    private final Optional<String> token;
    private final String whoseCloud;
    private final Duration quickTimeout;

    /**
     * @param endpoints base URLs, e.g. {@code http://127.0.0.1:10080}
     * @param token what {@code lazuli.admin.token} of the nodes says, if it is set
     * @param whoseCloud for messages, e.g. a directory
     */
    public AdminClient(List<String> endpoints, Optional<String> token, String whoseCloud) {
        this(endpoints, token, whoseCloud, QUICK_TIMEOUT);
    }

    private AdminClient(List<String> endpoints, Optional<String> token, String whoseCloud, Duration quickTimeout) {
        this.endpoints = List.copyOf(endpoints);
        this.token = token;
        this.whoseCloud = whoseCloud;
        this.quickTimeout = quickTimeout;
    }

    /** The same client, which waits only so long for each answer (uploads excepted). */
    public AdminClient impatient(Duration timeout) {
        return new AdminClient(endpoints, token, whoseCloud, timeout);
    }

    /** @throws AdminException if the cloud refuses; @throws CliException if no node answers */
    public JsonNode get(String path) {
        return call("GET", path, BodyPublishers.noBody(), "", quickTimeout);
    }

    public JsonNode post(String path, Object body) {
        return call("POST", path, text(body), "application/json", quickTimeout);
    }

    public JsonNode put(String path) {
        return call("PUT", path, BodyPublishers.noBody(), "", quickTimeout);
    }

    public JsonNode delete(String path) {
        return call("DELETE", path, BodyPublishers.noBody(), "", quickTimeout);
    }

    public JsonNode putFile(String path, Path file, String contentType) {
        try {
            return call("PUT", path, BodyPublishers.ofFile(file), contentType, UPLOAD_TIMEOUT);
        } catch (FileNotFoundException e) {
            throw new CliException("cannot read " + file);
        }
    }

    /** Percent-encoding for a path segment or a query value. */
    public static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode call(String method, String path, BodyPublisher body, String contentType, Duration timeout) {
        if (endpoints.isEmpty()) {
            throw new CliException("there is no cloud in " + whoseCloud + "; start one with 'lazuli up'");
        }
        List<String> failures = new ArrayList<>();
        AdminException unavailable = null;
        for (String endpoint : endpoints) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(endpoint + "/api/v1" + path)).timeout(timeout).method(method, body);
            token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
            if (!contentType.isEmpty()) {
                request.header("Content-Type", contentType);
            }
            try {
                return result(http.send(request.build(), BodyHandlers.ofString()));
            } catch (AdminException e) {
                if (!mayPass(method, e)) {
                    throw e;
                }
                unavailable = e;
            } catch (ConnectException | HttpConnectTimeoutException e) {
                failures.add(endpoint + " does not answer");
            } catch (IOException e) {
                if (method.equals("POST")) {
                    throw new CliException(endpoint + " broke off: " + reason(e) + "; the request may have been carried out");
                }
                failures.add(endpoint + ": " + reason(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CliException("interrupted");
            }
        }
        if (unavailable != null) {
            throw unavailable;
        }
        throw new CliException("no node of the cloud in " + whoseCloud + " answers (" + String.join(", ", failures)
                + "); 'lazuli up' starts what is down");
    }

    /** Whether another node, or the same a little later, may answer: one has just died, and its partitions are on their way. */
    private static boolean mayPass(String method, AdminException refusal) {
        return refusal.status() == SERVICE_UNAVAILABLE || method.equals("GET") && refusal.code().equals(TIMED_OUT);
    }

    private JsonNode result(HttpResponse<String> response) {
        JsonNode body = parse(response.body());
        if (response.statusCode() >= 200 && response.statusCode() < 300) {
            return body;
        }
        JsonNode error = body.path("error");
        String message = error.path("message").asText("");
        if (message.isEmpty() && body.path("reasons").isArray()) {
            List<String> reasons = new ArrayList<>();
            body.path("reasons").forEach(reason -> reasons.add(reason.asText()));
            message = "not ready: " + String.join("; ", reasons);
        }
        throw new AdminException(
                response.statusCode(), error.path("code").asText("HTTP" + response.statusCode()),
                message.isEmpty() ? "the cloud answered with HTTP status " + response.statusCode() : message);
    }

    private JsonNode parse(String text) {
        if (text == null || text.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private BodyPublisher text(Object body) {
        try {
            return BodyPublishers.ofString(json.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
