package io.lazuli.storage.protocol.service;

import io.lazuli.kernel.Clock;
import io.lazuli.security.HttpDates;
import io.lazuli.security.StorageService;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.Cors;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The operations on an account's service itself, which are the same for every service: its properties, its statistics, and
 * what its CORS rules say. Source: "Set Queue Service Properties", "Get Table Service Stats" and their like, "Preflight".
 */
public final class ServiceRequests {

    private final StorageService service;
    private final Function<String, CompletionStage<ServiceProperties>> getProperties;
    private final BiFunction<String, UnaryOperator<ServiceProperties>, CompletionStage<ServiceProperties>> changeProperties;
    private final Clock clock;

    /**
     * @param getProperties of an account, linearizably
     * @param changeProperties completes when they are durable; what is left out is taken from what they are then
     */
    public ServiceRequests(
            StorageService service,
            Function<String, CompletionStage<ServiceProperties>> getProperties,
            BiFunction<String, UnaryOperator<ServiceProperties>, CompletionStage<ServiceProperties>> changeProperties,
            Clock clock) {
        this.service = service;
        this.getProperties = getProperties;
        this.changeProperties = changeProperties;
        this.clock = clock;
    }

    /**
     * Browsers send no credentials with it, so nobody but accounts that exist are asked for their rules.
     *
     * @throws StorageException CorsPreflightFailure if there is no such account
     */
    public PlannedRequest preflight(ServiceRequest request, boolean isAccount) {
        if (!isAccount) {
            throw new StorageException(StorageErrorCode.CORS_PREFLIGHT_FAILURE);
        }
        return new PlannedRequest(0, body -> getProperties.apply(request.account())
                .thenApply(properties -> Cors.preflight(rules(properties), request)));
    }

    /** Adds what browsers of other origins need. */
    public CompletionStage<Reply> withCors(ServiceRequest request, Reply reply) {
        return getProperties.apply(request.account()).thenApply(properties -> Cors.decorate(rules(properties), request, reply));
    }

    private static List<Cors.Rule> rules(ServiceProperties properties) {
        return properties.corsRules().stream()
                .map(rule -> new Cors.Rule(
                        rule.allowedOrigins(), rule.allowedMethods(), rule.allowedHeaders(), rule.exposedHeaders(), rule.maxAgeSeconds()))
                .toList();
    }

    public PlannedRequest getProperties(ServiceRequest request) {
        return new PlannedRequest(0, body -> getProperties.apply(request.account())
                .thenApply(properties -> Reply.xml(200, ServicePropertiesBodies.write(properties, request.version(), service))));
    }

    public PlannedRequest setProperties(ServiceRequest request) {
        return new PlannedRequest(ServicePropertiesBodies.MAX_BODY_BYTES, body -> {
            ServicePropertiesBodies.Change change = ServicePropertiesBodies.read(body, request.version(), service);
            UnaryOperator<ServiceProperties> applied = change.isWhole() ? present -> change.applyTo(null) : change::applyTo;
            return changeProperties.apply(request.account(), applied).thenApply(done -> Reply.empty(202));
        });
    }

    /**
     * Replication statistics belong to the secondary location, which here is the same data: replicas agree before a write is
     * acknowledged, so it was in step a moment ago.
     */
    public PlannedRequest stats(ServiceRequest request) {
        if (!request.secondary()) {
            throw BadRequests.invalidParameter("comp", "stats", "is answered at the secondary location only");
        }
        return new PlannedRequest(0, body -> getProperties.apply(request.account())
                .thenApply(reached -> Reply.xml(200, new XmlWriter(256)
                        .open("StorageServiceStats")
                        .open("GeoReplication")
                        .element("Status", "live")
                        .element("LastSyncTime", HttpDates.format(clock.epochMillis()))
                        .close("GeoReplication")
                        .close("StorageServiceStats")
                        .toBytes())));
    }
}
