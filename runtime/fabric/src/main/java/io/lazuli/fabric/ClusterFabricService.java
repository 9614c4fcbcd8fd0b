package io.lazuli.fabric;

import io.lazuli.fabric.controller.Controller;
import io.lazuli.fabric.controller.ControllerReply;
import io.lazuli.fabric.deployment.Deployment;
import io.lazuli.fabric.deployment.DeploymentReply;
import io.lazuli.fabric.deployment.DeploymentRequest;
import io.lazuli.fabric.deployment.DeploymentState;
import io.lazuli.fabric.deployment.DeploymentState.Phase;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.NodeAgentProtocol;
import io.lazuli.host.PackageSource;
import io.lazuli.kernel.Failures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.RecipientRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fabric as one node offers it: asks the deployments' entities, which decide and remember, and the controller, which
 * knows what runs. Keeps no state. {@link FabricAsking} bridges the time in which a shard or the controller moves.
 */
final class ClusterFabricService implements FabricService {

    static final int MAX_LOG_BYTES = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(ClusterFabricService.class);
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private final FabricAsking asking;
    private final FabricSettings settings;
    private final ActorRef<Controller.Command> controller;
    private final Function<String, RecipientRef<Deployment.Command>> deployments;
    private final PackageSource packages;
    private final Executor blocking;

