package io.lazuli.fabric.account;

import static io.lazuli.fabric.account.AccountSamples.KEY_3;
import static io.lazuli.fabric.account.AccountSamples.create;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.account.AccountKeeper.Change;
import io.lazuli.fabric.account.AccountKeeper.Command;
import io.lazuli.fabric.account.AccountKeeper.ListAccounts;
import io.lazuli.fabric.account.AccountKeeper.Report;
import io.lazuli.fabric.account.AccountKeyFeed.Page;
import io.lazuli.fabric.account.AccountReply.Changed;
import io.lazuli.fabric.account.AccountReply.Listed;
import io.lazuli.fabric.account.AccountReply.Refused;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The keeper with its book, edge nodes that are real or that answer only when the test says so, and a storage of maps. */
class AccountKeeperTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final NodeId NODE_1 = new NodeId("node-1");
    private static final NodeId NODE_2 = new NodeId("node-2");

    private ActorTestKit kit;
    private TestProbe<AccountReply> replies;
    private final Map<String, Integer> things = new ConcurrentHashMap<>();
    private volatile CompletableFuture<Void> purged = CompletableFuture.completedFuture(null);

    @BeforeEach
    void start() {
        kit = ActorTestKit.create(PersistenceTestKitPlugin.getInstance().config()
                .withFallback(PersistenceTestKitSnapshotPlugin.config()).withFallback(ConfigFactory.load()));
        replies = kit.createTestProbe();
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void aNewAccountIsKnownToEveryEdgeNodeWhenItIsAnswered() {
        ActorRef<Command> keeper = keeper(settings(60_000));
        AccountKeyCache one = edge(keeper, NODE_1);
        AccountKeyCache two = edge(keeper, NODE_2);
        assertEquals(Set.of(), changed(keeper, create("shop")).unconfirmed());
        assertEquals(2, one.keysOf("shop").size());
        assertEquals(2, two.keysOf("shop").size());
        assertEquals(List.of(), one.keysOf("other"));
    }

    @Test
    void aRolledKeySignsNowhereWhenItIsAnswered() {
        ActorRef<Command> keeper = keeper(settings(60_000));
        AccountKeyCache edge = edge(keeper, NODE_1);
        changed(keeper, create("shop"));
        byte[] signature = edge.keysOf("shop").getFirst().sign("text");
        assertEquals(KEY_3, changed(keeper, new AccountRequest.RollKey("shop", 1, KEY_3)).account().key1());
        assertTrue(edge.keysOf("shop").stream().noneMatch(key -> key.matches("text", signature)));
    }

    @Test
    void aNodeThatDoesNotConfirmIsNamed() {
        ActorRef<Command> keeper = keeper(settings(300));
        TestProbe<Page> silent = kit.createTestProbe();
        awaitHeard(keeper, NODE_2, silent);
        assertEquals(Set.of(NODE_2), changed(keeper, create("shop")).unconfirmed());
    }

    @Test
    void aNodeThatHasEndedIsNotWaitedFor() {
        ActorRef<Command> keeper = keeper(settings(60_000));
        TestProbe<Page> dying = kit.createTestProbe();
        awaitHeard(keeper, NODE_2, dying);
        replies.awaitAssert(PATIENCE, () -> {
            keeper.tell(new Change(create("shop"), replies.getRef()));
            return dying.fishForMessage(Duration.ofSeconds(1), page -> page.changes().accounts().isEmpty()
                    ? FishingOutcomes.continueAndIgnore()
                    : FishingOutcomes.complete());
        });
        dying.stop();
        assertEquals(Set.of(), changed(keeper, create("shop")).unconfirmed());
    }

    @Test
    void anAccountIsGoneWhenItsDataAreAndNotBefore() {
        ActorRef<Command> keeper = keeper(shortLease());
        AccountKeyCache edge = edge(keeper, NODE_1);
        changed(keeper, create("shop"));
        things.put("shop", 5);
        purged = new CompletableFuture<>();
        assertEquals(Account.Phase.DELETING, changed(keeper, new AccountRequest.Delete("shop")).account().phase());
        awaitKeys(0, edge);
        assertEquals(FabricErrorCode.ACCOUNT_BEING_DELETED, refused(keeper, create("shop")));
        purged.complete(null);
        replies.awaitAssert(PATIENCE, () -> {
            assertEquals(List.of(), listed(keeper).accounts());
            return null;
        });
        assertEquals(Map.of(), things);
        changed(keeper, create("shop"));
        awaitKeys(2, edge);
    }

    @Test
    void aFailedPurgeIsMadeAgain() {
        ActorRef<Command> keeper = keeper(shortLease());
        changed(keeper, create("shop"));
        purged = CompletableFuture.failedFuture(new IllegalStateException("storage is away"));
        changed(keeper, new AccountRequest.Delete("shop"));
        replies.awaitAssert(PATIENCE, () -> {
            assertTrue(things.getOrDefault("asked", 0) > 1);
            return null;
        });
        purged = CompletableFuture.completedFuture(null);
        replies.awaitAssert(PATIENCE, () -> {
            assertEquals(List.of(), listed(keeper).accounts());
            return null;
        });
    }

    @Test
    void anAccountThatHoldsWhatMayNotBeDeletedIsAsItWasAndCanBeDeletedLater() {
        ActorRef<Command> keeper = keeper(shortLease());
        AccountKeyCache edge = edge(keeper, NODE_1);
        changed(keeper, create("shop"));
        purged = new CompletableFuture<>();
        changed(keeper, new AccountRequest.Delete("shop"));
        awaitKeys(0, edge);
        purged.completeExceptionally(new DataRetainedException("a blob under a legal hold"));
        awaitKeys(2, edge);
        assertEquals(List.of(Account.Phase.ACTIVE), listed(keeper).accounts().stream().map(Account::phase).toList());

        purged = CompletableFuture.completedFuture(null);
        changed(keeper, new AccountRequest.Delete("shop"));
        replies.awaitAssert(PATIENCE, () -> {
            assertEquals(List.of(), listed(keeper).accounts());
            return null;
        });
    }

    @Test
    void theNextKeeperKnowsTheAccountsAndGoesOnDeleting() {
        ActorRef<Command> first = keeper(shortLease());
        changed(first, create("shop"));
        changed(first, create("old"));
        purged = new CompletableFuture<>();
        changed(first, new AccountRequest.Delete("old"));
        kit.stop(first);
        purged = CompletableFuture.completedFuture(null);
        ActorRef<Command> next = keeper(shortLease());
        AccountKeyCache edge = edge(next, NODE_1);
        replies.awaitAssert(PATIENCE, () -> {
            assertEquals(List.of("shop"), listed(next).accounts().stream().map(Account::name).toList());
            assertEquals(2, edge.keysOf("shop").size());
            return null;
        });
    }

    @Test
    void edgeNodesHeedNoKeeperOfAnOlderEpoch() {
        TestProbe<Report> reports = kit.createTestProbe();
        AccountKeyCache cache = new AccountKeyCache(Clock.system(), Duration.ofSeconds(60));
        ActorRef<AccountKeyFeed.Command> feed =
                kit.spawn(AccountKeyFeed.create(NODE_1, reports.getRef(), cache, Duration.ofMillis(100), Clock.system()));
        long sent = reports.expectMessageClass(Report.class, PATIENCE).sentNanos();
        AccountBookState book = AccountSamples.with(AccountBookState.empty(), create("shop"));
        feed.tell(new Page(2, sent, book.since(AccountsKnown.NOTHING, 10)));
        reports.awaitAssert(PATIENCE, () -> {
            assertEquals(2, cache.keysOf("shop").size());
            return null;
        });
        AccountBookState other = AccountSamples.with(book, new AccountRequest.Delete("shop"));
        feed.tell(new Page(1, sent, other.since(new AccountsKnown(1, 1, 1), 10)));
        feed.tell(new Page(2, sent, book.since(new AccountsKnown(1, 1, 1), 10)));
        reports.fishForMessage(PATIENCE, report -> report.epoch() == 2
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
        assertEquals(2, cache.keysOf("shop").size());
    }

    @Test
    void aFeedThatBeginsAnewForgetsNoAccountWhileItLearnsThem() {
        TestProbe<Report> reports = kit.createTestProbe();
        AccountKeyCache cache = new AccountKeyCache(Clock.system(), Duration.ofSeconds(60));
        AccountBookState book = AccountSamples.with(AccountBookState.empty(), create("aaa"), create("bbb"));
        cache.honour(book.accounts());
        cache.wasRightAt(Clock.system().nanos());
        ActorRef<AccountKeyFeed.Command> feed =
                kit.spawn(AccountKeyFeed.create(NODE_1, reports.getRef(), cache, Duration.ofMillis(100), Clock.system()));
        feed.tell(new Page(1, Page.UNASKED, book.since(AccountsKnown.NOTHING, 1)));
        reports.fishForMessage(PATIENCE, report -> report.known().position() == 1
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
        assertEquals(2, cache.keysOf("bbb").size());
    }

    @Test
    void configuredNamesAreNotTouched() {
        ActorRef<Command> keeper = keeper(settings(60_000));
        changed(keeper, create("shop"));
        assertEquals(FabricErrorCode.ACCOUNT_ALREADY_EXISTS, refused(keeper, create("devstoreaccount1")));
        assertEquals(FabricErrorCode.ACCOUNT_CONFIGURED, refused(keeper, new AccountRequest.Delete("devstoreaccount1")));
    }

    @Test
    void accountsAreListedInPages() {
        ActorRef<Command> keeper = keeper(settings(60_000));
        List.of("bbb", "ccc", "aaa").forEach(name -> changed(keeper, create(name)));
        Listed first = listed(keeper, "", 2);
        assertEquals(List.of("aaa", "bbb"), first.accounts().stream().map(Account::name).toList());
        assertEquals(List.of("ccc"), listed(keeper, first.next().orElseThrow(), 2).accounts().stream().map(Account::name).toList());
    }

    private ActorRef<Command> keeper(AccountSettings settings) {
        return kit.spawn(AccountKeeper.create(settings, Set.of("devstoreaccount1"), account -> {
            things.merge("asked", 1, Integer::sum);
            return purged.thenRun(() -> {
                things.remove(account);
                things.remove("asked");
            });
        }, Clock.system()));
    }

    private AccountKeyCache edge(ActorRef<Command> keeper, NodeId node) {
        AccountKeyCache cache = new AccountKeyCache(Clock.system(), Duration.ofSeconds(60));
        kit.spawn(AccountKeyFeed.create(node, keeper, cache, Duration.ofMillis(50), Clock.system()));
        replies.awaitAssert(PATIENCE, () -> {
            assertTrue(cache.isRight());
            return null;
        });
        return cache;
    }

    /** The keeper heeds no report until it has read its book. */
    private void awaitHeard(ActorRef<Command> keeper, NodeId node, TestProbe<Page> copy) {
        replies.awaitAssert(PATIENCE, () -> {
            keeper.tell(new Report(node, 0, AccountsKnown.NOTHING, 0, copy.getRef()));
            return copy.expectMessageClass(Page.class, Duration.ofMillis(300));
        });
    }

    /** The keeper refuses until it has read its book, and for a moment whenever its process has stood still. */
    private Changed changed(ActorRef<Command> keeper, AccountRequest request) {
        return replies.awaitAssert(PATIENCE, () -> {
            keeper.tell(new Change(request, replies.getRef()));
            return replies.expectMessageClass(Changed.class, PATIENCE);
        });
    }

    private FabricErrorCode refused(ActorRef<Command> keeper, AccountRequest request) {
        return replies.awaitAssert(PATIENCE, () -> {
            keeper.tell(new Change(request, replies.getRef()));
            FabricErrorCode code = replies.expectMessageClass(Refused.class, PATIENCE).code();
            assertNotEquals(FabricErrorCode.UNAVAILABLE, code);
            return code;
        });
    }

    private Listed listed(ActorRef<Command> keeper) {
        return listed(keeper, "", 100);
    }

    private Listed listed(ActorRef<Command> keeper, String fromName, int maxAccounts) {
        return replies.awaitAssert(PATIENCE, () -> {
            keeper.tell(new ListAccounts(fromName, maxAccounts, replies.getRef()));
            return replies.expectMessageClass(Listed.class, PATIENCE);
        });
    }

    private void awaitKeys(int count, AccountKeyCache edge) {
        replies.awaitAssert(PATIENCE, () -> {
            assertEquals(count, edge.keysOf("shop").size());
            return null;
        });
    }

    private static AccountSettings settings(long confirmTimeoutMillis) {
        return settings(confirmTimeoutMillis, Duration.ofSeconds(60));
    }

    /** A name is not free before the keeper has waited for those that it has not heard. */
    private static AccountSettings shortLease() {
        return settings(60_000, Duration.ofSeconds(1));
    }

    private static AccountSettings settings(long confirmTimeoutMillis, Duration lease) {
        return new AccountSettings(
                100, Duration.ofMillis(100), lease, Duration.ofMillis(confirmTimeoutMillis), Duration.ofMillis(200),
                Duration.ofMillis(50), PATIENCE, PATIENCE);
    }
}
