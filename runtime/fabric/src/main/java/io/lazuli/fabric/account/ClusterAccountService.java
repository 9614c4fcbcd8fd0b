package io.lazuli.fabric.account;

import io.lazuli.fabric.FabricAsking;
import io.lazuli.fabric.FabricException;
import io.lazuli.fabric.account.AccountReply.Changed;
import io.lazuli.fabric.account.AccountReply.Found;
import io.lazuli.fabric.account.AccountReply.Listed;
import io.lazuli.fabric.account.AccountReply.Refused;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;

/** The accounts as one node offers them: makes keys and asks the keeper, again while it moves to another node. Keeps nothing. */
final class ClusterAccountService implements AccountService {

    private final FabricAsking asking;
    private final AccountSettings settings;
    private final ActorRef<AccountKeeper.Command> keeper;
    private final RandomGenerator random;

    ClusterAccountService(
            FabricAsking asking, AccountSettings settings, ActorRef<AccountKeeper.Command> keeper, RandomGenerator random) {
        this.asking = asking;
        this.settings = settings;
        this.keeper = keeper;
        this.random = random;
    }

    @Override
    public CompletionStage<Listed> list(String fromName, int maxAccounts) {
        return ask(Listed.class, settings.askTimeout(), replyTo -> new AccountKeeper.ListAccounts(fromName, maxAccounts, replyTo));
    }

    @Override
    public CompletionStage<Account> get(String name) {
        return ask(Found.class, settings.askTimeout(), replyTo -> new AccountKeeper.Get(name, replyTo)).thenApply(Found::account);
    }

    @Override
    public CompletionStage<Changed> create(String name) {
        return change(new AccountRequest.Create(name, AccountKey.random(random), AccountKey.random(random)));
    }

    @Override
    public CompletionStage<Changed> rollKey(String name, int number) {
        return change(new AccountRequest.RollKey(name, number, AccountKey.random(random)));
    }

    @Override
    public CompletionStage<Changed> delete(String name) {
        return change(new AccountRequest.Delete(name));
    }

    private CompletionStage<Changed> change(AccountRequest request) {
        return ask(Changed.class, settings.confirmTimeout().plus(settings.askTimeout()), replyTo -> new AccountKeeper.Change(request, replyTo));
    }

    private <T extends AccountReply> CompletionStage<T> ask(
            Class<T> wanted, Duration timeout, Function<ActorRef<AccountReply>, AccountKeeper.Command> question) {
        long deadline = asking.deadlineNanos();
        return FabricAsking.answering(() -> asking.again(deadline, () -> asking.ask(keeper, question, timeout).thenApply(reply -> {
            if (reply instanceof Refused refused) {
                throw new FabricException(refused.code(), refused.message());
            }
            return wanted.cast(reply);
        })));
    }
}
