package io.lazuli.fabric.controller;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.FabricSettings;
import io.lazuli.fabric.controller.Controller.AbsenceChecked;
import io.lazuli.fabric.controller.Controller.CancelRegistration;
import io.lazuli.fabric.controller.Controller.Command;
import io.lazuli.fabric.controller.Controller.ForgettingFailed;
import io.lazuli.fabric.controller.Controller.NameForgotten;
import io.lazuli.fabric.controller.Controller.NameRegistered;
import io.lazuli.fabric.controller.Controller.PackageDeleted;
import io.lazuli.fabric.controller.Controller.Register;
import io.lazuli.fabric.controller.Controller.RegisteringFailed;
import io.lazuli.fabric.controller.ControllerReply.Refused;
import io.lazuli.fabric.controller.ControllerReply.Registered;
import io.lazuli.fabric.controller.DirectoryState.Entry;
import io.lazuli.fabric.deployment.DeploymentState.Phase;
import io.lazuli.host.PackageSource;
import io.lazuli.kernel.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The controller's dealings with its {@link Directory}: which names there are, and with the last of them what becomes of
 * a package. Part of the controller, used by its thread alone. Holds the newest state that the directory has answered
 * with, and what is under way: at most one check and one forgetting for each name and one deletion for each package. A name
 * that is about to be free is not refused as another's: whoever wants it is told to try again.
 */
final class Names {

    private final ActorContext<Command> context;
    private final FabricSettings settings;
    private final Clock clock;
    private final Fleet fleet;
    private final ActorRef<Directory.Command> directory;
    private final PackageSource packages;
    private final ObjLongConsumer<String> checkAbsence;
    private final Set<String> checkingAbsence = new HashSet<>();
    private final Set<String> forgetting = new HashSet<>();
    private final Set<String> packagesBeingDeleted = new HashSet<>();
    /** The registrations of names that nobody deploys any more and that are only to be forgotten yet. */
    private final Map<String, Long> ending = new HashMap<>();
    private DirectoryState remembered = DirectoryState.empty();

    /** @param checkAbsence asks the entity of a name; {@link #onAbsenceChecked} follows with the registration that is passed */
    Names(
            ActorContext<Command> context, FabricSettings settings, Clock clock, Fleet fleet, ActorRef<Directory.Command> directory,
            PackageSource packages, ObjLongConsumer<String> checkAbsence) {
        this.context = context;
        this.settings = settings;
        this.clock = clock;
        this.fleet = fleet;
        this.directory = directory;
        this.packages = packages;
        this.checkAbsence = checkAbsence;
    }

    void start(DirectoryState state) {
        remembered = state;
    }

    long epoch() {
        return remembered.epoch();
    }

    Set<String> all() {
        return remembered.entries().keySet();
    }

    void register(Register register) {
        if (packagesBeingDeleted.contains(register.packageDigest())) {
            register.replyTo().tell(new Refused(FabricErrorCode.UNAVAILABLE, "an old copy of the package is being cleared away; try again"));
            return;
        }
        Optional<Refused> refusal = remembered.refusal(
                register.name(), register.packageDigest(), fleet.deployment(register.name()).phase(), settings.maxDeployments(),
                settings.registrationLock().toMillis(), clock.epochMillis());
        if (refusal.isPresent()) {
            register.replyTo().tell(isEnding(register.name()) && fleet.deployment(register.name()).phase() == Phase.ABSENT
                    ? new Refused(FabricErrorCode.UNAVAILABLE, "the name is being freed; try again") : refusal.get());
            return;
        }
        Optional<String> oldDigest = Optional.ofNullable(remembered.entries().get(register.name())).map(Entry::packageDigest);
        context.ask(
                DirectoryState.class, directory, settings.askTimeout(),
                replyTo -> new Directory.Register(register.name(), register.packageDigest(), replyTo),
                (state, failure) -> state == null ? new RegisteringFailed(register) : new NameRegistered(state, register, oldDigest));
    }

