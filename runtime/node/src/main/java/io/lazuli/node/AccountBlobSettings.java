package io.lazuli.node;

import io.lazuli.admin.AdminException;
import io.lazuli.admin.BlobSettingsOperations;
import io.lazuli.security.AccountKeys;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.LifecycleRule;
import io.lazuli.storage.protocol.service.LifecyclePolicy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An account's settings for its blobs, kept with its blob service's properties. Keeps nothing. */
final class AccountBlobSettings implements BlobSettingsOperations {

    private final BlobService blobs;
    private final AccountKeys accounts;

    AccountBlobSettings(BlobService blobs, AccountKeys accounts) {
        this.blobs = blobs;
        this.accounts = accounts;
    }

    @Override
    public CompletionStage<BlobSettings> blobSettings(String account) {
        return properties(account).thenApply(AccountBlobSettings::settings).exceptionallyCompose(AccountBlobSettings::asAdminFailure);
    }

    @Override
    public CompletionStage<BlobSettings> setBlobSettings(String account, Optional<Boolean> versioning, Optional<Integer> containerRetentionDays) {
        return properties(account).thenCompose(there -> blobs.changeServiceProperties(account, present -> present.with(present.blobs()
                .withVersioning(versioning.orElse(present.blobs().versioning()))
                .withContainerRetentionDays(containerRetentionDays.orElse(present.blobs().containerRetentionDays())))))
                .thenApply(AccountBlobSettings::settings).exceptionallyCompose(AccountBlobSettings::asAdminFailure);
    }

    @Override
    public CompletionStage<String> lifecycle(String account) {
        return properties(account).thenApply(present -> LifecyclePolicy.write(present.blobs().lifecycle()))
                .exceptionallyCompose(AccountBlobSettings::asAdminFailure);
    }

    @Override
    public CompletionStage<String> setLifecycle(String account, byte[] policy) {
        try {
            return keepLifecycle(account, LifecyclePolicy.read(policy));
        } catch (LifecyclePolicy.Malformed e) {
            return CompletableFuture.failedStage(new AdminException(400, "InvalidLifecyclePolicy", e.getMessage()));
        }
    }

    @Override
    public CompletionStage<String> clearLifecycle(String account) {
        return keepLifecycle(account, List.of());
    }

    private CompletionStage<String> keepLifecycle(String account, List<LifecycleRule> rules) {
        return properties(account)
                .thenCompose(there -> blobs.changeServiceProperties(account, present -> present.with(present.blobs().withLifecycle(rules))))
                .thenApply(done -> LifecyclePolicy.write(rules))
                .exceptionallyCompose(AccountBlobSettings::asAdminFailure);
    }

    private CompletionStage<ServiceProperties> properties(String account) {
        return accounts.keysOf(account).isEmpty()
                ? CompletableFuture.failedStage(new AdminException(404, "AccountNotFound", "there is no account '" + account + "'"))
                : blobs.getServiceProperties(account);
    }

    private static BlobSettings settings(ServiceProperties properties) {
        return new BlobSettings(properties.blobs().versioning(), properties.blobs().containerRetentionDays());
    }

    private static <T> CompletionStage<T> asAdminFailure(Throwable failure) {
        return CompletableFuture.failedStage(StorageFailures.forAdmin(failure));
    }
}
