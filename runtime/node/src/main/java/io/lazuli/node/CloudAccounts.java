package io.lazuli.node;

import io.lazuli.admin.AccountOperations;
import io.lazuli.admin.AdminException;
import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.FabricException;
import io.lazuli.fabric.account.Account;
import io.lazuli.fabric.account.AccountKeyCache;
import io.lazuli.fabric.account.AccountReply.Changed;
import io.lazuli.fabric.account.AccountReply.Listed;
import io.lazuli.fabric.account.AccountService;
import io.lazuli.kernel.NodeId;
import io.lazuli.security.AccountKeys;
import io.lazuli.security.AccountName;
import io.lazuli.security.ConfiguredAccounts;
import io.lazuli.security.ConfiguredAccounts.Credential;
import io.lazuli.security.SigningKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All accounts of the cloud as an edge node serves and shows them: those of the configuration, which come first and are
 * changed only there, and those created at run time. Keeps nothing of its own.
 */
final class CloudAccounts implements AccountKeys, AccountOperations {

    /** For looking for immutable blobs before an account is deleted. */
    private static final int SEARCH_SECONDS = 20;

    private final ConfiguredAccounts configured;
    private final AccountKeyCache created;
    private final AccountService service;
    private final Function<String, CompletionStage<Optional<String>>> immutableContainers;

    /** @param immutableContainers finds a container of an account that holds a blob which must not be deleted now */
    CloudAccounts(ConfiguredAccounts configured, AccountKeyCache created, AccountService service,
            Function<String, CompletionStage<Optional<String>>> immutableContainers) {
        this.configured = configured;
        this.created = created;
        this.service = service;
        this.immutableContainers = immutableContainers;
    }

    @Override
    public List<SigningKey> keysOf(String account) {
        List<SigningKey> keys = configured.keysOf(account);
        return keys.isEmpty() && AccountName.isValid(account) ? created.keysOf(account) : keys;
    }

    /** Whether this node can say of every name whether there is such an account. */
    boolean areKnown() {
        return created.isRight();
    }

    @Override
    public CompletionStage<AccountPage> list(String marker, int maxResults) {
        return service.list(marker, maxResults).thenApply(listed -> page(listed, marker, maxResults));
    }

    private AccountPage page(Listed listed, String marker, int maxResults) {
        TreeMap<String, AccountInfo> infos = new TreeMap<>();
        listed.accounts().forEach(account -> infos.put(account.name(), info(account)));
        configured.names().stream()
                .filter(name -> name.compareTo(marker) >= 0 && listed.next().map(next -> name.compareTo(next) < 0).orElse(true))
                .forEach(name -> infos.put(name, new AccountInfo(name, 0, "configured")));
        List<AccountInfo> sorted = List.copyOf(infos.values());
        return sorted.size() <= maxResults ? new AccountPage(sorted, listed.next())
                : new AccountPage(sorted.subList(0, maxResults), Optional.of(sorted.get(maxResults).name()));
    }

    @Override
    public CompletionStage<AccountChange> create(String account) {
        return service.create(account).thenApply(CloudAccounts::change);
    }

    @Override
    public CompletionStage<Keys> keys(String account) {
        List<Credential> credentials = configured.credentialsOf(account);
        if (!credentials.isEmpty()) {
            return CompletableFuture.completedStage(new Keys(
                    account, credentials.getFirst().key(), credentials.stream().skip(1).findFirst().map(Credential::key)));
        }
        return service.get(account).thenApply(found -> {
            if (found.phase() == Account.Phase.DELETING) {
                throw new FabricException(FabricErrorCode.ACCOUNT_NOT_FOUND, "account '" + account + "' is being deleted");
            }
            return new Keys(account, found.key1().base64(), Optional.of(found.key2().base64()));
        });
    }

    @Override
    public CompletionStage<AccountChange> rollKey(String account, int number) {
        return service.rollKey(account, number).thenApply(CloudAccounts::change);
    }

    /** What becomes immutable after this look is kept all the same: {@link StoredAccountData}. */
    @Override
    public CompletionStage<AccountChange> delete(String account) {
        if (configured.names().contains(account)) {
            return service.delete(account).thenApply(CloudAccounts::change);
        }
        return immutableContainers.apply(account).toCompletableFuture().copy().orTimeout(SEARCH_SECONDS, TimeUnit.SECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(StorageFailures.forAdmin(failure)))
                .thenCompose(found -> found.isEmpty()
                        ? service.delete(account).thenApply(CloudAccounts::change)
                        : CompletableFuture.failedStage(new AdminException(409, "AccountHoldsImmutableBlobs", "account '" + account
                                + "' cannot be deleted: its container '" + found.get() + "' holds blobs under an immutability policy or a legal hold")));
    }

    private static AccountChange change(Changed changed) {
        return new AccountChange(info(changed.account()), changed.unconfirmed().stream().map(NodeId::value).collect(Collectors.toSet()));
    }

    private static AccountInfo info(Account account) {
        return new AccountInfo(account.name(), account.createdAtMillis(), account.phase().name().toLowerCase(Locale.ROOT));
    }
}
