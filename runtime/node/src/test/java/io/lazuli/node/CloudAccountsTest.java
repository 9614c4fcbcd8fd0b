package io.lazuli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.lazuli.admin.AccountOperations.AccountInfo;
import io.lazuli.admin.AccountOperations.AccountPage;
import io.lazuli.admin.AdminException;
import io.lazuli.admin.PartitionView.PartitionPage;
import io.lazuli.admin.PartitionView.RangeStatus;
import io.lazuli.fabric.account.Account;
import io.lazuli.fabric.account.AccountKey;
import io.lazuli.fabric.account.AccountKeyCache;
import io.lazuli.fabric.account.AccountReply.Changed;
import io.lazuli.fabric.account.AccountReply.Listed;
import io.lazuli.fabric.account.AccountService;
import io.lazuli.kernel.Clock;
import io.lazuli.security.ConfiguredAccounts;
import io.lazuli.security.KeysUnknownException;
import io.lazuli.storage.store.LeaderBoard;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Accounts of the configuration and accounts made at run time, side by side. */
class CloudAccountsTest {

    private final Made made = new Made();
    /** Containers with immutable blobs, by account. */
    private final Map<String, String> held = new HashMap<>();
    private final CloudAccounts accounts = new CloudAccounts(
            ConfiguredAccounts.of(ConfigFactory.parseString("lazuli { mode = development, accounts = [] }")),
            new AccountKeyCache(Clock.system(), Duration.ofSeconds(60)), made,
            account -> CompletableFuture.completedStage(Optional.ofNullable(held.get(account))));

    @Test
    void pagesHoldBothKindsInOrderAndEachOnce() throws Exception {
        List.of("aaa", "ccc", "eee", "zzz").forEach(made::add);
        for (int size = 1; size <= 6; size++) {
            List<String> seen = new ArrayList<>();
            Optional<String> marker = Optional.of("");
            while (marker.isPresent()) {
                AccountPage page = get(accounts.list(marker.get(), size));
                page.accounts().stream().map(AccountInfo::name).forEach(seen::add);
                marker = page.nextMarker();
            }
            assertEquals(List.of("aaa", "ccc", "devstoreaccount1", "eee", "zzz"), seen, "pages of " + size);
        }
    }

    @Test
    void configuredKeysAreShownAndGoodBeforeAnythingElseIsKnown() throws Exception {
        assertEquals(ConfiguredAccounts.DEVELOPMENT_KEY, get(accounts.keys("devstoreaccount1")).key1());
        assertEquals(1, accounts.keysOf("devstoreaccount1").size());
        assertThrows(KeysUnknownException.class, () -> accounts.keysOf("shop"));
        assertEquals(List.of(), accounts.keysOf("No-Name"));
    }

    @Test
    void rangesAreShownTableByTableOfEveryAccount() throws Exception {
        made.add("shop");
        StorageOfNames storage = new StorageOfNames();
        storage.tables.put("shop", new TreeSet<>(Set.of("orders", "prices", "vanished")));
        storage.tables.put("devstoreaccount1", new TreeSet<>(Set.of("words")));
        storage.vanishing.add("vanished");
        LeaderBoard leaders = (LeaderBoard) Proxy.newProxyInstance(
                LeaderBoard.class.getClassLoader(), new Class<?>[] {LeaderBoard.class}, (proxy, method, args) -> Optional.empty());
        TablePartitions partitions = new TablePartitions(storage.tableService(), accounts, leaders);
        List<String> seen = new ArrayList<>();
        Optional<String> marker = Optional.of("");
        while (marker.isPresent()) {
            PartitionPage page = get(partitions.ranges(marker.get(), 1));
            for (RangeStatus range : page.ranges()) {
                seen.add(range.account() + " " + range.table() + " [" + range.low() + "," + range.high() + ")");
            }
            marker = page.nextMarker();
        }
        assertEquals(List.of(
                "devstoreaccount1 words [,k)", "devstoreaccount1 words [k,)", "shop orders [,k)", "shop orders [k,)", "shop prices [,k)",
                "shop prices [k,)"), seen);
    }

    @Test
    void accountWithImmutableBlobsIsNotDeletedAndTheContainerIsNamed() throws Exception {
        made.add("shop");
        held.put("shop", "pictures");
        ExecutionException failure = assertThrows(ExecutionException.class, () -> get(accounts.delete("shop")));
        AdminException refused = assertInstanceOf(AdminException.class, failure.getCause());
        assertEquals(409, refused.status());
        assertEquals("AccountHoldsImmutableBlobs", refused.code());
        assertTrue(refused.getMessage().contains("'pictures'"), refused.getMessage());
        assertEquals(Account.Phase.ACTIVE, made.accounts.get("shop").phase());
        held.clear();
        assertEquals("deleting", get(accounts.delete("shop")).account().state());
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static final class Made implements AccountService {

        private final TreeMap<String, Account> accounts = new TreeMap<>();

        void add(String name) {
            Random random = new Random(1);
            accounts.put(name, new Account(name, 5, Account.Phase.ACTIVE, AccountKey.random(random), AccountKey.random(random), 1));
        }

        @Override
        public CompletionStage<Listed> list(String fromName, int maxAccounts) {
            List<Account> found = accounts.tailMap(fromName).values().stream().limit(maxAccounts + 1L).toList();
            return CompletableFuture.completedStage(found.size() <= maxAccounts ? new Listed(found, Optional.empty())
                    : new Listed(found.subList(0, maxAccounts), Optional.of(found.getLast().name())));
        }

        @Override
        public CompletionStage<Account> get(String name) {
            return CompletableFuture.completedStage(accounts.get(name));
        }

        @Override
        public CompletionStage<Changed> create(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Changed> rollKey(String name, int number) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Changed> delete(String name) {
            Account was = accounts.get(name);
            Account deleting = new Account(name, was.createdAtMillis(), Account.Phase.DELETING, was.key1(), was.key2(), 2);
            accounts.put(name, deleting);
            return CompletableFuture.completedStage(new Changed(deleting, Set.of()));
        }
    }
}
