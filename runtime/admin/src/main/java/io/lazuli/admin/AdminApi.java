package io.lazuli.admin;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The management REST API of a node, {@code /api/v1}; every node that serves it answers for the whole cloud. Owns one HTTP
 * server on one event loop and keeps nothing over a restart. All limits are in {@link AdminSettings}; what is beyond one
 * is answered 413 or 503 at once.
 */
public final class AdminApi {

    private static final String BASE = "/api/v1";
    private static final int MAX_URI_BYTES = 64 << 10;
    private static final int MAX_HEADER_BYTES = 16 << 10;

    private interface Operation extends Function<RoutingContext, CompletionStage<Answer>> {}

    private final AdminSettings settings;
    private final AdminAccess access;
    private final CloudView cloud;
    private HttpServer server;
    private int requests;

    private AdminApi(AdminSettings settings, CloudView cloud) {
        this.settings = settings;
        this.access = new AdminAccess(settings.token());
        this.cloud = cloud;
    }

    /**
     * Completes when requests are served.
     *
     * @param port 0 for any that is free
     * @throws io.lazuli.kernel.SettingsException if the API must not be bound to this host with these settings
     */
    public static CompletionStage<AdminApi> start(
            Vertx vertx, AdminSettings settings, String host, int port, ManagedCloud cloud) {
        AdminAccess.checkBinding(settings, host);
        AdminApi api = new AdminApi(settings, cloud.view());
        Router router = api.router(vertx, cloud);
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(MAX_URI_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) settings.idleTimeoutMillis());
        return vertx.createHttpServer(options).requestHandler(router).listen(port, host)
                .map(server -> {
                    api.server = server;
                    return api;
                })
                .toCompletionStage();
    }

    public int port() {
        return server.actualPort();
    }

    /** Accepts nothing more, lets the requests that are under way end for at most {@code stop-timeout}, then closes. */
    public CompletionStage<Void> stop() {
        return server.shutdown(settings.stopTimeoutMillis(), TimeUnit.MILLISECONDS).toCompletionStage();
    }

    private Router router(Vertx vertx, ManagedCloud managed) {
        DeploymentRoutes deployments = new DeploymentRoutes(vertx, settings, managed.fabric());
        QueueRoutes queues = new QueueRoutes(managed.queues());
        AccountRoutes accounts = new AccountRoutes(managed.accounts(), managed.blobSettings());
        ChunkRoutes chunks = new ChunkRoutes(managed.chunks());
        PartitionRoutes partitions = new PartitionRoutes(managed.partitions());
        Router router = Router.router(vertx);
        router.route().handler(this::admit);
        BodyHandler bodies = BodyHandler.create(false).setBodyLimit(settings.maxBodyBytes());
        router.route().handler(context -> {
            if (context.request().method() == HttpMethod.POST) {
                bodies.handle(context);
            } else {
                context.next();
            }
        });
        routes(router, "/ready", Map.of(HttpMethod.GET, this::ready));
        routes(router, "/status", Map.of(HttpMethod.GET, request -> cloud.status().thenApply(status -> Answer.ok(AdminJson.status(status)))));
        routes(router, "/deployments", Map.of(HttpMethod.GET, deployments::list));
        router.put(BASE + "/deployments/:name").handler(context -> serve(context, deployments::deploy, 2 * settings.uploadTimeoutMillis()));
        routes(router, "/deployments/:name", Map.of(HttpMethod.GET, deployments::show, HttpMethod.DELETE, deployments::remove), "PUT");
        routes(router, "/deployments/:name/scale", Map.of(HttpMethod.POST, deployments::scale));
        routes(router, "/deployments/:name/instances/:role/:index/restart", Map.of(HttpMethod.POST, deployments::restart));
        routes(router, "/deployments/:name/logs", Map.of(HttpMethod.GET, deployments::log));
        routes(router, "/instances", Map.of(HttpMethod.GET, deployments::instances));
        routes(router, "/queues", Map.of(HttpMethod.GET, queues::list));
        routes(router, "/queues/:queue", Map.of(HttpMethod.PUT, queues::create, HttpMethod.DELETE, queues::delete));
        routes(router, "/queues/:queue/messages", Map.of(HttpMethod.POST, queues::put));
        routes(router, "/queues/:queue/receive", Map.of(HttpMethod.POST, queues::receive));
        routes(router, "/queues/:queue/peek", Map.of(HttpMethod.GET, queues::peek));
        routes(router, "/accounts", Map.of(HttpMethod.GET, accounts::list));
        routes(router, "/accounts/:account", Map.of(HttpMethod.PUT, accounts::create, HttpMethod.DELETE, accounts::delete));
        routes(router, "/accounts/:account/blob-settings", Map.of(
                HttpMethod.GET, accounts::blobSettings, HttpMethod.PUT, accounts::setBlobSettings));
        router.put(BASE + "/accounts/:account/lifecycle").handler(bodies);
        routes(router, "/accounts/:account/lifecycle", Map.of(
                HttpMethod.GET, accounts::lifecycle, HttpMethod.PUT, accounts::setLifecycle, HttpMethod.DELETE, accounts::clearLifecycle));
        routes(router, "/accounts/:account/keys", Map.of(HttpMethod.GET, accounts::keys));
        routes(router, "/accounts/:account/keys/:key/roll", Map.of(HttpMethod.POST, accounts::rollKey));
        routes(router, "/chunks", Map.of(HttpMethod.GET, chunks::list));
        routes(router, "/partitions", Map.of(HttpMethod.GET, partitions::list));
        router.errorHandler(400, context -> fail(context, AdminErrors.invalid("the request is malformed")));
        router.errorHandler(404, context -> fail(context, new AdminException(404, "NotFound", "there is nothing at " + context.request().path())));
        router.errorHandler(413, context -> fail(context,
                new AdminException(413, "RequestBodyTooLarge", "the body has more than " + settings.maxBodyBytes() + " bytes")));
        router.errorHandler(500, context -> fail(context, context.failure()));
        return router;
    }

    private void routes(Router router, String path, Map<HttpMethod, Operation> operations, String... otherMethods) {
        operations.forEach((method, operation) ->
                router.route(method, BASE + path).handler(context -> serve(context, operation, settings.requestTimeoutMillis())));
        String allow = Stream.concat(operations.keySet().stream().map(HttpMethod::name), Stream.of(otherMethods))
                .sorted().collect(Collectors.joining(", "));
        router.route(BASE + path).handler(context -> {
            context.response().putHeader(HttpHeaders.ALLOW, allow);
            fail(context, new AdminException(405, "MethodNotAllowed", "only " + allow + " is possible at " + context.request().path()));
        });
    }

    private void admit(RoutingContext context) {
        try {
            access.check(context.request());
            if (requests >= settings.maxRequests()) {
                throw AdminErrors.busy("this node has " + requests + " management requests under way");
            }
        } catch (AdminException e) {
            fail(context, e);
            return;
        }
        requests++;
        context.addEndHandler(end -> requests--);
        context.next();
    }

    private CompletionStage<Answer> ready(RoutingContext context) {
        return cloud.readiness().thenApply(readiness -> new Answer(readiness.ready() ? 200 : 503, AdminJson.readiness(readiness)));
    }

    /** Runs an operation and answers on the request's own event loop, whatever thread the result comes from. */
    private void serve(RoutingContext context, Operation operation, long timeoutMillis) {
        Context loop = context.vertx().getOrCreateContext();
        CompletionStage<Answer> stage;
        try {
            stage = operation.apply(context);
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedStage(e);
        }
        CompletionStage<Answer> bounded = stage.toCompletableFuture().copy().orTimeout(timeoutMillis, TimeUnit.MILLISECONDS);
        Future.fromCompletionStage(bounded, loop)
                .onSuccess(answer -> send(context, answer))
                .onFailure(failure -> fail(context, failure));
    }

    private static void fail(RoutingContext context, Throwable failure) {
        send(context, AdminErrors.answer(failure));
    }

    private static void send(RoutingContext context, Answer answer) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (answer.status() == 401) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        if (answer.status() == 408) {
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        response.setStatusCode(answer.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(answer.body().toBuffer());
    }
}
