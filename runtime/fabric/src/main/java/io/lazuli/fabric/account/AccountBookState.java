package io.lazuli.fabric.account;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.account.Account.Phase;
import io.lazuli.fabric.account.AccountEvent.Created;
import io.lazuli.fabric.account.AccountEvent.DeletionRefused;
import io.lazuli.fabric.account.AccountEvent.DeletionRequested;
import io.lazuli.fabric.account.AccountEvent.EpochRaised;
import io.lazuli.fabric.account.AccountEvent.Gone;
import io.lazuli.fabric.account.AccountEvent.KeyRolled;
import io.lazuli.fabric.account.AccountReply.Refused;
import io.lazuli.fabric.durable.DurableRecord;
import io.lazuli.security.AccountName;
import io.lazuli.security.ConfiguredAccounts;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The cloud's accounts, and every decision about them. Each change makes the next version, and an account bears the version
 * of its last change, so that whoever has the accounts of some version can be told what is new since.
 *
 * @param epoch how often a keeper has started
 * @param completeSince what vanished before this version is not told any more: who knows less starts at nothing
 * @param accounts by name
 */
public record AccountBookState(long epoch, long version, long completeSince, SortedMap<String, Account> accounts) implements DurableRecord {

    public AccountBookState {
        accounts = Collections.unmodifiableSortedMap(new TreeMap<>(accounts));
    }

    /** What follows from a request: at most one of both. */
    public record Decision(Optional<AccountEvent> event, Optional<Refused> refusal) {

        static Decision persist(AccountEvent event) {
            return new Decision(Optional.of(event), Optional.empty());
        }

        static Decision nothing() {
            return new Decision(Optional.empty(), Optional.empty());
        }

        static Decision refuse(FabricErrorCode code, String message) {
            return new Decision(Optional.empty(), Optional.of(new Refused(code, message)));
        }
    }

    public static AccountBookState empty() {
        return new AccountBookState(0, 0, 0, new TreeMap<>());
    }

    public Decision decide(AccountRequest request, int maxAccounts, long nowMillis) {
        Account account = accounts.get(request.name());
        return switch (request) {
            case AccountRequest.Create create -> create(create, account, maxAccounts, nowMillis);
            case AccountRequest.RollKey roll -> roll(roll, account, nowMillis);
            case AccountRequest.Delete delete -> account == null ? notFound(delete.name())
                    : account.phase() == Phase.DELETING ? Decision.nothing()
                    : Decision.persist(new DeletionRequested(delete.name(), nowMillis));
        };
    }

    private Decision create(AccountRequest.Create create, Account account, int maxAccounts, long nowMillis) {
        String name = create.name();
        if (!AccountName.isValid(name)) {
            return Decision.refuse(FabricErrorCode.INVALID_NAME, "an account's name has 3 to 24 of a-z and 0-9");
        }
        if (name.equals(ConfiguredAccounts.DEVELOPMENT_ACCOUNT)) {
            return Decision.refuse(FabricErrorCode.INVALID_NAME, "'" + name + "' is the account that development mode has by itself");
        }
        if (account == null) {
            return accounts.size() < maxAccounts ? Decision.persist(new Created(name, create.key1(), create.key2(), nowMillis))
                    : Decision.refuse(FabricErrorCode.TOO_MANY_ACCOUNTS, "there are " + maxAccounts + " accounts already, which is the limit");
        }
        if (account.phase() == Phase.DELETING) {
            return Decision.refuse(FabricErrorCode.ACCOUNT_BEING_DELETED, "the data of account '" + name + "' are still being deleted");
        }
        boolean sameRequest = account.key1().equals(create.key1()) && account.key2().equals(create.key2());
        return sameRequest ? Decision.nothing()
                : Decision.refuse(FabricErrorCode.ACCOUNT_ALREADY_EXISTS, "an account named '" + name + "' exists");
    }

    private static Decision roll(AccountRequest.RollKey roll, Account account, long nowMillis) {
        if (account == null || account.phase() == Phase.DELETING) {
            return notFound(roll.name());
        }
        return account.key(roll.number()).equals(roll.key()) ? Decision.nothing()
                : Decision.persist(new KeyRolled(roll.name(), roll.number(), roll.key(), nowMillis));
    }

    static Decision notFound(String name) {
        return Decision.refuse(FabricErrorCode.ACCOUNT_NOT_FOUND, "there is no account named '" + name + "'");
    }

    public AccountBookState apply(AccountEvent event) {
        long next = version + 1;
        TreeMap<String, Account> changed = new TreeMap<>(accounts);
        return switch (event) {
            case EpochRaised raised -> new AccountBookState(raised.epoch(), version, completeSince, accounts);
            case Created created -> {
                changed.put(created.name(),
                        new Account(created.name(), created.atMillis(), Phase.ACTIVE, created.key1(), created.key2(), next));
                yield new AccountBookState(epoch, next, completeSince, changed);
            }
            case KeyRolled rolled -> {
                changed.computeIfPresent(rolled.name(), (name, account) -> account.withKey(rolled.number(), rolled.key(), next));
                yield new AccountBookState(epoch, next, completeSince, changed);
            }
            case DeletionRequested deletion -> {
                changed.computeIfPresent(deletion.name(), (name, account) -> account.deleting(next));
                yield new AccountBookState(epoch, next, completeSince, changed);
            }
            case DeletionRefused refused -> {
                changed.computeIfPresent(refused.name(), (name, account) -> account.active(next));
                yield new AccountBookState(epoch, next, completeSince, changed);
            }
            case Gone gone -> {
                Account last = changed.remove(gone.name());
                long forgotten = last == null ? completeSince : Math.max(completeSince, last.changedAtVersion());
                yield new AccountBookState(epoch, next, forgotten, changed);
            }
        };
    }

    /** What one who knows this much must hear next; at most {@code maxAccounts} of them. */
    public AccountChanges since(AccountsKnown known, int maxAccounts) {
        long from = known.base() < completeSince ? 0 : known.position();
        List<Account> newer = from >= version ? List.of() : accounts.values().stream()
                .filter(account -> account.changedAtVersion() > from)
                .sorted(Comparator.comparingLong(Account::changedAtVersion))
                .limit(maxAccounts + 1L)
                .toList();
        if (newer.size() <= maxAccounts) {
            return new AccountChanges(from, version, version, newer);
        }
        List<Account> page = newer.subList(0, maxAccounts);
        return new AccountChanges(from, page.getLast().changedAtVersion(), version, page);
    }
}
