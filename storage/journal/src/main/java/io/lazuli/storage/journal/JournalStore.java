package io.lazuli.storage.journal;

import io.lazuli.storage.store.RowStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/**
 * Where the journal and snapshot plug-ins, which Pekko creates by class name, find the store: whoever starts the node
 * {@linkplain #provide provides} it once. What comes before waits, for a bounded time. It also holds what the two plug-ins
 * share: who may write each persistence id. Nothing here survives a crash, and nothing needs to.
 */
public final class JournalStore implements Extension {

    private static final Id ID = new Id();

    private final JournalSettings settings;
    private final CompletableFuture<RowStore> provided = new CompletableFuture<>();
    private final Writers writers;

    private JournalStore(ActorSystem<?> system) {
        settings = JournalSettings.of(system.settings().config());
        writers = new Writers(this::rowStore, system.executionContext(), settings.maxWriters());
    }

    public static JournalStore get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /** @throws IllegalStateException if another store was provided before */
    public void provide(RowStore rowStore) {
        if (!provided.complete(rowStore) && provided.join() != rowStore) {
            throw new IllegalStateException("the journal has its store already");
        }
    }

    CompletionStage<RowStore> rowStore() {
        if (provided.isDone()) {
            return provided;
        }
        return provided.copy().orTimeout(settings.storeWaitMillis(), TimeUnit.MILLISECONDS).exceptionallyCompose(
                e -> CompletableFuture.failedFuture(new IllegalStateException(
                        "no store was provided to the journal within " + settings.storeWaitMillis() + " ms")));
    }

    JournalSettings settings() {
        return settings;
    }

    Writers writers() {
        return writers;
    }

    private static final class Id extends ExtensionId<JournalStore> {

        @Override
        public JournalStore createExtension(ActorSystem<?> system) {
            return new JournalStore(system);
        }
    }
}
