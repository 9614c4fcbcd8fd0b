package io.lazuli.storage.protocol.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Clock;
import io.lazuli.security.ConfiguredAccounts;
import io.lazuli.security.ConnectionString;
import io.lazuli.storage.protocol.conformance.TableFuzz;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The short form of {@link TableFuzz}, against the front end and a table service in memory. */
class TableFuzzTest {

    private static final int REQUESTS = 3000;

    @Test
    void mutatedRequestsAreAnsweredAndChangeNothingElse() throws Exception {
        long seed = Long.getLong("lazuli.fuzz.seed", System.nanoTime());
        System.out.println("seed " + seed);
        try (FakeTableServer server = new FakeTableServer(0, Clock.system(), Integer.MAX_VALUE)) {
            TableFuzz fuzz = new TableFuzz(
                    ConnectionString.endpoint(ConfiguredAccounts.DEVELOPMENT_ACCOUNT, "127.0.0.1", server.port()), ConfiguredAccounts.DEVELOPMENT_KEY, seed);
            assertEquals(List.of(), fuzz.run(REQUESTS, done -> {}), () -> "seed " + seed);
            assertTrue(fuzz.statuses().getOrDefault(200, 0) > REQUESTS / 20, () -> "too few are valid: " + fuzz.statuses());
            assertTrue(fuzz.statuses().getOrDefault(400, 0) > REQUESTS / 20, () -> "too few are invalid: " + fuzz.statuses());
        }
    }
}
