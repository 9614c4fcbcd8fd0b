package io.lazuli.admin;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.FabricException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One account, {@code shop}, with one table of one range; what it is asked goes to the list of the {@link FakeCloud}. */
final class FakeAccounts implements AccountOperations, PartitionView, ChunkView, BlobSettingsOperations {

    @Override
    public CompletionStage<List<NodeChunks>> chunks() {
        return answer("chunks", List.of(
                new NodeChunks("node-1", Optional.of(new HeldChunks("", 5, 1_000, 1, 2_000, 3_000, 2, 17, 1, 3, 4, 6, 7, 8, 9, 10))),
                new NodeChunks("node-2", Optional.empty())));
    }

    private static final AccountInfo SHOP = new AccountInfo("shop", 9, "active");

    private final FakeCloud cloud;

    FakeAccounts(FakeCloud cloud) {
        this.cloud = cloud;
    }

    @Override
    public CompletionStage<AccountPage> list(String marker, int maxResults) {
        return answer("accounts '" + marker + "' " + maxResults, new AccountPage(List.of(SHOP), Optional.of("more")));
    }

    @Override
    public CompletionStage<AccountChange> create(String account) {
        return account.equals("shop") ? refused(FabricErrorCode.ACCOUNT_ALREADY_EXISTS)
                : answer("create account " + account, new AccountChange(new AccountInfo(account, 9, "active"), Set.of("node-3", "node-2")));
    }

    @Override
    public CompletionStage<Keys> keys(String account) {
        return account.equals("shop") ? answer("keys " + account, new Keys(account, "a2V5MQ==", Optional.of("a2V5Mg==")))
                : refused(FabricErrorCode.ACCOUNT_NOT_FOUND);
    }

    @Override
    public CompletionStage<AccountChange> rollKey(String account, int number) {
        return answer("roll " + account + " " + number, new AccountChange(SHOP, Set.of()));
    }

    @Override
    public CompletionStage<AccountChange> delete(String account) {
        return answer("delete account " + account, new AccountChange(new AccountInfo(account, 9, "deleting"), Set.of()));
    }

    @Override
    public CompletionStage<BlobSettings> blobSettings(String account) {
        return answer("blob settings " + account, new BlobSettings(true, 7));
    }

    @Override
    public CompletionStage<BlobSettings> setBlobSettings(String account, Optional<Boolean> versioning, Optional<Integer> containerRetentionDays) {
        return answer("set blob settings " + account + " " + versioning + " " + containerRetentionDays,
                new BlobSettings(versioning.orElse(false), containerRetentionDays.orElse(0)));
    }

    @Override
    public CompletionStage<String> lifecycle(String account) {
        return answer("lifecycle " + account, "{\"rules\":[]}");
    }

    @Override
    public CompletionStage<String> setLifecycle(String account, byte[] policy) {
        return answer("set lifecycle " + account + " " + new String(policy, StandardCharsets.UTF_8), "{\"rules\":[]}");
    }

    @Override
    public CompletionStage<String> clearLifecycle(String account) {
        return answer("clear lifecycle " + account, "{\"rules\":[]}");
    }

    @Override
    public CompletionStage<PartitionPage> ranges(String marker, int maxTables) {
        return answer("partitions '" + marker + "' " + maxTables, new PartitionPage(
                List.of(new RangeStatus("shop", "orders", "1.t.shop-7/3", "a", "", 1, Optional.empty(), "live", 5, 600, 1.5, 2.5)),
                Optional.of("more")));
    }

    private <T> CompletionStage<T> answer(String call, T result) {
        cloud.calls.add(call);
        return CompletableFuture.completedStage(result);
    }

    private static <T> CompletionStage<T> refused(FabricErrorCode code) {
        return CompletableFuture.failedStage(new FabricException(code, "because"));
    }
}