    ClusterFabricService(
            ActorSystem<?> system, FabricSettings settings, ActorRef<Controller.Command> controller,
            Function<String, RecipientRef<Deployment.Command>> deployments, PackageSource packages, Executor blocking) {
        this.asking = new FabricAsking(system, settings.requestTimeout());
        this.settings = settings;
        this.controller = controller;
        this.deployments = deployments;
        this.packages = packages;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<DeploymentInfo> deploy(
            String name, Path jar, Map<String, Integer> counts, Map<String, Map<String, String>> overrides) {
        return answering(name, () -> CompletableFuture
                .supplyAsync(() -> DeployablePackage.read(name, jar, counts, overrides, settings), blocking)
                .thenCompose(checked -> register(name, checked)
                        .thenCompose(registration -> store(name, registration, checked, jar)
                                .thenCompose(stored -> deployStored(name, registration, checked))))
                .thenCompose(this::tellController)
                .thenApply(DeploymentInfos::withNothingReady));
    }

    private CompletionStage<Long> register(String name, DeployablePackage checked) {
        return askController(asking.deadlineNanos(), ControllerReply.Registered.class, replyTo -> new Controller.Register(name, checked.digest(), replyTo))
                .thenApply(ControllerReply.Registered::registration);
    }

    private CompletionStage<String> store(String name, long registration, DeployablePackage checked, Path jar) {
        return packages.store(jar).handle((digest, failure) -> {
            if (checked.digest().equals(digest)) {
                return digest;
            }
            controller.tell(new Controller.CancelRegistration(name, registration));
            if (failure != null) {
                LOG.warn("the package of deployment '{}' could not be stored", name, failure);
                throw new FabricException(FabricErrorCode.UNAVAILABLE, "the package could not be stored: " + FabricAsking.rootMessage(failure), failure);
            }
            throw new FabricException(FabricErrorCode.INVALID_PACKAGE, "the package has changed while it was being deployed");
        });
    }

    private CompletionStage<DeploymentState> deployStored(String name, long registration, DeployablePackage checked) {
        String requestId = UUID.randomUUID().toString();
        return askDeployment(asking.deadlineNanos(), name, new DeploymentRequest.Deploy(requestId, checked.digest(), checked.roles()))
                .whenComplete((state, failure) -> {
                    if (failure != null && !FabricAsking.isUnavailable(failure) && !alreadyExists(failure)) {
                        controller.tell(new Controller.CancelRegistration(name, registration));
                    }
                });
    }

    @Override
    public CompletionStage<List<DeploymentInfo>> deployments() {
        return FabricAsking.answering(() -> askController(asking.deadlineNanos(), ControllerReply.Deployments.class, Controller.ListDeployments::new)
                .thenApply(ControllerReply.Deployments::deployments));
    }

    @Override
    public CompletionStage<DeploymentInfo> deployment(String name) {
        long deadline = asking.deadlineNanos();
        return answering(name, () -> existing(deadline, name).thenCompose(state -> withReadiness(deadline, state)));
    }

    @Override
    public CompletionStage<DeploymentInfo> scale(String name, Map<String, Integer> counts) {
        long deadline = asking.deadlineNanos();
        return answering(name, () -> askDeployment(deadline, name, new DeploymentRequest.Scale(counts))
                .thenCompose(this::tellController)
                .thenCompose(state -> withReadiness(deadline, state).exceptionally(failure -> DeploymentInfos.withNothingReady(state))));
    }

    @Override
    public CompletionStage<Void> restart(InstanceKey instance) {
        return change(instance.deployment(), new DeploymentRequest.RestartInstance(instance.role(), instance.index()));
    }

    @Override
    public CompletionStage<Void> remove(String name) {
        return change(name, new DeploymentRequest.Remove());
    }

    private CompletionStage<Void> change(String name, DeploymentRequest request) {
        return answering(name, () ->
                askDeployment(asking.deadlineNanos(), name, request).thenCompose(this::tellController).thenApply(state -> null));
    }

    @Override
    public CompletionStage<List<InstanceInfo>> instances(Optional<String> deployment) {
        long deadline = asking.deadlineNanos();
        return deployment.isEmpty() ? FabricAsking.answering(() -> instancesKnown(deadline, deployment))
                : answering(deployment.get(), () ->
                        existing(deadline, deployment.get()).thenCompose(state -> instancesKnown(deadline, deployment)));
    }

    @Override
    public CompletionStage<LogText> readLog(InstanceKey instance, long offset, int maxBytes) {
        if (maxBytes < 1 || maxBytes > MAX_LOG_BYTES) {
            throw new IllegalArgumentException("1 to " + MAX_LOG_BYTES + " bytes of a log can be read at once, not " + maxBytes);
        }
        long deadline = asking.deadlineNanos();
        return answering(instance.deployment(), () -> existing(deadline, instance.deployment())
                .thenCompose(state -> askController(
                        deadline, ControllerReply.Located.class, replyTo -> new Controller.Locate(instance, replyTo)))
                .thenCompose(located -> ask(located.agent(), (ActorRef<NodeAgentProtocol.LogPage> replyTo) ->
                        new NodeAgentProtocol.ReadLog(instance, offset, maxBytes, replyTo)))
                .thenApply(page -> new LogText(page.key(), page.nextOffset(), page.text())));
    }

    private CompletionStage<DeploymentState> existing(long deadlineNanos, String name) {
        return askDeployment(deadlineNanos, name, new DeploymentRequest.Get()).thenApply(state -> {
            if (state.phase() == Phase.ABSENT) {
                throw new FabricException(FabricErrorCode.DEPLOYMENT_NOT_FOUND, "there is no deployment named '" + name + "'");
            }
            return state;
        });
    }

    private CompletionStage<List<InstanceInfo>> instancesKnown(long deadlineNanos, Optional<String> deployment) {
        return askController(deadlineNanos, ControllerReply.Instances.class, replyTo -> new Controller.ListInstances(deployment, replyTo))
                .thenApply(ControllerReply.Instances::instances);
    }

    private CompletionStage<DeploymentInfo> withReadiness(long deadlineNanos, DeploymentState state) {
        return instancesKnown(deadlineNanos, Optional.of(state.name())).thenApply(instances -> DeploymentInfos.of(state, instances));
    }

    /** Lets the controller act at once; if it does not answer it finds the change by itself a little later. */
    private CompletionStage<DeploymentState> tellController(DeploymentState state) {
        return ask(controller, (ActorRef<ControllerReply> replyTo) -> new Controller.DesiredChanged(state, replyTo))
                .handle((reply, failure) -> state);
    }

    private CompletionStage<DeploymentState> askDeployment(long deadlineNanos, String name, DeploymentRequest request) {
        return asking.again(deadlineNanos, () -> ask(deployments.apply(name), (ActorRef<DeploymentReply> replyTo) -> new Deployment.Ask(request, replyTo))
                .thenApply(reply -> switch (reply) {
                    case DeploymentReply.Done done -> done.state();
                    case DeploymentReply.Refused refused -> throw new FabricException(refused.code(), refused.message());
                }));
    }

    private <T extends ControllerReply> CompletionStage<T> askController(
            long deadlineNanos, Class<T> wanted, Function<ActorRef<ControllerReply>, Controller.Command> question) {
        return asking.again(deadlineNanos, () -> ask(controller, question).thenApply(reply -> {
            if (reply instanceof ControllerReply.Refused refused) {
                throw new FabricException(refused.code(), refused.message());
            }
            return wanted.cast(reply);
        }));
    }

    private <M, R> CompletionStage<R> ask(RecipientRef<M> recipient, Function<ActorRef<R>, M> question) {
        return asking.ask(recipient, question, settings.askTimeout());
    }

    private static <T> CompletionStage<T> answering(String name, Supplier<CompletionStage<T>> work) {
        if (!NAME.matcher(name).matches()) {
            return CompletableFuture.failedStage(new FabricException(FabricErrorCode.INVALID_NAME,
                    "a deployment's name has 1 to 63 of a-z, 0-9 and -, and a hyphen neither first nor last"));
        }
        return FabricAsking.answering(work);
    }

    private static boolean alreadyExists(Throwable failure) {
        return Failures.cause(failure) instanceof FabricException known && known.code() == FabricErrorCode.DEPLOYMENT_ALREADY_EXISTS;
    }
}
