package io.lazuli.storage.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.ManualClock;
import io.lazuli.security.AccountSas;
import io.lazuli.security.Iso8601;
import io.lazuli.security.GrantedKeys;
import io.lazuli.security.Permission;
import io.lazuli.security.QueryString;
import io.lazuli.security.RefusedException;
import io.lazuli.security.ResourceType;
import io.lazuli.security.SasVerifier;
import io.lazuli.security.SharedAccessSignature;
import io.lazuli.security.SigningKey;
import io.lazuli.security.StorageService;
import io.lazuli.security.TableSas;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.blob.ContainerState.PublicAccess;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTest {

    private static final SigningKey KEY = new SigningKey(new byte[64]);
    private static final Requirement READ = new Requirement(ResourceType.OBJECT, "People", Permission.of("r"), Permission.of("r"));
    private static final Requirement BATCH = new Requirement(ResourceType.OBJECT, null, Permission.ANY, Permission.ANY);

    private final ManualClock clock = new ManualClock(Iso8601.parseMillis("2024-01-01T12:00:00Z").getAsLong());
    private boolean keyIsGood = true;
    private final SasVerifier verifier = new SasVerifier(StorageService.TABLE, account -> List.of(KEY), clock);

    @Test
    void ownerMayEverythingAndNeedsNoPolicy() {
        Access owner = Access.ofOwner(() -> true);
        owner.require(READ);
        owner.requireKey("p", "r");
        assertEquals(GrantedKeys.ALL, owner.grantedKeys());
        assertSame(owner, done(owner.completed(table -> CompletableFuture.failedStage(new AssertionError()))));
    }

    @Test
    void signatureWithoutPolicyIsJudgedAtOnce() {
        assertThrows(RefusedException.class, () -> access(TableSas.until("2024-01-02", "People", "a"), READ));
        Access access = access(TableSas.until("2024-01-02", "People", "r").within(new GrantedKeys("b", null, "c", null)), READ);
        assertThrows(RefusedException.class, () -> access.requireKey("d", ""));
        assertEquals("b", access.grantedKeys().startPartitionKey());
    }

    @Test
    void eachOperationOfABatchIsRequiredForItself() {
        Access ofTable = access(TableSas.until("2024-01-02", "People", "au"), BATCH);
        ofTable.require(new Requirement(ResourceType.OBJECT, "people", Permission.NONE, Permission.of("au")));
        assertThrows(RefusedException.class, () -> ofTable.require(READ));
        assertThrows(RefusedException.class, () -> ofTable.require(new Requirement(ResourceType.OBJECT, "Pets", Permission.NONE, Permission.of("a"))));
        Access ofAccount = access(AccountSas.until("2024-01-02", "t", "o", "r"), BATCH);
        ofAccount.require(READ);
        assertThrows(RefusedException.class, () -> ofAccount.require(new Requirement(ResourceType.OBJECT, "Pets", Permission.of("d"), Permission.ANY)));
        assertThrows(RefusedException.class, () -> access(AccountSas.until("2024-01-02", "t", "sc", "r"), BATCH));
    }

    @Test
    void policyIsReadForTheTableOfTheSignatureAndJudgedAsItIsNow() {
        Access access = access(TableSas.byPolicy("People", "one"), BATCH);
        assertFalse(access.isComplete());
        List<AccessPolicy> policies = List.of(new AccessPolicy("two", null, null, null), new AccessPolicy("one", null, "2024-01-01T13:00:00Z", "r"));
        done(access.completed(table -> {
            assertEquals("people", table);
            return CompletableFuture.completedStage(policies);
        })).require(READ);
        clock.advanceMillis(3_600_000);
        assertRefused(access.completed(table -> CompletableFuture.completedStage(policies)));
    }

    @Test
    void policyThatLacksThePermissionRefusesBeforeAnythingRuns() {
        assertRefused(access(TableSas.byPolicy("People", "one"), READ)
                .completed(table -> CompletableFuture.completedStage(List.of(new AccessPolicy("one", null, "2024-01-02", "a")))));
    }

    @Test
    void policyThatIsGoneRefusesAlsoWithItsTable() {
        Access access = access(TableSas.byPolicy("People", "one"), READ);
        assertRefused(access.completed(table -> CompletableFuture.completedStage(List.of())));
        assertRefused(access.completed(table -> CompletableFuture.failedStage(new StorageException(StorageErrorCode.TABLE_NOT_FOUND))));
    }

    @Test
    void requestWhoseKeyWasRolledWhileItsBodyCameDoesNotRun() {
        for (Access access : List.of(
                Access.ofOwner(() -> keyIsGood),
                access(TableSas.until("2024-01-02", "People", "r"), READ),
                access(TableSas.byPolicy("People", "one"), READ))) {
            keyIsGood = true;
            PlannedRequest planned = new PlannedRequest(10, body -> CompletableFuture.completedStage(Reply.empty(200))).allowedBy(
                    access, table -> CompletableFuture.completedStage(List.of(new AccessPolicy("one", null, "2024-01-02", "r"))));
            assertEquals(200, planned.execution().run(new byte[0]).toCompletableFuture().join().status());
            keyIsGood = false;
            assertThrows(RefusedException.class, () -> planned.execution().run(new byte[0]));
        }
    }

    @Test
    void policyThatCannotBeReadIsAnErrorOfItsOwn() {
        CompletionException failure = assertThrows(CompletionException.class, () -> done(access(TableSas.byPolicy("People", "one"), READ)
                .completed(table -> CompletableFuture.failedStage(new StorageException(StorageErrorCode.SERVER_BUSY)))));
        assertEquals(StorageErrorCode.SERVER_BUSY, assertInstanceOf(StorageException.class, failure.getCause()).error());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            BLOB      | NONE      | 2019-07-07 | ResourceNotFound
            BLOB      | NONE      | 2019-12-12 | NoAuthenticationInformation
            BLOB      | BLOB      | 2011-08-18 | ''
            BLOB      | CONTAINER | 2019-12-12 | ''
            CONTAINER | BLOB      | 2019-12-12 | NoAuthenticationInformation
            CONTAINER | CONTAINER | 2019-12-12 | ''
            CONTAINER | gone      | 2011-08-18 | ResourceNotFound
            """)
    void whoSaysNothingMayWhatTheContainerLetsEverybodyDo(PublicAccess needed, String level, String version, String error) {
        Requirement wanted = new Requirement(ResourceType.OBJECT, "photos", "x", Permission.of("r"), Permission.of("r"), needed);
        Access access = Access.ofPublic(wanted, ServiceVersion.parse(version));
        assertFalse(access.isComplete());
        assertFalse(access.isOwner());
        CompletableFuture<Access> judged = access.completed(
                policies -> CompletableFuture.completedStage(List.of()),
                container -> level.equals("gone")
                        ? CompletableFuture.failedStage(new StorageException(StorageErrorCode.CONTAINER_NOT_FOUND))
                        : CompletableFuture.completedStage(PublicAccess.valueOf(level))).toCompletableFuture();
        if (error.isEmpty()) {
            assertTrue(judged.join().isComplete());
            judged.join().require(wanted);
            assertThrows(StorageException.class, () -> judged.join().require(READ));
        } else {
            CompletionException failure = assertThrows(CompletionException.class, judged::join);
            assertEquals(error, assertInstanceOf(StorageException.class, failure.getCause()).error().code());
        }
    }

    private Access access(SharedAccessSignature sas, Requirement requirement) {
        return Access.of(
                verifier.verify(QueryString.parse(sas.token("acc1", KEY)), "acc1", requirement.resource(), null, () -> "127.0.0.1", false),
                requirement, clock, () -> keyIsGood);
    }

    private static Access done(CompletionStage<Access> stage) {
        return stage.toCompletableFuture().join();
    }

    private static void assertRefused(CompletionStage<Access> stage) {
        assertInstanceOf(RefusedException.class, assertThrows(CompletionException.class, () -> done(stage)).getCause());
    }
}
