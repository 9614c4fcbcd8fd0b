package io.lazuli.admin;

import io.lazuli.fabric.FabricService;
import io.lazuli.host.InstanceKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What the API does with deployments and instances. Keeps the number of uploads under way and nothing else; an upload's
 * file lives from its first byte to the answer, and what a crash leaves in the upload directory is for the system to clear.
 */
final class DeploymentRoutes {

    private static final int DEFAULT_LOG_BYTES = 64 << 10;
    private static final int MAX_LOG_BYTES = 1 << 20;
    private static final Set<String> JAR_TYPES =
            Set.of("", "application/java-archive", "application/x-java-archive", "application/octet-stream", "application/zip");

    private final Vertx vertx;
    private final AdminSettings settings;
    private final FabricService fabric;
    private int uploads;

    DeploymentRoutes(Vertx vertx, AdminSettings settings, FabricService fabric) {
        this.vertx = vertx;
        this.settings = settings;
        this.fabric = fabric;
    }

    CompletionStage<Answer> list(RoutingContext request) {
        return fabric.deployments().thenApply(deployments -> Answer.ok(AdminJson.deployments(deployments)));
    }

    CompletionStage<Answer> show(RoutingContext request) {
        return fabric.deployment(name(request)).thenApply(deployment -> Answer.ok(AdminJson.deployment(deployment)));
    }

    CompletionStage<Answer> deploy(RoutingContext context) {
        String name = name(context);
        Map<String, Integer> counts = Parameters.counts(context);
        Map<String, Map<String, String>> overrides = Parameters.settings(context);
        HttpServerRequest request = context.request();
        checkHeaders(request);
        if (uploads >= settings.maxUploads()) {
            throw AdminErrors.busy(uploads + " packages are being uploaded to this node");
        }
        uploads++;
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        Future<Answer> answer = PackageUpload
                .receive(vertx, request, settings.uploadDirectory().toString(), settings.maxPackageBytes(), settings.uploadTimeoutMillis())
                .compose(file -> Future.fromCompletionStage(fabric.deploy(name, Path.of(file), counts, overrides), vertx.getOrCreateContext())
                        .eventually(() -> vertx.fileSystem().delete(file)))
                .map(deployment -> Answer.created(AdminJson.deployment(deployment)));
        return answer.onComplete(result -> uploads--).toCompletionStage();
    }

    private void checkHeaders(HttpServerRequest request) {
        String type = Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_TYPE)).orElse("");
        if (!JAR_TYPES.contains(type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))) {
            throw new AdminException(415, "UnsupportedMediaType", "the body should be a role package, application/java-archive");
        }
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && Long.parseLong(length) > settings.maxPackageBytes()) {
            throw PackageUpload.tooLarge(settings.maxPackageBytes());
        }
    }

    CompletionStage<Answer> remove(RoutingContext request) {
        return fabric.remove(name(request)).thenApply(done -> Answer.accepted());
    }

    CompletionStage<Answer> scale(RoutingContext request) {
        return fabric.scale(name(request), Parameters.countsInBody(request))
                .thenApply(deployment -> Answer.ok(AdminJson.deployment(deployment)));
    }

    CompletionStage<Answer> restart(RoutingContext request) {
        return fabric.restart(instance(request, request.pathParam("role"), request.pathParam("index"))).thenApply(done -> Answer.accepted());
    }

    CompletionStage<Answer> instances(RoutingContext request) {
        Optional<String> deployment = Optional.ofNullable(Parameters.text(request, "deployment", null)).map(Parameters::deployment);
        return fabric.instances(deployment).thenApply(instances -> Answer.ok(AdminJson.instances(instances)));
    }

    CompletionStage<Answer> log(RoutingContext request) {
        String[] instance = Parameters.text(request, "instance", "").split("/", -1);
        if (instance.length != 2) {
            throw AdminErrors.invalid("'instance' must be role/index");
        }
        long offset = Parameters.number(request, "offset", -DEFAULT_LOG_BYTES, Long.MIN_VALUE, Long.MAX_VALUE);
        int maxBytes = (int) Parameters.number(request, "maxBytes", DEFAULT_LOG_BYTES, 1, MAX_LOG_BYTES);
        return fabric.readLog(instance(request, instance[0], instance[1]), offset, maxBytes)
                .thenApply(log -> Answer.ok(AdminJson.log(log)));
    }

    private static InstanceKey instance(RoutingContext request, String role, String index) {
        return new InstanceKey(
                name(request), Parameters.role(role), (int) Parameters.number("index", index, 0, Integer.MAX_VALUE));
    }

    private static String name(RoutingContext request) {
        return Parameters.deployment(request.pathParam("name"));
    }
}
