package io.lazuli.fabric.durable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lazuli.fabric.account.Account;
import io.lazuli.fabric.account.AccountBookState;
import io.lazuli.fabric.account.AccountEvent;
import io.lazuli.fabric.account.AccountKey;
import java.util.TreeMap;

/** The stored form of the accounts; the rules of {@link DurableFormat} are its rules. */
final class AccountFormat {

    static final String PREFIX = "account";

    static String manifest(AccountEvent event) {
        return switch (event) {
            case AccountEvent.Created e -> "account-created/1";
            case AccountEvent.KeyRolled e -> "account-key-rolled/1";
            case AccountEvent.DeletionRequested e -> "account-deletion-requested/1";
            case AccountEvent.DeletionRefused e -> "account-deletion-refused/1";
            case AccountEvent.Gone e -> "account-gone/1";
            case AccountEvent.EpochRaised e -> "account-epoch-raised/1";
        };
    }

    static void write(ObjectNode json, AccountEvent event) {
        switch (event) {
            case AccountEvent.Created e -> json.put("name", e.name()).put("key1", e.key1().base64()).put("key2", e.key2().base64())
                    .put("atMillis", e.atMillis());
            case AccountEvent.KeyRolled e -> json.put("name", e.name()).put("number", e.number()).put("key", e.key().base64())
                    .put("atMillis", e.atMillis());
            case AccountEvent.DeletionRequested e -> json.put("name", e.name()).put("atMillis", e.atMillis());
            case AccountEvent.DeletionRefused e -> json.put("name", e.name()).put("atMillis", e.atMillis());
            case AccountEvent.Gone e -> json.put("name", e.name()).put("atMillis", e.atMillis());
            case AccountEvent.EpochRaised e -> json.put("epoch", e.epoch());
        }
    }

    static void write(ObjectNode json, AccountBookState state) {
        json.put("epoch", state.epoch()).put("version", state.version()).put("completeSince", state.completeSince());
        ArrayNode accounts = json.putArray("accounts");
        state.accounts().values().forEach(account -> accounts.addObject().put("name", account.name())
                .put("createdAtMillis", account.createdAtMillis()).put("phase", account.phase().name())
                .put("key1", account.key1().base64()).put("key2", account.key2().base64())
                .put("changedAtVersion", account.changedAtVersion()));
    }

    static DurableRecord read(String manifest, ObjectNode json) {
        return switch (manifest) {
            case "account-created/1" -> new AccountEvent.Created(
                    DurableFormat.text(json, "name"), key(json, "key1"), key(json, "key2"), DurableFormat.number(json, "atMillis"));
            case "account-key-rolled/1" -> new AccountEvent.KeyRolled(
                    DurableFormat.text(json, "name"), (int) DurableFormat.number(json, "number"), key(json, "key"),
                    DurableFormat.number(json, "atMillis"));
            case "account-deletion-requested/1" ->
                    new AccountEvent.DeletionRequested(DurableFormat.text(json, "name"), DurableFormat.number(json, "atMillis"));
            case "account-deletion-refused/1" ->
                    new AccountEvent.DeletionRefused(DurableFormat.text(json, "name"), DurableFormat.number(json, "atMillis"));
            case "account-gone/1" -> new AccountEvent.Gone(DurableFormat.text(json, "name"), DurableFormat.number(json, "atMillis"));
            case "account-epoch-raised/1" -> new AccountEvent.EpochRaised(DurableFormat.number(json, "epoch"));
            case "accounts/1" -> book(json);
            default -> throw DurableFormat.unknown(manifest);
        };
    }

    private static AccountBookState book(ObjectNode json) {
        TreeMap<String, Account> accounts = new TreeMap<>();
        DurableFormat.field(json, "accounts").forEach(account -> accounts.put(DurableFormat.text(account, "name"), new Account(
                DurableFormat.text(account, "name"), DurableFormat.number(account, "createdAtMillis"),
                Account.Phase.valueOf(DurableFormat.text(account, "phase")), key(account, "key1"), key(account, "key2"),
                DurableFormat.number(account, "changedAtVersion"))));
        return new AccountBookState(
                DurableFormat.number(json, "epoch"), DurableFormat.number(json, "version"), DurableFormat.number(json, "completeSince"), accounts);
    }

    private static AccountKey key(JsonNode json, String name) {
        return new AccountKey(DurableFormat.text(json, name));
    }

    private AccountFormat() {}
}
