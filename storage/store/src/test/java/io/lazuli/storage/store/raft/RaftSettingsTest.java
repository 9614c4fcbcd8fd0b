package io.lazuli.storage.store.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.SettingsException;
import io.lazuli.storage.store.StoreLimits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;

class RaftSettingsTest {

    @Test
    void defaultsHoldTheLargestBatchOfTheStore() {
        RaftSettings settings = RaftCluster.settings(0, "");
        assertEquals(1_000, settings.electionTimeoutMillis());
        assertTrue(settings.maxEntryBytes() > StoreLimits.MAX_BATCH_BYTES);
        assertTrue(RaftCluster.settings(0, "max-frame = 16 MiB, max-append = 8 MiB").maxEntryBytes() > StoreLimits.MAX_BATCH_BYTES);
    }

    @ParameterizedTest
    @CsvSource({
        "ring-buffer-entries, 1000",
        "election-timeout, 10ms",
        "max-frame, 1 GiB",
        "max-append, 1 byte",
        "log-storage.memtables, many",
    })
    void aWrongValueIsRefusedByItsFullName(String key, String value) {
        SettingsException refused = assertThrows(SettingsException.class, () -> RaftCluster.settings(0, key + " = " + value));
        assertTrue(refused.getMessage().contains("lazuli.store.raft." + key), refused.getMessage());
    }
}