    void onRegistered(NameRegistered registered) {
        remembered = registered.state();
        ending.remove(registered.request().name());
        Entry entry = remembered.entries().get(registered.request().name());
        registered.request().replyTo().tell(new Registered(entry.registration()));
        registered.oldDigest().ifPresent(this::deletePackageIfUnused);
    }

    static void onRegisteringFailed(RegisteringFailed failed) {
        failed.request().replyTo().tell(new Refused(FabricErrorCode.UNAVAILABLE, "the fabric controller's journal does not answer"));
    }

    void cancel(CancelRegistration cancel) {
        Entry entry = remembered.entries().get(cancel.name());
        if (entry != null && entry.registration() == cancel.registration()) {
            ending.put(cancel.name(), entry.registration());
            forgetIfAbsent(cancel.name(), entry);
        }
    }

    /** That nothing has been heard of a deployment does not mean that there is none: its entity is asked first. */
    private void forgetIfAbsent(String name, Entry entry) {
        if (fleet.deployment(name).phase() == Phase.ABSENT && checkingAbsence.add(name)) {
            checkAbsence.accept(name, entry.registration());
        }
    }

    /** Without an answer the name is kept; {@link #forgetAbandoned} asks again. */
    void onAbsenceChecked(AbsenceChecked checked) {
        checkingAbsence.remove(checked.name());
        Entry entry = remembered.entries().get(checked.name());
        boolean absent = checked.state().isPresent() && fleet.deployment(checked.name()).phase() == Phase.ABSENT;
        if (checked.state().isPresent() && !absent) {
            ending.remove(checked.name());
        }
        if (absent && entry != null && entry.registration() == checked.registration()) {
            forget(checked.name());
        }
    }

    void forget(String name) {
        Entry entry = remembered.entries().get(name);
        if (entry != null && forgetting.add(name)) {
            ending.put(name, entry.registration());
            context.ask(
                    DirectoryState.class, directory, settings.askTimeout(), replyTo -> new Directory.Forget(name, entry.registration(), replyTo),
                    (state, failure) -> state == null ? new ForgettingFailed(name) : new NameForgotten(state, name, entry.packageDigest()));
        }
    }

    void onForgotten(NameForgotten forgotten) {
        remembered = forgotten.state();
        forgetting.remove(forgotten.name());
        if (!remembered.entries().containsKey(forgotten.name())) {
            fleet.forget(forgotten.name());
            ending.remove(forgotten.name());
        }
        deletePackageIfUnused(forgotten.packageDigest());
    }

    /** It will be tried again by {@link #forgetAbandoned}. */
    void onForgettingFailed(ForgettingFailed failed) {
        forgetting.remove(failed.name());
    }

    /** Clears away what deploys and removals have left behind that never ended, and tries again what has failed. */
    void forgetAbandoned() {
        remembered.entries().forEach((name, entry) -> {
            if (isEnding(name) || clock.epochMillis() - entry.registeredAtMillis() > settings.registrationGrace().toMillis()) {
                forgetIfAbsent(name, entry);
            }
        });
    }

    private boolean isEnding(String name) {
        Entry entry = remembered.entries().get(name);
        return entry != null && Long.valueOf(entry.registration()).equals(ending.get(name));
    }

    private void deletePackageIfUnused(String digest) {
        if (!remembered.usesPackage(digest) && !fleet.usesPackage(digest) && packagesBeingDeleted.add(digest)) {
            CompletionStage<Void> deletion = packages.delete(digest).toCompletableFuture().copy()
                    .orTimeout(settings.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
            context.pipeToSelf(deletion, (done, failure) -> new PackageDeleted(digest, Optional.ofNullable(failure)));
        }
    }

    void onPackageDeleted(PackageDeleted deleted) {
        packagesBeingDeleted.remove(deleted.digest());
        deleted.failure().ifPresent(failure ->
                context.getLog().warn("package {} is used by nobody but could not be deleted", deleted.digest(), failure));
    }
}
