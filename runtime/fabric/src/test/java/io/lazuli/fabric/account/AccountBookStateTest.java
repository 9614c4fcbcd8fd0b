package io.lazuli.fabric.account;

import static io.lazuli.fabric.account.AccountSamples.KEY_1;
import static io.lazuli.fabric.account.AccountSamples.KEY_2;
import static io.lazuli.fabric.account.AccountSamples.KEY_3;
import static io.lazuli.fabric.account.AccountSamples.create;
import static io.lazuli.fabric.account.AccountSamples.gone;
import static io.lazuli.fabric.account.AccountSamples.restored;
import static io.lazuli.fabric.account.AccountSamples.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.account.AccountBookState.Decision;
import io.lazuli.fabric.account.AccountRequest.Delete;
import io.lazuli.fabric.account.AccountRequest.RollKey;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountBookStateTest {

    private final AccountBookState empty = AccountBookState.empty();
    private final AccountBookState shop = with(empty, create("shop"));

    @Test
    void anAccountHasTheKeysItWasCreatedWith() {
        assertEquals(new Account("shop", 7, Account.Phase.ACTIVE, KEY_1, KEY_2, 1), shop.accounts().get("shop"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "Shop", "sh-op", "shöp", "abcdefghijklmnopqrstuvwxy", "devstoreaccount1"})
    void aWrongNameIsRefused(String name) {
        assertRefused(FabricErrorCode.INVALID_NAME, empty.decide(create(name), 10, 7));
    }

    @Test
    void aNameIsTakenOnce() {
        assertRefused(FabricErrorCode.ACCOUNT_ALREADY_EXISTS, shop.decide(new AccountRequest.Create("shop", KEY_1, KEY_3), 10, 7));
    }

    @Test
    void theSameRequestSentAgainIsNoClash() {
        assertEquals(Decision.nothing(), shop.decide(create("shop"), 10, 7));
        AccountBookState rolled = with(shop, new RollKey("shop", 2, KEY_3));
        assertEquals(Decision.nothing(), rolled.decide(new RollKey("shop", 2, KEY_3), 10, 7));
        AccountBookState deleting = with(shop, new Delete("shop"));
        assertEquals(Decision.nothing(), deleting.decide(new Delete("shop"), 10, 7));
    }

    @Test
    void theNumberOfAccountsIsLimited() {
        assertRefused(FabricErrorCode.TOO_MANY_ACCOUNTS, shop.decide(create("other"), 1, 7));
    }

    @Test
    void aRolledKeyReplacesOnlyItself() {
        Account account = with(shop, new RollKey("shop", 1, KEY_3)).accounts().get("shop");
        assertEquals(List.of(KEY_3, KEY_2), List.of(account.key1(), account.key2()));
    }

    @Test
    void whatIsDeletedCannotBeChangedAndItsNameIsFreeWhenItIsGone() {
        AccountBookState deleting = with(shop, new Delete("shop"));
        assertRefused(FabricErrorCode.ACCOUNT_BEING_DELETED, deleting.decide(create("shop"), 10, 7));
        assertRefused(FabricErrorCode.ACCOUNT_NOT_FOUND, deleting.decide(new RollKey("shop", 1, KEY_3), 10, 7));
        AccountBookState gone = gone(deleting, "shop");
        assertRefused(FabricErrorCode.ACCOUNT_NOT_FOUND, gone.decide(new Delete("shop"), 10, 7));
        assertEquals(1, with(gone, create("shop")).accounts().size());
    }

    @Test
    void anAccountWhoseDeletionIsRefusedIsAsItWasAndCanBeDeletedAgain() {
        AccountBookState restored = restored(with(shop, new Delete("shop")), "shop");
        assertEquals(new Account("shop", 7, Account.Phase.ACTIVE, KEY_1, KEY_2, 3), restored.accounts().get("shop"));
        assertEquals(Account.Phase.DELETING, with(restored, new Delete("shop")).accounts().get("shop").phase());
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertRefused(FabricErrorCode.ACCOUNT_NOT_FOUND, empty.decide(new RollKey("shop", 1, KEY_3), 10, 7));
        assertRefused(FabricErrorCode.ACCOUNT_NOT_FOUND, empty.decide(new Delete("shop"), 10, 7));
    }

    @Test
    void noTextShowsAKey() {
        String all = shop + " " + shop.accounts() + create("shop") + new RollKey("shop", 1, KEY_1)
                + new AccountEvent.Created("shop", KEY_1, KEY_2, 7) + shop.since(AccountsKnown.NOTHING, 10);
        assertFalse(all.contains(KEY_1.base64()) || all.contains(KEY_2.base64()), all);
    }

    @Test
    void aKeyHas64Bytes() {
        assertThrows(IllegalArgumentException.class, () -> new AccountKey("c2hvcnQ="));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new AccountKey("no base64!"));
        assertFalse(e.getMessage().contains("no base64!"));
    }

    private static void assertRefused(FabricErrorCode code, Decision decision) {
        assertEquals(Optional.empty(), decision.event());
        assertEquals(code, decision.refusal().orElseThrow().code());
    }
}
