package io.lazuli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.fabric.account.AccountReply.Listed;
import io.lazuli.fabric.account.AccountService;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose names are missing, their bytes are garbage: nobody's are who has rows. */
class AccountNamesTest {

    @TempDir
    Path root;

    @Test
    void anAccountThatIsConfiguredNoMoreIsStillNamed() throws Exception {
        assertEquals(Set.of("devstoreaccount1"), names(Set.of("devstoreaccount1")));
        assertEquals(Set.of("devstoreaccount1", "example"), names(Set.of("example")));
        assertEquals(Set.of("devstoreaccount1", "example"), names(Set.of()));
    }

    private Set<String> names(Set<String> configured) throws Exception {
        AccountService none = (AccountService) Proxy.newProxyInstance(
                AccountService.class.getClassLoader(), new Class<?>[] {AccountService.class},
                (proxy, method, args) -> CompletableFuture.completedStage(new Listed(List.of(), Optional.empty())));
        try (NodeDirectory directory = NodeDirectory.open(root, Optional.empty())) {
            return new AccountNames(configured, directory, none).all().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }
}
